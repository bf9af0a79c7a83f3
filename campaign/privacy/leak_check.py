"""The leak check: make a backup, open it, and search it for everything that must not be readable without
keys.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
from sqlalchemy import select

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
    with backups.private_folder() as folder:
        file = folder / "drill.age"
        backups.make(file, [identity.to_public()])
        with backups.opened(file, [identity], folder):
            pass
        found = [_readable(path, addresses, names | keys) for path in (file, folder / "opened.tar")]

    return LeakFindings(len(addresses), len(names), len(keys), *found)


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


def _readable(path: Path, addresses: set[bytes], words: set[bytes]) -> int:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return len(_read(content, addresses)) + sum(content.find(word) >= 0 for word in words)


def _read(content: mmap.mmap, addresses: set[bytes]) -> set[bytes]:
    """The addresses found in a file.

    In a database file a letter of the next column may follow at once, so each end is tried.
    """
    domains, read = {address.partition(b"@")[2] for address in addresses}, set()
    for found in _AROUND_AT.finditer(content):
        local, after = found[1].lower(), found[2].lower()
        for domain in {after[:end] for end in range(1, len(after) + 1)} & domains:
            read |= {local[start:] + b"@" + domain for start in range(len(local))} & addresses
    return read
