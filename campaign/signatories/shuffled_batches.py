"""Shuffled batches, in which names are listed at high safety, so that neither numbers nor the places of rows
tell who signed when.

A name waits until the links of its day have ended, two days after the form: whoever reads a mailbox could
press the button of a link and see by the next batch whether it had been pressed before; so by then it makes
no difference. A batch is due at a full hour, one to two hours after the fifth name may be listed. The rest is
listed together once the list can't grow any more.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, Table, func, select, text
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import rewrite_rows, sweep
from campaign.signatories.models import SignatoryList
from campaign.signatures.models import Assent, Provenance, Signature, State
from campaign.signatures.queries import first_press_waiting
from campaign.statements.models import ENDED, Safety, Statement
from campaign.statements.queries import GRACE

SMALLEST = 5
# The days, by UTC, from the form to the end of its link (signing.models.GOOD_DAYS, a room above).
LINK_DAYS = 2
_HOUR = dt.timedelta(hours=1)
_UNFOLDED = text("NOT signatures.folded")
_ROWS = tuple(cast(Table, model.__table__) for model in (Signature, Assent))


def is_guarded(session: Session, statement_id: int) -> bool:
    """True for a statement of high safety."""
    return session.scalar(select(Statement.safety).where(Statement.id == statement_id)) == Safety.HIGH


def rests(session: Session, statement_id: int) -> bool:
    """True if all unfolded rows wait for a batch that is not yet due, so there is nothing to do."""
    if not is_guarded(session, statement_id):
        return False
    waiting, unfolded = _count(session, waiting_rows(statement_id)), _count(session, _unfolded(statement_id))
    if waiting < unfolded or _end(session, statement_id):
        return False
    due = session.scalar(select(SignatoryList.batch_due_at).where(SignatoryList.statement_id == statement_id))
    return due > clock.now() if due else _count(session, _ripe_rows(statement_id)) < SMALLEST


def is_released(session: Session, roll: SignatoryList) -> bool:
    """True if the waiting signatures are to be listed now, while the list can still grow.

    Otherwise sets, or clears, the hour at which they will be.
    """
    now = clock.now()
    if _count(session, _ripe_rows(roll.statement_id)) < SMALLEST:
        roll.batch_due_at = None
    elif roll.batch_due_at is None:
        # At a full hour, so that it does not reveal to the minute when the fifth one came.
        roll.batch_due_at = now.replace(minute=0, second=0, microsecond=0) + 2 * _HOUR
    elif roll.batch_due_at <= now and not _is_pressed_before(session, _first_fresh_link()):
        roll.batch_due_at = None
        return True
    return False


def held_back(session: Session, roll: SignatoryList) -> Select[uuid.UUID] | None:
    """The waiting signatures that this round must not list; None if there are none."""
    waiting = waiting_rows(roll.statement_id)
    if end := _end(session, roll.statement_id):
        return waiting if _is_pressed_before(session, end) else None
    return waiting.where(Signature.confirmed_at >= _first_fresh()) if is_released(session, roll) else waiting


def shuffle(rows: list[Any]) -> None:
    """Put the rows into a random order, in place, so that it says nothing."""
    secrets.SystemRandom().shuffle(rows)


def rewrite(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Rewrite signatures and their assents in this order."""
    for table, column in zip(_ROWS, ("id", "signature_id"), strict=True):
        rewrite_rows(session, table, column, ids)


def sweep_places() -> None:
    """Free the places on disk in which the rows lay before."""
    sweep(*_ROWS)


def waiting_rows(statement_id: int) -> Select[uuid.UUID]:
    """The signatures given here that have no number yet.

    Invited and imported ones are listed at once, since others know when they signed.
    """
    signed_here = Signature.provenance == Provenance.WEB
    return _unfolded(statement_id).where(
        Signature.state == State.CONFIRMED, Signature.position.is_(None), signed_here
    )


def _ripe_rows(statement_id: int) -> Select[uuid.UUID]:
    """Those of the waiting signatures whose links have ended."""
    return waiting_rows(statement_id).where(Signature.confirmed_at < _first_fresh())


def _first_fresh() -> dt.datetime:
    """The first day of forms whose links are still good."""
    return dt.datetime.combine(clock.today() - dt.timedelta(days=LINK_DAYS - 1), dt.time(), dt.UTC)


def _unfolded(statement_id: int) -> Select[uuid.UUID]:
    return select(Signature.id).where(Signature.statement_id == statement_id, _UNFOLDED)


def _first_fresh_link() -> dt.datetime:
    """The moment at which the links of the names ended that may be listed now."""
    return _first_fresh() + dt.timedelta(days=LINK_DAYS - 1)


def _is_pressed_before(session: Session, moment: dt.datetime) -> bool:
    """True while a button that was pressed in time waits for the worker.

    Its name has to come with the others: if it came later, whoever pressed a signer's link last would learn
    that nobody had pressed it before.
    """
    pressed_at = first_press_waiting(session)
    return pressed_at is not None and pressed_at < moment


def _end(session: Session, statement_id: int) -> dt.datetime | None:
    """The moment from which no submission could be confirmed any more; None if it is yet to come."""
    status, closed_at = session.execute(
        select(Statement.status, Statement.closed_at).where(Statement.id == statement_id)
    ).one()
    if status not in ENDED or closed_at is None or closed_at + GRACE > clock.now():
        return None
    return closed_at + GRACE


def _count(session: Session, query: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
