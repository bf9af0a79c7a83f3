"""Rows between two steps: compressed, sealed and stored in parts of a few hundred.

They are deleted when they are imported or a day has passed.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import changed_rows, writing
from campaign.core.ids import new_id
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.imports.models import Import, ImportedSignature, ImportPart, ImportStage
from campaign.sheets.cells import Cells

PART = 2_000
KEPT = dt.timedelta(days=1)
_SEALED, _ENTRIES, _PREPARED = "sealed", "entries", "prepared"
_OVER = (ImportStage.DONE, ImportStage.UNDONE)


def add_part(import_id: uuid.UUID, number: int, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Store some rows, in a transaction of its own: other writers wait for a few milliseconds only."""
    part_id, kept = new_id(), [[row, *Cells.of(cells).as_json()] for row, cells in rows]
    with writing() as session:
        session.add(
            ImportPart(id=part_id, import_id=import_id, number=number, sealed=_seal(kept, _SEALED, part_id))
        )


def replace_parts(session: Session, import_: Import, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Store these rows instead of all earlier ones."""
    session.execute(delete(ImportPart).where(ImportPart.import_id == import_.id))
    for number, start in enumerate(range(0, len(rows), PART)):
        part_id = new_id()
        kept = [[row, *Cells.of(cells).as_json()] for row, cells in rows[start : start + PART]]
        sealed = _seal(kept, _SEALED, part_id)
        session.add(ImportPart(id=part_id, import_id=import_.id, number=number, sealed=sealed))
    import_.rows = len(rows)


def parts(import_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids of the parts of an import, in their order."""
    return list(
        db.session.scalars(
            select(ImportPart.id).where(ImportPart.import_id == import_id).order_by(ImportPart.number)
        )
    )


def raw_rows(part_id: uuid.UUID) -> list[tuple[int, Cells]]:
    """The rows of a part as they came: (row, cells)."""
    return [(row, Cells.kept(*cells)) for row, *cells in _open(part_id, _SEALED)]


def entries(part_id: uuid.UUID) -> list[Any]:
    """The signatories of a part, as keep_entries() was given them."""
    return _open(part_id, _ENTRIES)


def prepared(session: Session, import_id: uuid.UUID) -> Iterator[list[Any]]:
    """The rows that keep_prepared() was given, part by part."""
    query = select(ImportPart.id).where(ImportPart.import_id == import_id).order_by(ImportPart.number)
    return (_open(part_id, _PREPARED, session) for part_id in session.scalars(query).all())


def keep_entries(session: Session, part_id: uuid.UUID, found: Sequence[Any]) -> None:
    """Store the signatories of a part."""
    session.get_one(ImportPart, part_id).entries = _seal(found, _ENTRIES, part_id)


def keep_prepared(session: Session, part_id: uuid.UUID, ready: Sequence[Any]) -> None:
    """Store the rows of a part that are ready to insert."""
    session.get_one(ImportPart, part_id).prepared = _seal(ready, _PREPARED, part_id)


def details_of(import_: Import) -> dict[str, Any]:
    """The details stored beside the rows until the import is over; empty then."""
    return vault().unseal_json(import_.sealed, "imports", "sealed", import_.id) if import_.sealed else {}


def keep_details(import_: Import, details: Mapping[str, Any]) -> None:
    """Replace the details stored beside the rows."""
    import_.sealed = vault().seal_json(dict(details), "imports", "sealed", import_.id)


def forget(session: Session, import_: Import) -> None:
    """Erase rows and details of an import that is over."""
    import_.sealed = None
    session.execute(delete(ImportPart).where(ImportPart.import_id == import_.id))


def _seal(rows: Sequence[Any], column: str, part_id: uuid.UUID) -> bytes:
    packed = zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)
    return vault().seal(packed, "import_parts", column, part_id)


def _open(part_id: uuid.UUID, column: str, session: Session | None = None) -> list[Any]:
    kept = (session or db.session).scalar(select(getattr(ImportPart, column)).where(ImportPart.id == part_id))
    return (
        cast(list[Any], json.loads(zlib.decompress(vault().unseal(kept, "import_parts", column, part_id))))
        if kept
        else []
    )


def purge_rows() -> int:
    """Delete imports that nobody carried out, a day after they came. Returns how many."""
    over = Import.created_at <= clock.now() - KEPT
    gone = delete(Import).where(over, Import.stage.not_in(_OVER))
    return changed_rows(db.session.execute(gone))


def purge_links() -> int:
    """Delete the links to imported signatures once the import can't be undone any more. Returns how many."""
    final = select(Import.id).where(Import.finished_at <= clock.now() - KEPT)
    gone = delete(ImportedSignature).where(ImportedSignature.import_id.in_(final))
    return changed_rows(db.session.execute(gone))
