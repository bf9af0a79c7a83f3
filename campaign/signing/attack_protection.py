"""Attack protection of a statement: raised by hand or by an unusual flow of forms, lowered automatically.

Nothing is written or counted while people sign: the worker counts the submissions of the last minute, whose
time follows from their expiry, or, at high safety, from the minute that is kept for this, and compares them
with the hour before. Nobody is turned away: a form without
a proof of work is reviewed by a person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from flask import Flask
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from campaign.accounts.audit import record, record_for
from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import EXPIRES_AFTER, HeldFor, Submission
from campaign.signing import proof_of_work
from campaign.signing.audit_actions import SigningAction
from campaign.signing.models import Protection, ProtectionLevel
from campaign.signing.proof_of_work import Proof
from campaign.statements.models import Statement

EVERY_SECONDS = 5.0
LASTS = dt.timedelta(hours=1)
# The factor over an average minute of the hour before from which the flow is unusual.
TIMES = 10
_STRONGER_AFTER = dt.timedelta(minutes=10)
_MINUTE, _HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def protect(
    session: Session,
    statement_id: int,
    level: ProtectionLevel,
    lasts: dt.timedelta = LASTS,
    *,
    by_hand: bool = True,
) -> None:
    """Set the level until `lasts` from now; OFF lowers it at once.

    The statement's pages are rendered anew.
    """
    slug = session.scalars(
        update(Statement)
        .where(Statement.id == statement_id)
        .values(version=Statement.version + 1)
        .returning(Statement.slug)
    ).one()
    session.execute(delete(Protection).where(Protection.statement_id == statement_id))

    if level is not ProtectionLevel.OFF:
        now = clock.now()
        session.add(
            Protection(statement_id=statement_id, level=level, since=now, until=now + lasts, by_hand=by_hand)
        )

    session.flush()
    if by_hand:
        record(session, SigningAction.PROTECTION_CHANGED, f"statement:{slug}", level=str(level))
    else:
        record_for(
            session, None, SigningAction.PROTECTION_CHANGED_BY_ITSELF, f"statement:{slug}", level=str(level)
        )


def hold_if_needed(
    session: Session, fields: SubmittedFields, level: ProtectionLevel, proof: Proof | None, *, trapped: bool
) -> SubmittedFields:
    """The fields, with the reason why the signature has to wait for review, if there is one.

    This spends the proof.
    """
    proven = level is ProtectionLevel.OFF or (proof is not None and proof_of_work.spend_proof(session, proof))
    if trapped:
        return replace(fields, held_for=HeldFor.TRAP)
    if not proven:
        return replace(fields, held_for=HeldFor.NO_PROOF)
    return replace(fields, held_for=HeldFor.ATTACK) if level is ProtectionLevel.QUARANTINE else fields


def watch_flow() -> bool:
    """Raise the level where the flow is unusual, and lower it where the protection is over.

    Always False: the next round comes soon.
    """
    if settings().unusual_flow:
        for statement_id in _unusual(settings().unusual_flow):
            _raise(statement_id)
    for statement_id in db.session.scalars(
        select(Protection.statement_id).where(Protection.until <= clock.now())
    ).all():
        with writing() as session:
            over = session.get(Protection, statement_id, with_for_update=True)
            if over is not None and over.until <= clock.now():
                protect(session, statement_id, ProtectionLevel.OFF, by_hand=False)
    return False


def _unusual(most: int) -> list[int]:
    sent_since = clock.now() - _MINUTE
    counted = (
        select(Submission.statement_id, func.count())
        .where(_sent_after(sent_since))
        .group_by(Submission.statement_id)
    )
    busy = db.session.execute(counted.having(func.count() >= most)).all()
    return [
        statement_id
        for statement_id, number in busy
        if _before(statement_id, sent_since, number) * TIMES < number * _HOUR / _MINUTE
    ]


def _sent_after(moment: dt.datetime) -> ColumnElement[bool]:
    """The condition that a form was sent after this moment: it follows from when it expires, or, at high
    safety, stands in the row to the minute.
    """
    minute = moment.replace(second=0, microsecond=0)
    return or_(
        Submission.received_at.is_not(None) & (Submission.received_at >= minute),
        Submission.received_at.is_(None) & (Submission.expires_at > moment + EXPIRES_AFTER),
    )


def _before(statement_id: int, until: dt.datetime, number: int) -> int:
    """The number of submissions in the hour before, counted only up to the number that decides."""
    hour = (
        Submission.statement_id == statement_id,
        _sent_after(until - _HOUR),
        ~_sent_after(until),
    )
    enough = int(number * _HOUR / _MINUTE / TIMES) + 1
    return (
        db.session.scalar(
            select(func.count()).select_from(select(Submission.id).where(*hour).limit(enough).subquery())
        )
        or 0
    )


def _raise(statement_id: int) -> None:
    """Ask for proofs of work; where they are asked for already and the flow goes on, hold everything for
    review. Never below the level that a person chose.
    """
    with writing() as session:
        held = session.get(Protection, statement_id, with_for_update=True)
        now = clock.now()
        if held is None or held.until <= now:
            protect(session, statement_id, ProtectionLevel.PROOF, by_hand=False)
        elif held.level == ProtectionLevel.PROOF and not held.by_hand and now - held.since > _STRONGER_AFTER:
            protect(session, statement_id, ProtectionLevel.QUARANTINE, by_hand=False)
        else:
            held.until = max(held.until, now + LASTS)


def init_app(app: Flask) -> None:
    """Register the job that watches the flow."""
    worker.register(app, "protection", EVERY_SECONDS, watch_flow)
