"""The leak check: make a backup, open it, and search it for everything that must not be readable without
keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

import pyrage
from sqlalchemy import select

from campaign.core.private_files import private_folder
from campaign.core.settings import settings
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.organisations.models import OrganisationName
from campaign.privacy import backups
from campaign.privacy.key_rotation import bound_to, places
from campaign.signatures.models import Signature
from campaign.statements.models import Addressee, Statement

_ADDRESS = re.compile(rb"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{3,190}")
_AROUND_AT = re.compile(rb"([A-Za-z0-9._%+\-]{1,64})@(?=([A-Za-z0-9.\-]{3,190}))")
_LONGEST_ADDRESS = 64 + 1 + 190
_WINDOW = 4 << 20
_NAME = re.compile(rb'"(?:name|organisation_name|person)":"((?:[^"\\]|\\.){5,200})"')


@dataclass(frozen=True, slots=True)
class LeakFindings:
    """The numbers of addresses, names and keys searched for, and of those readable in the backup:
    encrypted, opened.
    """

    addresses: int
    names: int
    keys: int
    in_encrypted: int
    in_opened: int

    @property
    def passed(self) -> bool:
        """True when nothing was readable."""
        return not self.in_encrypted and not self.in_opened


def check_for_leaks() -> LeakFindings:
    """Make a backup for a key that nobody keeps, and search it. Nothing of it is left afterwards."""
    addresses, names = _hidden()
    keys = {
        key.encode()
        for key in (*settings().vault_keys, *settings().secret_keys, settings().mail_password)
        if key
    }
    identity = pyrage.x25519.Identity.generate()
    with private_folder() as folder:
        file = folder / "drill.age"
        backups.make(file, [identity.to_public()])
        with file.open("rb") as encrypted:
            in_encrypted = _readable(encrypted, addresses, names | keys)
        with backups.opened(file, [identity]) as plain:
            in_opened = _readable(plain, addresses, names | keys)

    return LeakFindings(len(addresses), len(names), len(keys), in_encrypted, in_opened)


def _hidden() -> tuple[set[bytes], set[bytes]]:
    """Addresses and names that are in the database sealed, and nowhere openly."""
    addresses: set[bytes] = set()
    names: set[bytes] = set()
    for plain in _sealed_values():
        addresses.update(found.lower() for found in _ADDRESS.findall(plain))
        names.update(_NAME.findall(plain))

    columns: tuple[Any, ...] = (
        Statement.press_email,
        Statement.press_name,
        Addressee.email,
    )
    # A name that waits or is hidden may be in the registry, or be that of somebody else who is listed.
    shown: tuple[Any, ...] = (Signature.name, Signature.organisation_name, OrganisationName.name)
    openly = {
        value.encode()
        for column in (*columns, *shown)
        for value in db.session.scalars(select(column).where(column.is_not(None)))
    }

    return addresses - {value.lower() for value in openly}, {
        name for name in names if not any(name in value for value in openly)
    }


def _sealed_values() -> Iterable[bytes]:
    for place in places():
        for row_id, sealed in db.session.execute(
            select(place.id_column, place.column)
            .where(place.column.is_not(None))
            .execution_options(yield_per=500)
        ):
            try:
                yield vault().unseal(sealed, place.table.name, place.column.name, bound_to(row_id))
            except SealBroken:
                continue


def _readable(stream: IO[bytes], addresses: set[bytes], words: set[bytes]) -> int:
    """The number of addresses and words that can be read in a stream, which is never held as a whole."""
    overlap = max(_LONGEST_ADDRESS, *map(len, words)) if words else _LONGEST_ADDRESS
    read: set[bytes] = set()
    found: set[bytes] = set()
    end = b""
    while part := stream.read(_WINDOW):
        window = end + part
        read |= _read(window, addresses)
        found |= {word for word in words - found if word in window}
        end = window[-overlap:]
    return len(read) + len(found)


def _read(content: bytes, addresses: set[bytes]) -> set[bytes]:
    """The addresses found in a file.

    In a database file a letter of the next column may follow at once, so each end is tried.
    """
    domains, read = {address.partition(b"@")[2] for address in addresses}, set()
    for found in _AROUND_AT.finditer(content):
        local, after = found[1].lower(), found[2].lower()
        for domain in {after[:end] for end in range(1, len(after) + 1)} & domains:
            read |= {local[start:] + b"@" + domain for start in range(len(local))} & addresses
    return read
