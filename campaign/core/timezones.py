"""Datetimes in the time of a place: written, checked and read in an IANA time zone, kept in UTC."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import UnknownLocaleError
from babel.dates import get_timezone_location

# Regions of the world in the names of zones; all other names are abbreviations and old ones.
_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
UTC = "UTC"
_START = dt.time(0, 0)


class NoSuchTime(ValueError):
    """The clocks of the place skip this time on that day."""


@cache
def zone_names() -> frozenset[str]:
    """The zones that a form accepts."""
    return frozenset(name for name in available_timezones() if name.partition("/")[0] in _REGIONS) | {UTC}


@cache
def zones(language: str) -> dict[str, list[tuple[str, str]]]:
    """The zones by region, each as (zone, place in the given language), for a list of choices.

    Made once per language.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    found[UTC] = [(UTC, UTC)]
    for name in sorted(zone_names() - {UTC}):
        found[name.partition("/")[0]].append(
            (name, str(get_timezone_location(name, locale=language, return_city=True)))
        )
    return {region: sorted(places, key=lambda place: place[1].casefold()) for region, places in found.items()}


@cache
def place_name(zone: str, language: str) -> str:
    """The place after which a zone is named: Minsk, Мінск.

    In English where the language has no name for it.
    """
    if zone == UTC:
        return UTC
    try:
        return str(get_timezone_location(zone, locale=language, return_city=True))
    except (UnknownLocaleError, ValueError):
        return str(get_timezone_location(zone, locale="en", return_city=True))


def local_moment(day: dt.date, time: dt.time | None, zone: str) -> dt.datetime:
    """The datetime in UTC at which a clock in `zone` shows this day and time, the first of two in autumn.

    Raises NoSuchTime in spring's gap.
    """
    place = ZoneInfo(zone)
    wall = dt.datetime.combine(day, time or _START, place)
    moment = wall.astimezone(dt.UTC)
    if moment.astimezone(place).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchTime
    return moment


def in_zone(moment: dt.datetime, zone: str) -> dt.datetime:
    """The local time in `zone` at this datetime; an unknown zone counts as UTC."""
    return moment.astimezone(ZoneInfo(zone if zone in zone_names() else UTC))
