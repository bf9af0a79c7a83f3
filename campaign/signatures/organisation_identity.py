"""Organisation identity: keyed hashes under the statement's own key, which recognise an organisation without
naming it.
"""

from __future__ import annotations

from campaign.core.hashed_names import name_for_hash
from campaign.core.vault import keyed_hash


def organisation_index(key: bytes, organisation_id: int) -> bytes:
    """The keyed hash that keeps an organisation from signing a statement twice, without naming it to anyone
    who reads the disk.
    """
    return keyed_hash(key, "organisation", str(organisation_id))


def claimed_index(key: bytes, holder: bytes, name: str) -> bytes:
    """The keyed hash that holds the place of an organisation waiting for review, for its holder alone: a
    mailbox, or, at high safety, this one signature.
    """
    return keyed_hash(key, "claimed organisation", f"{holder.hex()} {name_for_hash(name)}")
