"""Undoing an import within a day: its signatures leave the list, except those that their signers have
taken over.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import clock
from campaign.extensions import db
from campaign.imports.audit_actions import ImportAction
from campaign.imports.errors import UndoOver
from campaign.imports.models import Import, ImportedSignature, ImportStage
from campaign.organisations.operations import remove_unused, with_more_than_a_name
from campaign.signatories.queries import SignatoryLine, line_of
from campaign.signatures.bulk_insert import still_as_brought, withdraw_imported
from campaign.signatures.models import SignatoryKind, Signature
from campaign.statements.models import Statement

UNDOABLE = dt.timedelta(days=1)


def import_can_be_undone(import_: Import) -> bool:
    """True for a day after it was imported."""
    return (
        import_.stage == ImportStage.DONE
        and import_.finished_at is not None
        and import_.finished_at > clock.now() - UNDOABLE
    )


def would_leave(import_: Import) -> tuple[int, int, SignatoryLine | None]:
    """(people, organisations) that an undo would take off the list, and an example as the list shows it."""
    brought = still_as_brought(_ids(import_.id))
    counts = dict(
        db.session.execute(select(Signature.kind, func.count()).where(*brought).group_by(Signature.kind))
        .tuples()
        .all()
    )
    one = db.session.scalar(select(Signature.id).where(*brought).order_by(Signature.position).limit(1))
    return (
        counts.get(SignatoryKind.PERSON, 0),
        counts.get(SignatoryKind.ORGANISATION, 0),
        line_of(one) if one else None,
    )


def undo_import(session: Session, import_id: uuid.UUID) -> int:
    """Undo an import. Returns how many signatures were erased. Raises UndoOver."""
    import_ = session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if import_ is None or not import_can_be_undone(import_):
        raise UndoOver
    rows = withdraw_imported(session, _ids(import_id))
    entered = json.loads(import_.entered or "[]")
    remove_unused(session, set(entered) - with_more_than_a_name(session, entered))
    import_.entered = None
    import_.stage = ImportStage.UNDONE
    slug = session.get_one(Statement, import_.statement_id).slug
    record(session, ImportAction.UNDONE, f"statement:{slug}", rows=rows)
    return rows


def _ids(import_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(ImportedSignature.signature_id).where(ImportedSignature.import_id == import_id)
