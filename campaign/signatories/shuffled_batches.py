"""At high safety names come to the list in shuffled batches, so that neither numbers nor places of rows tell
who signed when.

A batch is due at a full hour, one to two hours after the fifth name waits. What waits when the list can't
grow any more comes together.
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
from campaign.statements.models import ENDED, Safety, Statement
from campaign.statements.queries import GRACE

SMALLEST = 5
_HOUR = dt.timedelta(hours=1)
_UNFOLDED = text("NOT signatures.folded")
_ROWS = tuple(cast(Table, model.__table__) for model in (Signature, Assent))


def is_guarded(session: Session, statement_id: int) -> bool:
    """True for a statement of high safety."""
    return session.scalar(select(Statement.safety).where(Statement.id == statement_id)) == Safety.HIGH


def rests(session: Session, statement_id: int) -> bool:
    """True where all that is unfolded waits for a batch whose time has not come: there is nothing to do."""
    if not is_guarded(session, statement_id):
        return False
    waiting, unfolded = _count(session, waiting_rows(statement_id)), _count(session, _unfolded(statement_id))
    if waiting < unfolded or _is_over(session, statement_id):
        return False
    due = session.scalar(select(SignatoryList.batch_due_at).where(SignatoryList.statement_id == statement_id))
    return due > clock.now() if due else waiting < SMALLEST


def is_released(session: Session, roll: SignatoryList) -> bool:
    """True when those who wait are listed now. Else sets, or gives up, the hour at which they are."""
    if _is_over(session, roll.statement_id):
        return True
    now = clock.now()
    if _count(session, waiting_rows(roll.statement_id)) < SMALLEST:
        roll.batch_due_at = None
    elif roll.batch_due_at is None:
        # At a full hour, so that it does not tell to the minute when the fifth one came.
        roll.batch_due_at = now.replace(minute=0, second=0, microsecond=0) + 2 * _HOUR
    elif roll.batch_due_at <= now:
        roll.batch_due_at = None
        return True
    return False


def shuffle(rows: list[Any]) -> None:
    """Put them into an order that says nothing."""
    secrets.SystemRandom().shuffle(rows)


def rewrite(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Write signatures and what they agreed to again in this order."""
    for table, column in zip(_ROWS, ("id", "signature_id"), strict=True):
        rewrite_rows(session, table, column, ids)


def sweep_places() -> None:
    """Rid the files of the places in which they lay before."""
    sweep(*_ROWS)


def waiting_rows(statement_id: int) -> Select[uuid.UUID]:
    """Those who have signed here and have no number yet.

    Who was invited or taken over is on the list at once: others know when they signed.
    """
    signed_here = Signature.provenance == Provenance.WEB
    return _unfolded(statement_id).where(
        Signature.state == State.CONFIRMED, Signature.position.is_(None), signed_here
    )


def _unfolded(statement_id: int) -> Select[uuid.UUID]:
    return select(Signature.id).where(Signature.statement_id == statement_id, _UNFOLDED)


def _is_over(session: Session, statement_id: int) -> bool:
    """True once nobody can confirm any more."""
    status, closed_at = session.execute(
        select(Statement.status, Statement.closed_at).where(Statement.id == statement_id)
    ).one()
    return status in ENDED and closed_at is not None and closed_at + GRACE <= clock.now()


def _count(session: Session, query: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
