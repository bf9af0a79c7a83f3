"""Numbers, days and countries as the reader writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

import flask_babel
from babel import Locale
from babel.dates import format_date, format_skeleton
from flask import Flask

from campaign.core.collation import sort_key
from campaign.core.dates import Precision, iso_date
from campaign.core.language import canonical, in_language, language, language_name
from campaign.core.timezones import UTC, in_zone

# ISO 3166-1 alpha-2 codes that Babel lists beside codes for regions, and from which no one signs.
_NOT_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}


@cache
def countries(code: str) -> tuple[tuple[str, str], ...]:
    """(ISO 3166-1 alpha-2 code, name) in the given language, sorted by name. Made once per language."""
    names = Locale.parse(code).territories
    known = (
        (key, name)
        for key, name in names.items()
        if len(key) == 2 and key.isalpha() and key not in _NOT_COUNTRIES
    )
    return tuple(sorted(known, key=lambda pair: sort_key(pair[1])))


@cache
def country_codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes that a form accepts."""
    return frozenset(code for code, _name in countries("en"))


@cache
def _names(code: str) -> dict[str, str]:
    return dict(countries(code))


def country_name(code: str | None) -> str:
    """The country's name in the reader's language; an unknown code is shown as it is."""
    return _names(language()).get(code or "", code or "")


def country_names(codes: Iterable[str]) -> list[str]:
    """The names of countries in the reader's language, in the order of the codes."""
    return [country_name(code) for code in codes]


def number(value: int) -> str:
    """The number as the reader writes it: 12,345 or 12 345."""
    return str(flask_babel.format_decimal(value))


def day(value: dt.date | dt.datetime, precision: str = Precision.DAY) -> str:
    """A day in words, as far as it is known: 28 August 2023, August 2023, 2023."""
    if precision == Precision.DAY:
        return str(flask_babel.format_date(value, "long"))
    return str(
        format_skeleton(
            "yMMMM" if precision == Precision.MONTH else "y", value, locale=flask_babel.get_locale()
        )
    )


def day_in_sentence(value: dt.date, precision: str = Precision.DAY) -> str:
    """A day after "since" or "by", where Slavic languages put the month in the genitive."""
    if precision == Precision.MONTH:
        return str(format_date(value, "MMMM y", locale=flask_babel.get_locale()))
    return day(value, precision)


def moment(value: dt.datetime, zone: str = UTC) -> str:
    """Day and time as a clock in `zone` shows them: 28 August 2023, 14:05.

    The reader must be told which zone.
    """
    shown = in_zone(value, zone)
    return f"{day(shown.date())}, {shown:%H:%M}"


def day_of_month(value: dt.date) -> str:
    """A day whose year is known: 2 Aug, or 2. Aug. in German."""
    return str(flask_babel.format_date(value, _short_day("MMMd")))


def _short_day(skeleton: str) -> str:
    """The order and punctuation that CLDR gives a short day in the reader's language."""
    locale = flask_babel.get_locale() or Locale("en", "GB")
    return str(locale.datetime_skeletons[skeleton].pattern)


def init_app(app: Flask) -> None:
    """Give the templates these functions."""
    app.jinja_env.globals.update(
        number=number, day=day, day_of_month=day_of_month, iso_date=iso_date, moment=moment
    )
    app.jinja_env.globals.update(
        country_name=country_name,
        country_names=country_names,
        canonical=canonical,
        in_language=in_language,
        language_name=language_name,
    )
    app.jinja_env.globals["countries"] = lambda: countries(language())
    app.context_processor(lambda: {"language": language()})
