"""One organisation, recognised without being named: keyed hashes under the statement's own key."""

from __future__ import annotations

from campaign.core.search import search_key
from campaign.core.vault import keyed_hash


def organisation_index(key: bytes, organisation_id: int) -> bytes:
    """What keeps an organisation from signing a statement twice, without naming it to who reads the disk."""
    return keyed_hash(key, "organisation", str(organisation_id))


def claimed_index(key: bytes, mailbox: bytes, name: str) -> bytes:
    """What holds the place of an organisation that waits for review: for this mailbox alone."""
    return keyed_hash(key, "claimed organisation", f"{mailbox.hex()} {search_key(name)}")
