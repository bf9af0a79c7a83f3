"""What makes "withdrawn" last: random ids in a table, and in a journal that a restored backup can't roll back."""

from __future__ import annotations

import os
import uuid
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from campaign.core.database import as_stored, insert_rows
from campaign.core.http import settings
from campaign.signing.models import Tombstone

_AT_ONCE = 1_000
_TOMBSTONES = cast(Table, Tombstone.__table__)


def bury(session: Session, *signatures: uuid.UUID) -> None:
    """Record that these signatures are withdrawn for good.

    The journal is written and fsynced before the transaction ends: should the commit fail, a restore withdraws what its
    signer wanted withdrawn; the other order could bring back what they were told is gone.
    """
    path = settings().tombstones_path
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
        file.write("".join(f"{signature}\n" for signature in signatures).encode())
        file.flush()
        os.fsync(file.fileno())
    if len(signatures) == 1:
        session.merge(Tombstone(signature_id=signatures[0]))
    else:
        as_id = as_stored(_TOMBSTONES, "signature_id")
        for start in range(0, len(signatures), _AT_ONCE):
            insert_rows(session, _TOMBSTONES, ("signature_id",), [(as_id(signature),) for signature in signatures[start : start + _AT_ONCE]])


def journal() -> list[uuid.UUID]:
    """All ids in the journal, oldest first. A last line cut by a crash is passed over."""
    path = settings().tombstones_path
    lines = path.read_text().splitlines() if path.exists() else []
    return [uuid.UUID(line) for line in lines if len(line) == 36]
