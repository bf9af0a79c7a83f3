"""The list of the made-up statement: who signs when, and with what words."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from campaign.desk.made_up_people import (
    FOLDER,
    SEED,
    MadeUpPerson,
    made_up_people,
    representative,
    signing_moments,
)
from campaign.signatures.models import SignatoryKind, Visibility

# Of a hundred people some show their name to the team alone, or are only counted.
_VISIBILITIES = (Visibility.PUBLIC,) * 93 + (Visibility.TEAM,) * 4 + (Visibility.COUNTED,) * 3
_OF_A_SEX = ("w: ", "m: ")
_WITH_CITY, _ON_PAPER = 0.8, 0.4


@dataclass(slots=True)
class MadeUpSignatory:
    """A line of the list to be. `own` is the name of an organisation as its record has it."""

    person: MadeUpPerson
    moment: dt.datetime
    kind: SignatoryKind = SignatoryKind.PERSON
    visibility: Visibility = Visibility.PUBLIC
    # Of a paper list; the others came by the form.
    collected_on: dt.date | None = None
    message: str = ""
    names: dict[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def made_up_content() -> Mapping[str, Any]:
    """Everything about the made-up statement but its letter and the names of people."""
    return tomllib.loads((FOLDER / "made_up.toml").read_text("utf-8"))


def made_up_organisations() -> Sequence[tuple[str, str, str, str, str, str]]:
    """(language, name, name in English, country, title of the representative, beginning of the website)."""
    return [
        cast(tuple[str, str, str, str, str, str], tuple(row))
        for row in made_up_content()["organisations"]["rows"]
    ]


def made_up_list(people: int, until: dt.datetime) -> list[MadeUpSignatory]:
    """The whole list in its order: always the same for the same number and moment."""
    chance, content = random.Random(SEED), made_up_content()  # noqa: S311  no secret
    organisations, days = made_up_organisations(), content["days_open"]
    news_on = days - content["updates"][0]["days_ago"]
    total = people + len(organisations)
    moments = signing_moments(total, until, days, news_on)
    # Those that started it sign first, others within the first half.
    organised = sorted(chance.sample(range(max(len(organisations), total // 2)), len(organisations)))
    organised[:3] = range(3)
    places = set(organised)
    persons, entries = iter(made_up_people(people)), iter(enumerate(organisations))
    listed = [
        _organisation(*next(entries), moment) if place in places else _person(chance, next(persons), moment)
        for place, moment in enumerate(moments)
    ]
    begin, end = days_before(until, days - news_on), days_before(until, days - news_on - 1)
    for signatory in listed:
        by_hand = signatory.kind is SignatoryKind.PERSON and signatory.visibility is Visibility.PUBLIC
        if by_hand and begin <= signatory.moment < end and chance.random() < _ON_PAPER:
            signatory.collected_on = begin.date()
    _give_messages(chance, listed)
    return listed


def _organisation(
    place: int, entry: tuple[str, str, str, str, str, str], moment: dt.datetime
) -> MadeUpSignatory:
    _language, name, _english, country, title, site = entry
    woman, _blank, role = title.partition(" ")
    person = representative(country, place, woman=woman == "w")
    names = {"organisation_name": name, "website": f"https://{site}.example"}
    if title:
        names |= {"name": person.name, "title": role}
    return MadeUpSignatory(person, moment, SignatoryKind.ORGANISATION, names=names)


def _person(chance: random.Random, person: MadeUpPerson, moment: dt.datetime) -> MadeUpSignatory:
    names = {"name": person.name} | ({"city": person.city} if chance.random() < _WITH_CITY else {})
    return MadeUpSignatory(person, moment, visibility=chance.choice(_VISIBILITIES), names=names)


def _give_messages(chance: random.Random, listed: Sequence[MadeUpSignatory]) -> None:
    for group, messages in made_up_content()["messages"].items():
        fit = [
            signatory
            for signatory in listed
            if signatory.kind is SignatoryKind.PERSON
            and signatory.person.group == group
            and signatory.visibility is Visibility.PUBLIC
            and signatory.collected_on is None
        ]
        chance.shuffle(fit)
        for written in messages:
            sex, _colon, message = written.rpartition(": ") if written[:3] in _OF_A_SEX else ("", "", written)
            writer = next((one for one in fit if not one.message and one.person.sex in (sex or "wm")), None)
            if writer is not None:
                writer.message = message


def days_before(until: dt.datetime, days_ago: int) -> dt.datetime:
    """The moment so many days before another one."""
    return until - dt.timedelta(days=days_ago)
