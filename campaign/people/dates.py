"""Dates as far as anyone knows: on a day, in a month, in a year, by then at the latest, or unknown."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from enum import StrEnum
from typing import NamedTuple

from campaign.core.dates import Precision, iso_date

_WRITTEN = re.compile(r"(?:(by) +)?(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_UNKNOWN = "unknown"


class Bound(StrEnum):
    """The bound of a date: it happened then, it had happened by then, or nothing is known."""

    ON = "on"
    BY = "by"
    UNKNOWN = "unknown"


class When(NamedTuple):
    """A date and its precision.

    `day` is the first day of a month or year of which no more is known; None where nothing is.
    """

    day: dt.date | None
    precision: Precision = Precision.DAY
    bound: Bound = Bound.ON

    @property
    def earliest(self) -> dt.date | None:
        """The first day on which it can have happened; None where that is not known."""
        return self.day if self.bound is Bound.ON else None

    @property
    def latest(self) -> dt.date | None:
        """The last day on which it can have happened; None where that is not known."""
        if self.day is None or self.precision is Precision.DAY:
            return self.day
        month = 12 if self.precision is Precision.YEAR else self.day.month
        return dt.date(self.day.year, month, calendar.monthrange(self.day.year, month)[1])

    @property
    def exact(self) -> bool:
        """True where the exact day is known."""
        return self.bound is Bound.ON and self.precision is Precision.DAY

    def begun(self, today: dt.date) -> bool:
        """True unless all of it lies ahead of `today`."""
        return self.earliest is None or self.earliest <= today

    def __str__(self) -> str:
        """The text that parse() reads: 2021-07-14, 2022-09, 2020, by 2025-09, unknown."""
        if self.day is None:
            return _UNKNOWN
        return ("by " if self.bound is Bound.BY else "") + iso_date(self.day, self.precision)


UNKNOWN = When(None, Precision.DAY, Bound.UNKNOWN)


def on(year: int, month: int, day: int) -> When:
    """A date of which the day is known."""
    return When(dt.date(year, month, day))


def parse(typed: str) -> When:
    """The date in a text: `2021-07-14`, `2022-09`, `2020`, `by 2025-09`, `unknown`.

    Raises ValueError for anything else.
    """
    said = " ".join(typed.lower().split())
    if said == _UNKNOWN:
        return UNKNOWN

    found = _WRITTEN.fullmatch(said)
    if found is None:
        raise ValueError(typed)

    by, year, month, day = found.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    date = dt.date(int(year), int(month or 1), int(day or 1))
    if not 1800 <= date.year <= 2999:
        raise ValueError(typed)
    return When(date, precision, Bound.BY if by else Bound.ON)
