"""Tombstones of withdrawn signatures: random ids in a table, and in a journal that a restored backup can't
roll back.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from campaign.core.database import as_stored, insert_rows
from campaign.core.settings import settings
from campaign.signatures.models import Tombstone

_AT_ONCE = 1_000
_KEY = "key:"
_TOMBSTONES = cast(Table, Tombstone.__table__)


def bury(session: Session, signatures: Iterable[uuid.UUID]) -> int:
    """Record that these signatures are withdrawn for good; none may have a tombstone yet. Returns their
    number.

    The journal is written and fsynced before the transaction ends: if the commit fails, a restore withdraws
    what its signer wanted withdrawn; the other order could bring back a signature that they were told is
    gone.
    """
    as_id, count = as_stored(_TOMBSTONES, "signature_id"), 0
    with _appending() as file:
        rest = iter(signatures)
        while some := list(islice(rest, _AT_ONCE)):
            file.write("".join(f"{signature}\n" for signature in some).encode())
            insert_rows(session, _TOMBSTONES, ("signature_id",), [(as_id(signature),) for signature in some])
            count += len(some)
    return count


def bury_key(statement_id: int) -> None:
    """Record that the key of a statement is destroyed, so that no restored backup brings it back."""
    with _appending() as file:
        file.write(f"{_KEY}{statement_id}\n".encode())


def journal() -> list[uuid.UUID]:
    """All ids in the journal, oldest first. A last line truncated by a crash is skipped."""
    path = settings().tombstones_path
    lines = path.read_text().splitlines() if path.exists() else []
    return [uuid.UUID(line) for line in lines if len(line) == 36]


def destroyed_keys() -> list[int]:
    """The ids of the statements in the journal whose keys were destroyed, oldest first."""
    path = settings().tombstones_path
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        int(line.removeprefix(_KEY))
        for line in lines
        if line.startswith(_KEY) and line.removeprefix(_KEY).isdecimal()
    ]


@contextmanager
def _appending() -> Generator[BinaryIO]:
    """The journal, open for appending; fsynced on exit."""
    path = settings().tombstones_path
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
