"""Dates of which a day, a month or only a year is known, as people type them in lists."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names

from campaign.config import LANGUAGES
from campaign.core.dates import Precision, iso_date

_FIRST_YEAR, _LAST_YEAR = 1800, 2999
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?(?:[ T]0?0:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})([./]))?(\d{1,2})[./](\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\.? )?([^\W\d_]+)\.?,? (\d{4})")
# "2012 г.", "з 2012 года", "since 2012".
_AROUND = re.compile(
    r"^(?:since|from|until|till|с|со|по|до|з|ад|да|від|od|do|seit|bis)\s+"
    r"|\s*(?:г|год|года|гг|года|году|р|рік|року|r|roku)\.?$"
)


class PartialDate(NamedTuple):
    """A date as far as it is known: `day` is the first day of a month or year of which no more is."""

    day: dt.date
    precision: Precision = Precision.DAY

    @property
    def latest(self) -> dt.date:
        """The last day that it can mean."""
        if self.precision is Precision.DAY:
            return self.day
        month = 12 if self.precision is Precision.YEAR else self.day.month
        return dt.date(self.day.year, month, calendar.monthrange(self.day.year, month)[1])

    def __str__(self) -> str:
        """The text that partial_date() reads again: 2021-07-14, 2021-07, 2021."""
        return iso_date(self.day, self.precision)

    @classmethod
    def of(cls, day: dt.date | None, precision: str) -> PartialDate | None:
        """The date that a row stores by any of its days."""
        if day is None:
            return None
        known = Precision(precision)
        first = day.replace(day=1) if known is Precision.MONTH else day
        return cls(first.replace(month=1, day=1) if known is Precision.YEAR else first, known)


def partial_date(typed: str) -> PartialDate | None:
    """The date in a text: `2021-07-14`, `14.07.2021`, `07.2021`, `July 2021`, `since 2021`; None in an empty
    one, or in a dash.

    Raises ValueError for anything else, and for 03/05/2021, which is a day in March or in May.
    """
    said = _AROUND.sub("", " ".join(typed.casefold().split()))
    if not said.strip("-–—? "):
        return None
    if found := _ISO.fullmatch(said):
        return _date(*found.groups())
    if found := _DAY_FIRST.fullmatch(said):
        day, sign, month, year = found.groups()
        if sign == "/" and day != month and int(day) <= 12 and int(month) <= 12:
            raise ValueError(typed)
        return _date(year, month, day)
    if found := _NAMED.fullmatch(said):
        day, name, year = found.groups()
        if name in _months():
            return _date(year, str(_months()[name]), day)
    raise ValueError(typed)


@cache
def _months() -> dict[str, int]:
    """The names of months in the languages of the interface, alone and beside a day."""
    return {
        name.casefold().rstrip("."): number
        for code in LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, context=context, locale=code).items()
    }


def _date(year: str, month: str | None, day: str | None) -> PartialDate:
    found = dt.date(int(year), int(month or 1), int(day or 1))
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(year)
    return PartialDate(found, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR)
