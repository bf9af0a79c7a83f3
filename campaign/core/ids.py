"""Identifiers: the only place where they are made."""

import uuid


def new_id() -> uuid.UUID:
    """A random identifier (RFC 9562, version 4). Not version 7, which would tell the time of signing."""
    return uuid.uuid4()
