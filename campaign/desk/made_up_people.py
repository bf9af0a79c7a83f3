"""Invented signatories: always the same ones for the same number, from lists of names of our own."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "made_up"
SEED = 1974
# How many sign in each hour of the day, from midnight: few at night, most around noon and in the evening.
_HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 14, 18, 20, 22, 24, 20, 17, 16, 17, 19, 24, 28, 27, 20, 11, 5)  # fmt: skip
# The first days bring most signatures, and so does the day on which the news comes.
_HALVED_IN_DAYS = 6.0
_NEWS_BRINGS = 0.8
_WOMEN = 0.55
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """A person who does not exist. `language` is the language in which they read the site, `group` the group
    of messages that fit them, `sex` w or m.
    """

    name: str
    country: str
    city: str
    script: str
    language: str
    group: str
    sex: str


@lru_cache(maxsize=1)
def _countries() -> Sequence[Mapping[str, Any]]:
    """The lists of names by country; one country may have several, in other languages."""
    entries: list[Mapping[str, Any]] = tomllib.loads((FOLDER / "names.toml").read_text("utf-8"))["countries"]
    return entries


def made_up_people(number: int, seed: int = SEED) -> list[MadeUpPerson]:
    """`number` people, no two of one name, from all countries even where there are few people."""
    chance = random.Random(seed)  # noqa: S311  no secret
    entries, taken = _countries(), set[str]()
    weights = [entry["share"] for entry in entries]
    wanted = [*entries, *chance.choices(entries, weights, k=max(0, number - len(entries)))][:number]
    chance.shuffle(wanted)
    return [_person(chance, entry, taken) for entry in wanted]


def representative(country: str, place: int, *, woman: bool) -> MadeUpPerson:
    """The person who signs for an organisation: from its country, and always the same for its place."""
    chance = random.Random(f"{SEED} {country} {place}")  # noqa: S311  no secret
    entry = next(entry for entry in _countries() if entry["code"] == country)
    return _as_person(chance, entry, _name(chance, entry, woman=woman), woman=woman)


def signing_moments(
    number: int, until: dt.datetime, days: int, news_on: int, seed: int = SEED
) -> list[dt.datetime]:
    """`number` moments of the last `days` days before `until`, in their order, with the rhythm of the hours,
    and more on the day `news_on` (counted from the first).
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    begin = until - days * _ONE_DAY
    hours = [begin + dt.timedelta(hours=hour) for hour in range(days * 24)]
    weights = [_HOURS[hour.hour] * _eagerness((hour - begin) / _ONE_DAY, news_on) for hour in hours]
    chosen = chance.choices(hours, weights, k=number)
    return sorted(hour + dt.timedelta(seconds=chance.uniform(0, 3_599)) for hour in chosen)


def _eagerness(day: float, news_on: int) -> float:
    since = day - news_on
    return float(0.5 ** (day / _HALVED_IN_DAYS) + (_NEWS_BRINGS * 0.5**since if since >= 0 else 0))


def _person(chance: random.Random, entry: Mapping[str, Any], taken: set[str]) -> MadeUpPerson:
    name = _name(chance, entry, woman=(woman := chance.random() < _WOMEN))
    while name in taken:
        name = _name(chance, entry, woman=(woman := chance.random() < _WOMEN))
    taken.add(name)
    return _as_person(chance, entry, name, woman=woman)


def _as_person(chance: random.Random, entry: Mapping[str, Any], name: str, *, woman: bool) -> MadeUpPerson:
    group, city = f"{entry['code']}-{entry['language']}", chance.choice(entry["cities"])
    return MadeUpPerson(
        name, entry["code"], city, entry["script"], entry["language"], group, "w" if woman else "m"
    )


def _name(chance: random.Random, entry: Mapping[str, Any], *, woman: bool) -> str:
    given, family = chance.choice(entry["women" if woman else "men"]), chance.choice(entry["families"])
    family = _feminine(family, entry.get("feminine", ())) if woman else family
    return f"{family} {given}" if entry.get("family_first") else f"{given} {family}"


def _feminine(family: str, rules: Sequence[Sequence[str]]) -> str:
    """The form of a family name that women bear, each part of a double name by itself."""
    return "-".join(_feminine_part(part, rules) for part in family.split("-"))


def _feminine_part(part: str, rules: Sequence[Sequence[str]]) -> str:
    for masculine, feminine in rules:
        if part.endswith(masculine):
            return part.removesuffix(masculine) + feminine
    return part
