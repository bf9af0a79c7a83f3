"""Unsaved text of the editor: kept on the server while a member writes, so that a closed tab loses nothing.

One row per member and statement, or per member for a new one. It is sealed, only its writer gets it back, and
it is erased when the form is saved, or two weeks after the last change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import changed_rows
from campaign.core.ids import new_id
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.statements.models import UnsavedText

KEPT_DAYS = 14
# Of the form itself, not of what is written in it.
_NOT_TYPED = ("csrf_token", "word", "preview", "take", "take_word", "restore", "discard")


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What a member typed and did not save: the values by field, as a browser sends them."""

    saved_at: dt.datetime
    fields: Mapping[str, list[str]]


def typed_fields(form: Any) -> dict[str, list[str]]:
    """The fields that were sent, without those of the form itself."""
    return {name: form.getlist(name) for name in form if name not in _NOT_TYPED}


def keep(session: Session, member_id: int, statement_id: int | None, fields: Mapping[str, list[str]]) -> None:
    """Keep what a member has typed, in place of what was kept before. Flushes."""
    row = _row(session, member_id, statement_id)
    if row is None:
        row = UnsavedText(id=new_id(), member_id=member_id, statement_id=statement_id)
        session.add(row)
    row.sealed = vault().seal_json(dict(fields), "unsaved_texts", "sealed", row.id)
    row.saved_at = clock.now()
    session.flush()


def kept(member_id: int, statement_id: int | None) -> Unsaved | None:
    """What this member typed and did not save; None where there is nothing."""
    row = _row(db.session(), member_id, statement_id)
    if row is None:
        return None
    return Unsaved(row.saved_at, vault().unseal_json(row.sealed, "unsaved_texts", "sealed", row.id))


def forget(session: Session, member_id: int, statement_id: int | None) -> None:
    """Erase what a member typed and did not save. Doing it twice is no error."""
    session.execute(delete(UnsavedText).where(*_of(member_id, statement_id)))


def purge() -> int:
    """Erase what nobody has come back to. Returns how many."""
    over = UnsavedText.saved_at < clock.now() - dt.timedelta(days=KEPT_DAYS)
    gone = db.session.execute(delete(UnsavedText).where(over))
    return changed_rows(gone)


def _row(session: Session, member_id: int, statement_id: int | None) -> UnsavedText | None:
    return session.scalar(select(UnsavedText).where(*_of(member_id, statement_id)))


def _of(member_id: int, statement_id: int | None) -> tuple[Any, Any]:
    return UnsavedText.member_id == member_id, UnsavedText.statement_id.is_not_distinct_from(statement_id)
