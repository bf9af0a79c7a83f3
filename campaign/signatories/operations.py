"""The fold: the one place where a signature becomes listed, gets its number and is counted.

Signing touches no row of the statement. Every change of a signature leaves `folded` false; twice a second the fold takes
these rows, numbers the new ones, takes numbers from those that left, and writes counts and version in one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Row, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.extensions import db
from campaign.signatories.models import SignatoryList
from campaign.signing.models import SignatoryKind, Signature, State
from campaign.signing.queries import IS_LISTED

EVERY_SECONDS = 0.5
_AT_ONCE = 5_000
_UNFOLDED = text("NOT signatures.folded")


@dataclass(frozen=True, slots=True)
class Drift:
    """A statement whose counts differ from its listed rows."""

    statement_id: int
    counted: tuple[int, int]
    listed: tuple[int, int]


def fold() -> bool:
    """Fold every statement that has something to fold. True when one has more left than one round takes."""
    waiting = db.session.scalars(select(Signature.statement_id).where(_UNFOLDED).distinct()).all()
    more = False
    for statement_id in waiting:
        with writing() as session:
            more |= fold_statement(session, statement_id) == _AT_ONCE
    return more


def fold_statement(session: Session, statement_id: int) -> int:
    """Fold one statement, at most 5,000 rows, oldest first. Returns how many rows were taken."""
    insert_unless_taken(session, SignatoryList.__table__, {"statement_id": statement_id}, ("statement_id",))  # type: ignore[arg-type]
    roll = session.get_one(SignatoryList, statement_id, with_for_update=True, populate_existing=True)
    columns = (Signature.id, Signature.kind, Signature.state, Signature.position)
    changed = select(*columns).where(Signature.statement_id == statement_id, _UNFOLDED)
    rows = session.execute(changed.order_by(Signature.confirmed_at, Signature.id).limit(_AT_ONCE).with_for_update()).all()
    if not rows:
        return 0
    values = []
    for row in rows:
        values.append(_number(roll, row))
    table = Signature.__table__
    where = update(table).where(table.c.id == bindparam("row"))  # type: ignore[arg-type]
    session.execute(where.values(state=bindparam("to"), position=bindparam("number"), folded=True), values)
    roll.version += 1
    roll.changed_at = clock.now()
    session.flush()
    return len(rows)


def _number(roll: SignatoryList, row: Row[uuid.UUID, SignatoryKind, State, int | None]) -> dict[str, object]:
    """The new state and number of one row; counts it in or out."""
    stands = row.state in (State.CONFIRMED, State.LISTED)
    counted = row.position is not None
    difference = int(stands) - int(counted)
    if row.kind == SignatoryKind.ORGANISATION:
        roll.organisations += difference
    else:
        roll.people += difference
    if not stands:
        return {"row": row.id, "to": row.state, "number": None}
    if not counted:
        roll.last_position += 1
    return {"row": row.id, "to": State.LISTED, "number": row.position if counted else roll.last_position}


def drifts() -> list[Drift]:
    """Statements whose counts are not those of their listed rows: none, unless somebody wrote past the fold."""
    counted = {roll.statement_id: (roll.people, roll.organisations) for roll in db.session.scalars(select(SignatoryList))}
    found = []
    for statement_id, counts in counted.items():
        listed = _listed(statement_id)
        if listed != counts:
            found.append(Drift(statement_id, counts, listed))
    return found


def recount(session: Session, statement_id: int) -> None:
    """Write the counts anew from the listed rows."""
    roll = session.get_one(SignatoryList, statement_id, with_for_update=True)
    roll.people, roll.organisations = _listed(statement_id)
    roll.version += 1


def _listed(statement_id: int) -> tuple[int, int]:
    query = select(Signature.kind, func.count()).where(Signature.statement_id == statement_id, IS_LISTED).group_by(Signature.kind)
    rows: Sequence[Row[SignatoryKind, int]] = db.session.execute(query).all()
    counts = {str(kind): count for kind, count in rows}
    return counts.get(SignatoryKind.PERSON, 0), counts.get(SignatoryKind.ORGANISATION, 0)


def init_app(app: Flask) -> None:
    """Give the worker the fold."""
    worker.register(app, "fold", EVERY_SECONDS, fold)
