"""The life of a statement: draft, circulating, open, closed, handed over, archived.

Each step has one function, and the status changes nowhere else.
"""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.extensions import db
from campaign.statements.errors import NotFromHere
from campaign.statements.models import Statement, StatementKey, Status
from campaign.statements.operations import publish

# The states from which each state can be reached. `open` is reached by publishing (from an unseen state) or
# by reopening.
_FROM: dict[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.CIRCULATING,),
    Status.CIRCULATING: (Status.DRAFT,),
    Status.OPEN: (Status.CLOSED, Status.HANDED_OVER, Status.ARCHIVED),
    Status.CLOSED: (Status.OPEN,),
    Status.HANDED_OVER: (Status.CLOSED,),
    Status.ARCHIVED: (Status.CLOSED, Status.HANDED_OVER),
}


def may_become(status: Status, wanted: Status) -> bool:
    """True if a step leads from `status` to `wanted`."""
    return status in _FROM[wanted]


def circulate(session: Session, statement: Statement) -> None:
    """Circulate a draft before the public may see it. Raises NotFromHere."""
    _go(session, statement, Status.CIRCULATING)


def recall(session: Session, statement: Statement) -> None:
    """Make a circulating text a draft again. Raises NotFromHere."""
    _go(session, statement, Status.DRAFT)


def close(session: Session, statement: Statement, at: dt.datetime | None = None) -> None:
    """Close a statement to signatures. Raises NotFromHere."""
    statement.closed_at = at or clock.now()
    statement.contacts_from = statement.closed_at.date()
    _go(session, statement, Status.CLOSED)


def reopen(session: Session, statement: Statement) -> None:
    """Reopen a statement to signatures; a closing date that has passed is removed.

    Raises NotFromHere, also once the statement's key is destroyed.
    """
    if session.scalar(select(StatementKey.destroyed_at).where(StatementKey.statement_id == statement.id)):
        raise NotFromHere
    statement.closed_at = statement.contacts_from = None
    if statement.closes_at and statement.closes_at <= clock.now():
        statement.closes_at = None
    _go(session, statement, Status.OPEN)


def hand_over(session: Session, statement: Statement, day: dt.date) -> None:
    """Mark a closed statement as handed over to its addressee. An open or archived one keeps its status.
    Raises NotFromHere for an unseen one.

    The retention period for addresses of signers who asked for news begins with the last handover.
    """
    if statement.contacts_from:
        statement.contacts_from = max(statement.contacts_from, day)
    if statement.status not in (Status.OPEN, Status.HANDED_OVER, Status.ARCHIVED):
        _go(session, statement, Status.HANDED_OVER)


def archive(session: Session, statement: Statement) -> None:
    """Archive a statement: organisations are shown with the names that they signed with.

    Raises NotFromHere.
    """
    _go(session, statement, Status.ARCHIVED)


def _go(session: Session, statement: Statement, wanted: Status) -> None:
    if not may_become(Status(statement.status), wanted):
        session.expire(statement)
        raise NotFromHere
    statement.status = wanted
    statement.version += 1
    session.flush()


def open_and_close_what_is_due() -> bool:
    """Publish the drafts whose opening time has come, and close the statements whose closing time has come.

    For the worker. Circulating texts are published together with their lists (circulation.jobs).
    """
    now = clock.now()
    opening = select(Statement.id).where(Statement.status == Status.DRAFT, Statement.opens_at <= now)
    closing = select(Statement.id).where(Statement.status == Status.OPEN, Statement.closes_at <= now)

    for statement_id in db.session.scalars(opening).all():
        with writing() as session:
            statement = session.get_one(Statement, statement_id, with_for_update=True)
            if statement.status == Status.DRAFT and statement.opens_at and statement.opens_at <= clock.now():
                publish(session, statement)

    for statement_id in db.session.scalars(closing).all():
        with writing() as session:
            statement = session.get_one(Statement, statement_id, with_for_update=True)
            if statement.status == Status.OPEN and statement.closes_at and statement.closes_at <= clock.now():
                close(session, statement, statement.closes_at)

    return False


def init_app(app: Flask) -> None:
    """Register the job that opens and closes statements."""
    worker.register(app, "closing", 5.0, open_and_close_what_is_due)
