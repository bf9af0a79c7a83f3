"""Dates of which a day, a month or only a year is known."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


_KEPT = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def iso_date(value: dt.date, precision: str = Precision.DAY) -> str:
    """The date as far as it is known: 2023-08-28, 2023-08 or 2023."""
    return value.isoformat()[: _KEPT[Precision(precision)]]
