"""Destroying a statement's key: afterwards not even with all the data can anyone test whether an address
signed.

See docs/decisions/0020.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_for
from campaign.core import clock, worker
from campaign.core.database import sweep, writing
from campaign.extensions import db
from campaign.privacy.audit_actions import PrivacyAction
from campaign.privacy.models import WAITS, BackupNote
from campaign.signatures.tombstones import bury_key
from campaign.statements.models import ENDED, Safety, Statement, StatementKey
from campaign.statements.queries import GRACE

EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """The stage of a statement's key.

    `due_at`: None while open or at standard safety. `gone_on`: the day from which no backup made so far holds
    it; None while there is no `due_at`.
    """

    due_at: dt.datetime | None
    destroyed_at: dt.datetime | None
    gone_on: dt.date | None


def standing_of(session: Session, statement: Statement) -> KeyStanding:
    """The times at which a statement's key is or was destroyed, and at which the last backup with it ends."""
    key = session.get(StatementKey, statement.id)
    destroyed_at = key.destroyed_at if key else None
    due_at = _due_at(statement)
    ends_at = destroyed_at or due_at
    return KeyStanding(due_at, destroyed_at, _gone_on(session, ends_at) if ends_at else None)


def destroy(session: Session, statement: Statement) -> None:
    """Destroy the key of a statement for good. Doing it twice is no error.

    It is in the journal before it is in the database, as with withdrawals.
    """
    key = session.get_one(StatementKey, statement.id, with_for_update=True)
    if key.sealed is None:
        return
    bury_key(statement.id)
    key.sealed, key.destroyed_at = None, clock.now()
    statement.version += 1
    session.flush()
    record_for(session, None, PrivacyAction.KEY_DESTROYED, f"statement:{statement.slug}")


def destroy_what_is_due() -> bool:
    """Destroy the keys that are due. For the worker; False: nothing more is waiting."""
    closed = select(Statement.id).join(StatementKey, StatementKey.statement_id == Statement.id)
    closed = closed.where(
        Statement.safety == Safety.HIGH, Statement.status.in_(ENDED), StatementKey.sealed.is_not(None)
    )
    done = False
    for statement_id in db.session.scalars(closed).all():
        with writing() as session:
            statement = session.get_one(Statement, statement_id, with_for_update=True)
            due = _due_at(statement)
            if due is not None and due <= clock.now():
                destroy(session, statement)
                done = True

    if done:
        sweep(StatementKey.__table__)  # type: ignore[arg-type]

    return False


def _due_at(statement: Statement) -> dt.datetime | None:
    if statement.safety != Safety.HIGH or statement.status not in ENDED or statement.closed_at is None:
        return None
    return statement.closed_at + GRACE + WAITS


def _gone_on(session: Session, destroyed_at: dt.datetime) -> dt.date:
    last = session.scalar(select(func.max(BackupNote.expires_on)).where(BackupNote.made_at <= destroyed_at))
    return max(last, destroyed_at.date()) if last else destroyed_at.date()


def init_app(app: Flask) -> None:
    """Register the destruction of keys with the worker."""
    worker.register(app, "destruction", EVERY_SECONDS, destroy_what_is_due)
