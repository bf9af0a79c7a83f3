"""The fold: the one place where a signature is listed, numbered and counted.

Signing touches no row of the statement. Every change of a signature sets `folded` to false; twice a second
the fold takes these rows, numbers the new ones, removes the numbers of those that left, and writes counts and
version in one transaction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, text, update
from sqlalchemy.orm import Session

from campaign.core import clock, retention, worker
from campaign.core.database import insert_unless_taken, snapshot, writing
from campaign.extensions import db
from campaign.organisations.logos import closed_lists
from campaign.organisations.signals import organisation_changed
from campaign.signatories import shuffled_batches
from campaign.signatories.models import SignatoryList
from campaign.signatories.organisation_display import closed_with, purge_former_logos, renew_lists
from campaign.signatories.signals import listed_otherwise
from campaign.signatures.models import SignatoryKind, Signature, State
from campaign.signatures.queries import IS_LISTED
from campaign.signatures.states import may_be_listed

EVERY_SECONDS = 0.5
_AT_ONCE = 5_000
_UNFOLDED = text("NOT signatures.folded")
_STANDING = may_be_listed()


@dataclass(frozen=True, slots=True)
class Drift:
    """A statement whose counts differ from its listed rows."""

    statement_id: int
    counted: tuple[int, int]
    listed: tuple[int, int]


def fold() -> bool:
    """Fold every statement that has something to fold. True if one has more left than fits in one round.

    Raises PartlyDone if a statement could not be folded; all others were.
    """
    waiting = db.session.scalars(select(Signature.statement_id).where(_UNFOLDED).distinct()).all()

    more = swept = False
    failures: dict[int, Exception] = {}
    for statement_id in waiting:
        try:
            if shuffled_batches.rests(db.session(), statement_id):
                continue
            with writing() as session:
                more |= fold_statement(session, statement_id) == _AT_ONCE
                swept |= shuffled_batches.is_guarded(session, statement_id)
        except Exception as error:  # noqa: BLE001  whatever stops one statement must not stop the others
            failures[statement_id] = error

    if swept:
        shuffled_batches.sweep_places()
    if failures:
        raise worker.PartlyDone(f"statement {', '.join(map(str, failures))}") from next(
            iter(failures.values())
        )

    return more


def fold_statement(session: Session, statement_id: int) -> int:
    """Fold one statement, at most 5,000 rows, oldest first; at high safety in shuffled batches.

    Returns the number of rows folded.
    """
    insert_unless_taken(session, SignatoryList.__table__, {"statement_id": statement_id}, ("statement_id",))  # type: ignore[arg-type]
    roll = session.get_one(SignatoryList, statement_id, with_for_update=True, populate_existing=True)
    columns = (Signature.id, Signature.kind, Signature.state, Signature.position)
    changed = select(*columns).where(Signature.statement_id == statement_id, _UNFOLDED)
    guarded = shuffled_batches.is_guarded(session, statement_id)
    held_back = shuffled_batches.held_back(session, roll) if guarded else None
    if held_back is not None:
        changed = changed.where(Signature.id.not_in(held_back))
    rows = list(
        session.execute(
            changed.order_by(Signature.confirmed_at, Signature.id).limit(_AT_ONCE).with_for_update()
        ).all()
    )
    if not rows:
        session.flush()
        return 0

    if guarded:
        shuffled_batches.shuffle(rows)
        shuffled_batches.rewrite(session, [row.id for row in rows])
    values = []
    for row in rows:
        values.append(_number(roll, row))
    table = Signature.__table__
    where = update(table).where(table.c.id == bindparam("signature"))  # type: ignore[arg-type]
    session.execute(where.values(state=bindparam("to"), position=bindparam("number"), folded=True), values)
    if any(row.position is not None or row.state in _STANDING for row in rows):
        # The version is public: invisible changes, such as a held signature, must not raise it.
        roll.version += 1
        roll.changed_at = clock.now()
    if any(row.position is not None and row.state in _STANDING for row in rows):
        listed_otherwise.send(session, statement_id=statement_id)

    session.flush()
    return len(rows)


def _number(roll: SignatoryList, row: Row[uuid.UUID, SignatoryKind, State, int | None]) -> dict[str, object]:
    """The new state and number of one row, which is also counted in or out."""
    stands = row.state in _STANDING
    counted = row.position is not None
    difference = int(stands) - int(counted)
    if row.kind == SignatoryKind.ORGANISATION:
        roll.organisations += difference
    else:
        roll.people += difference
    if not stands:
        return {"signature": row.id, "to": row.state, "number": None}

    if not counted:
        roll.last_position += 1
    return {
        "signature": row.id,
        "to": State.LISTED,
        "number": row.position if counted else roll.last_position,
    }


def drifts() -> list[Drift]:
    """Statements whose counts differ from their rows: none, unless something wrote past the fold.

    Read in one snapshot.
    """
    with snapshot() as connection:
        rolls = connection.execute(
            select(SignatoryList.statement_id, SignatoryList.people, SignatoryList.organisations)
        ).all()
        compared = [
            Drift(
                roll.statement_id, (roll.people, roll.organisations), _standing(connection, roll.statement_id)
            )
            for roll in rolls
        ]
    return [drift for drift in compared if drift.counted != drift.listed]


def recount(session: Session, statement_id: int) -> None:
    """Recompute the counts from the rows, then fold what waits.

    The list is locked against other folds meanwhile.
    """
    roll = session.get_one(SignatoryList, statement_id, with_for_update=True, populate_existing=True)
    left = Signature.__table__.c
    gone = (
        left.statement_id == statement_id,
        left.state != State.LISTED,
        left.position.is_not(None),
        left.folded,
    )
    session.execute(update(Signature.__table__).where(*gone).values(position=None))  # type: ignore[arg-type]

    highest = (
        session.scalar(select(func.max(Signature.position)).where(Signature.statement_id == statement_id))
        or 0
    )
    roll.last_position = max(roll.last_position, highest)
    roll.people, roll.organisations = _standing(session, statement_id)
    roll.version += 1
    session.flush()

    while fold_statement(session, statement_id):
        continue


def _standing(reader: Connection | Session, statement_id: int) -> tuple[int, int]:
    """(people, organisations) as the fold counts them: signatories who left still count until the fold has
    seen it, and new ones do not count yet.
    """
    stands = or_(and_(text("signatures.folded"), IS_LISTED), and_(_UNFOLDED, Signature.position.is_not(None)))
    query = (
        select(Signature.kind, func.count())
        .where(Signature.statement_id == statement_id, stands)
        .group_by(Signature.kind)
    )
    counts = {str(kind): count for kind, count in reader.execute(query).all()}
    return counts.get(SignatoryKind.PERSON, 0), counts.get(SignatoryKind.ORGANISATION, 0)


def init_app(app: Flask) -> None:
    """Register the fold as a job, and the signal handlers for the registry, whose names and logos the lists
    show.
    """
    organisation_changed.connect(renew_lists)
    closed_lists.add(app, closed_with)
    retention.keep(
        app,
        "organisation_logos",
        "those of today: as long as the organisation; former ones: as long as a closed list shows them",
        purge_former_logos,
    )
    worker.register(app, "fold", EVERY_SECONDS, fold)
