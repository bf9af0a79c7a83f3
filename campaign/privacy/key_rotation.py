"""Key rotation: the worker seals every value again under the newest key, so that the old one can be removed.

No state is needed for that: each value begins with the mark of its key. So a worker that dies goes on where
values of older keys are left, and a value that somebody changes meanwhile is under the newest key by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask
from sqlalchemy import Column, ColumnElement, LargeBinary, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.keyed_indexes import remade_indexes
from campaign.core.remembered import Remembered
from campaign.core.vault import KEY_ID, RowId, SealBroken, Vault, vault
from campaign.extensions import db
from campaign.privacy.audit_actions import PrivacyAction
from campaign.privacy.models import KeyRotation

EVERY_SECONDS = 2.0
BATCH = 250


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values, and the column that identifies its rows.

    `waits`: its values contain others, so they are left to expire.
    """

    table: Table
    column: Column[bytes]
    id_column: Column[Any]
    waits: bool

    @property
    def name(self) -> str:
        """Its name, such as `signatures.sealed`."""
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class RotationProgress:
    """Numbers of values under the newest key, under older ones, and, of those, of the ones that expire by
    themselves.
    """

    newest: int
    older: int
    passing: int


@dataclass(slots=True)
class _Cursor:
    place: int = 0
    after: Any = None


# By rotation.
_CURSORS: Remembered[int, _Cursor] = Remembered("key rotation cursors", seconds=None)


def places() -> list[SealedColumn]:
    """Every column that holds sealed values, by the names and marks of the models."""
    found = []
    for table in db.metadata.sorted_tables:
        (id_column, *more) = table.primary_key.columns
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and (
                column.name.startswith("sealed") or column.info.get("sealed")
            ):
                if more:
                    raise TypeError(
                        f"the seal of {table.name}.{column.name} is bound to one column, and its key has "
                        "several"
                    )
                found.append(SealedColumn(table, column, id_column, bool(column.info.get("sealed within"))))

    return found


def bound_to(row_id: Any) -> RowId:
    """The row that a seal is bound to: its id; of a day, its ordinal."""
    return row_id.toordinal() if isinstance(row_id, dt.date) else cast(RowId, row_id)


def begin(session: Session) -> KeyRotation:
    """Begin a rotation, unless one is going on already; a worker does the rest."""
    running = running_rotation(session)
    if running is not None:
        return running
    rotation = KeyRotation(
        started_at=clock.now(),
        total=sum(_count(session, place, older(place)) for place in places() if not place.waits),
    )
    session.add(rotation)
    session.flush()
    record(session, PrivacyAction.KEYS_ROTATED, f"rotation:{rotation.id}", values=rotation.total)
    return rotation


def running_rotation(session: Session) -> KeyRotation | None:
    """The rotation that has not ended."""
    return session.scalar(
        select(KeyRotation).where(KeyRotation.finished_at.is_(None)).order_by(KeyRotation.id).limit(1)
    )


def latest_rotation(session: Session) -> KeyRotation | None:
    """The rotation that was begun last."""
    return session.scalar(select(KeyRotation).order_by(KeyRotation.id.desc()).limit(1))


def rotation_progress(session: Session) -> RotationProgress:
    """Count all sealed values. Reads every row that has one."""
    counted = [(place, _count(session, place), _count(session, place, older(place))) for place in places()]
    left = sum(old for _place, _all, old in counted)
    return RotationProgress(
        sum(total for _place, total, _old in counted) - left,
        left,
        sum(old for place, _all, old in counted if place.waits),
    )


def older(place: SealedColumn) -> ColumnElement[bool]:
    """The condition that a value is sealed, and not under the newest key."""
    return place.column.is_not(None) & (
        func.substr(place.column, 1, KEY_ID, type_=LargeBinary()) != vault().newest
    )


def reseal_some() -> bool:
    """Seal the next values of a running rotation again. True when there are more."""
    rotation = running_rotation(db.session())
    if rotation is None:
        return False

    cursor = _CURSORS.get(rotation.id) or _CURSORS.put(rotation.id, _Cursor())
    for number, place in _places_from(cursor.place):
        found = _next(place, cursor.after if number == cursor.place else None)
        if found:
            _reseal(rotation.id, place, found)
            cursor.place, cursor.after = number, found[-1][0]
            return True

    with writing() as session:
        for remake in remade_indexes.answers():
            remake(session)
        over = session.get_one(KeyRotation, rotation.id)
        over.finished_at = clock.now()
        over.unreadable = sum(_count(session, place, older(place)) for place in places() if not place.waits)

    return False


def _places_from(number: int) -> Iterator[tuple[int, SealedColumn]]:
    return ((index, place) for index, place in enumerate(places()) if index >= number and not place.waits)


def _next(place: SealedColumn, after: Any) -> list[tuple[Any, bytes]]:
    query = select(place.id_column, place.column).where(older(place)).order_by(place.id_column).limit(BATCH)
    if after is not None:
        query = query.where(place.id_column > after)
    return [(row_id, sealed) for row_id, sealed in db.session.execute(query)]


def _reseal(rotation: int, place: SealedColumn, found: list[tuple[Any, bytes]]) -> None:
    """Write the values sealed again. One that changed since it was read is under the newest key already."""
    opened = [change for row_id, sealed in found if (change := _anew(vault(), place, row_id, sealed))]
    same = update(place.table).where(
        place.id_column == bindparam("of_row"), place.column == bindparam("before")
    )
    with writing() as session:
        if opened:
            session.connection().execute(same.values({place.column: bindparam("anew")}), opened)
        kept = session.get_one(KeyRotation, rotation)
        kept.done += len(opened)


def _anew(keys: Vault, place: SealedColumn, row_id: Any, sealed: bytes) -> dict[str, Any] | None:
    try:
        return {
            "of_row": row_id,
            "before": sealed,
            "anew": keys.reseal(sealed, place.table.name, place.column.name, bound_to(row_id)),
        }
    except SealBroken:
        # Its key was removed earlier: nobody can open it any more.
        return None


def _count(session: Session, place: SealedColumn, condition: ColumnElement[bool] | None = None) -> int:
    counted = (
        select(func.count())
        .select_from(place.table)
        .where(place.column.is_not(None) if condition is None else condition)
    )
    return session.scalar(counted) or 0


def init_app(app: Flask) -> None:
    """Register the rotation with the worker."""
    worker.register(app, "resealing", EVERY_SECONDS, reseal_some)
