"""Days to remember: birthdays, and anniversaries of an arrest that is not over. None after a death."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from campaign.core.dates import Precision
from campaign.people.detention import Case

AHEAD_DAYS = 14


class Occasion(StrEnum):
    """The kind of an occasion."""

    BIRTHDAY = "birthday"
    ARREST = "arrest"


@dataclass(frozen=True, slots=True)
class Remembrance:
    """An occasion on a day to come; `years` since its first one."""

    occasion: Occasion
    day: dt.date
    years: int


def remembrances(
    case: Case, born_on: dt.date | None, born_precision: str, today: dt.date, ahead: int = AHEAD_DAYS
) -> list[Remembrance]:
    """The occasions of one case today or on one of the next `ahead` days."""
    if case.died:
        return []

    found = []
    if born_on is not None and born_precision == Precision.DAY:
        found.append((Occasion.BIRTHDAY, born_on))
    if case.in_custody and case.periods[-1].start.exact and case.periods[-1].start.day:
        found.append((Occasion.ARREST, case.periods[-1].start.day))

    dated = [(occasion, first, next_anniversary(first, today)) for occasion, first in found]
    return [
        Remembrance(occasion, day, day.year - first.year)
        for occasion, first, day in dated
        if day <= today + dt.timedelta(ahead) and day.year > first.year
    ]


def next_anniversary(first: dt.date, today: dt.date) -> dt.date:
    """The next one, today included. A birthday on 29 February is on 1 March in other years."""
    day = _in_year(first, today.year)
    return day if day >= today else _in_year(first, today.year + 1)


def _in_year(first: dt.date, year: int) -> dt.date:
    try:
        return first.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)
