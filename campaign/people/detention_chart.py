"""Detentions as bars on a line of years, in units of a drawing 600 wide."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaign.people.detention import Case

WIDTH = 600.0
_NARROWEST = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A detention: where it begins, how wide it is, and whether its days are known and it goes on."""

    x: float
    width: float
    exact: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The bars, and for each year its number and where it begins."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, float], ...]


def draw(case: Case, today: dt.date) -> Drawing | None:
    """The chart from the year of the first detention to that of the last, or to today while one goes on; None
    where no day is certain.
    """
    spans = [
        (period.first, period.last, period.exact, period.end is None)
        for period in case.periods
        if period.first and period.last
    ]
    if not spans:
        return None

    first = dt.date(min(span[0].year for span in spans), 1, 1)
    last = dt.date(max(today.year if span[3] else span[1].year for span in spans) + 1, 1, 1)
    unit = WIDTH / (last - first).days
    bars = tuple(
        Bar(
            round((start - first).days * unit, 1),
            round(max(_NARROWEST, (end - start).days * unit), 1),
            exact,
            goes_on,
        )
        for start, end, exact, goes_on in spans
    )
    years = range(first.year, last.year)
    # As many years as fit without their numbers touching.
    step = 1 + len(years) // 12

    return Drawing(
        bars, tuple((year, round((dt.date(year, 1, 1) - first).days * unit, 1)) for year in years[::step])
    )
