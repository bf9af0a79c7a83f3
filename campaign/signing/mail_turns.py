"""Mails of submissions that wait: those of a statement under attack go out in turn, at a rate that the mail
server bears, and those of flagged forms once a person of the team has decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_by_day
from campaign.core import clock, worker
from campaign.core.database import changed_rows, writing
from campaign.core.rate import Rate
from campaign.core.remembered import Remembered
from campaign.core.settings import settings
from campaign.core.vault import SealBroken
from campaign.extensions import db
from campaign.signatures.models import MailWait, Submission
from campaign.signatures.queries import typed_fields
from campaign.signing.audit_actions import SigningAction
from campaign.signing.submissions import SubmissionTarget, code_index, new_code, promise_mail
from campaign.statements.errors import KeyDestroyed
from campaign.statements.models import Statement
from campaign.statements.queries import statement_key

EVERY_SECONDS = 2.0
_RATE = Rate("confirmations", burst=10.0)
_LAST: Remembered[str, int] = Remembered("statement that had the last turn", seconds=None)


@dataclass(frozen=True, slots=True)
class WaitingMails:
    """The numbers of forms of a statement whose mails wait for their turn, and for a decision."""

    queued: int = 0
    held: int = 0


def send_in_turn() -> bool:
    """Promise as many waiting mails as the rate allows, of all statements alike, the oldest first."""
    statements = _with_queue()
    room = _RATE.room(settings().attack_mails_per_minute) if statements else 0
    for number, statement_id in enumerate(statements):
        if not room:
            break
        room -= _promise(statement_id, -(-room // (len(statements) - number)))
        _LAST.put("served", statement_id)
    return False


def waiting_mails(statements: Sequence[int] | None = None) -> dict[int, WaitingMails]:
    """The numbers of waiting mails by statement (None: of all), without statements that have none."""
    counted = (
        select(Submission.statement_id, Submission.mail_waits, func.count())
        .where(Submission.mail_waits.is_not(None), Submission.expires_at > clock.now())
        .group_by(Submission.statement_id, Submission.mail_waits)
    )
    if statements is not None:
        counted = counted.where(Submission.statement_id.in_(statements))
    found: dict[int, dict[str, int]] = {}
    for statement_id, waits, number in db.session.execute(counted):
        found.setdefault(statement_id, {})[str(waits)] = number
    return {
        statement_id: WaitingMails(numbers.get("queued", 0), numbers.get("held", 0))
        for statement_id, numbers in found.items()
    }


def let_go(session: Session, statement: Statement) -> int:
    """Send the mails of flagged forms, in turn. Their signatures are looked at all the same. Returns how
    many.
    """
    held = update(Submission).where(*_held(statement.id)).values(mail_waits=MailWait.QUEUED)
    number = changed_rows(session.execute(held))
    record_by_day(session, SigningAction.HELD_MAILS_SENT, f"statement:{statement.slug}", number=number)
    return number


def discard(session: Session, statement: Statement) -> int:
    """Delete flagged forms without a mail. Returns how many."""
    gone = changed_rows(session.execute(delete(Submission).where(*_held(statement.id))))
    record_by_day(session, SigningAction.HELD_FORMS_DELETED, f"statement:{statement.slug}", number=gone)
    return gone


def _held(statement_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Submission.statement_id == statement_id, Submission.mail_waits == MailWait.HELD)


def _with_queue() -> list[int]:
    """The statements with mails that wait, from the one after the last that had a turn: a round has room for
    few of them, and no statement is to wait for the queues of others to end.
    """
    queued = Submission.mail_waits == MailWait.QUEUED
    found = sorted(db.session.scalars(select(Submission.statement_id).where(queued).distinct()))
    last = _LAST.get("served") or 0
    return [each for each in found if each > last] + [each for each in found if each <= last]


def _promise(statement_id: int, most: int) -> int:
    """Promise the oldest mails of one statement. Returns how many rows were taken."""
    oldest = (
        select(Submission)
        .where(Submission.statement_id == statement_id, Submission.mail_waits == MailWait.QUEUED)
        # At high safety all forms of a day expire together.
        .order_by(Submission.expires_at, Submission.received_at)
        .limit(most)
    )
    with writing() as session:
        rows = session.scalars(oldest.with_for_update(skip_locked=True)).all()
        for row in rows:
            _promise_one(session, row)
    return len(rows)


def _promise_one(session: Session, row: Submission) -> None:
    try:
        fields = typed_fields(row)
        key = statement_key(session, row.statement_id)
    except (SealBroken, KeyDestroyed):
        fields = None
    if fields is None or row.expires_at <= clock.now():
        session.delete(row)
        return
    # A code of high safety is of the day on which its mail is written.
    code = new_code(session, row.id, guarded=fields.guarded)
    row.mail_waits, row.code_index = None, code_index(code.digits)
    row.expires_at = code.expires_at if fields.guarded else _as_if_earlier(code.expires_at)
    session.flush()
    place = SubmissionTarget(row.statement_id, row.revision_id, key, settings().link_url)
    promise_mail(session, place, fields, row.language, code)


def _as_if_earlier(expires_at: dt.datetime) -> dt.datetime:
    """The expiry to a full hour, and so that attack protection, which tells by it when a form came, counts it
    neither in the last minute nor in the hour before.
    """
    return expires_at.replace(minute=0, second=0, microsecond=0) - dt.timedelta(hours=2)


def init_app(app: Flask) -> None:
    """Register the job that sends what waits for its turn."""
    worker.register(app, "turns", EVERY_SECONDS, send_in_turn)
