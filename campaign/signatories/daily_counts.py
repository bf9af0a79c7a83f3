"""Signatories per day over the last days, for the chart of the team's dashboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from campaign.core import clock
from campaign.extensions import db
from campaign.signatures.models import SignatoryKind, Signature
from campaign.signatures.queries import IS_LISTED

DAYS = 14


@dataclass(frozen=True, slots=True)
class DayCount:
    """Listed signatories who confirmed on one day (UTC)."""

    day: dt.date
    people: int = 0
    organisations: int = 0

    @property
    def total(self) -> int:
        """The sum, for the length of a bar; a page that shows it as a number says what it is made of."""
        return self.people + self.organisations


def by_day(ids: Sequence[int], days: int = DAYS) -> list[DayCount]:
    """The counts of the last `days` days up to today, oldest first, empty days included; for all of the
    statements `ids` together.
    """
    today = clock.now().date()
    calendar = [today - dt.timedelta(days=back) for back in reversed(range(days))]
    counted = _counted(ids, calendar) if ids else {}
    return [
        DayCount(
            day, counted.get((n, SignatoryKind.PERSON), 0), counted.get((n, SignatoryKind.ORGANISATION), 0)
        )
        for n, day in enumerate(calendar)
    ]


def _counted(ids: Sequence[int], calendar: Sequence[dt.date]) -> dict[tuple[int, str], int]:
    """Counts by (number of the day, kind).

    Compared with midnights, since the databases extract dates from a moment in different ways.
    """
    midnights = [dt.datetime.combine(day, dt.time(), dt.UTC) for day in calendar]
    number = case(
        *((Signature.confirmed_at < midnight, n) for n, midnight in enumerate(midnights[1:])),
        else_=len(midnights) - 1,
    )
    numbered = select(number.label("number"), Signature.kind).where(
        Signature.statement_id.in_(ids), Signature.confirmed_at >= midnights[0], IS_LISTED
    )
    rows = numbered.subquery()
    query = select(rows.c.number, rows.c.kind, func.count()).group_by(rows.c.number, rows.c.kind)
    return {(row[0], str(row[1])): row[2] for row in db.session.execute(query)}
