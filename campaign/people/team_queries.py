"""Reading case files for the team: everything, whatever the wish, of the files that a member works on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from campaign.core import clock
from campaign.core.collation import sort_key
from campaign.core.language import language as reading
from campaign.extensions import db
from campaign.people.anniversaries import AHEAD_DAYS, Remembrance, remembrances
from campaign.people.detention import Case
from campaign.people.models import Person, PersonPortrait
from campaign.people.queries import Mark, best_name, derived, named, names_of, opaque
from campaign.people.visibility import GATE, shows
from campaign.people.vocabulary import Wish

# The filters of the list.
FILTERS = ("checking", "held", "free", "hidden")


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A case file in the team's list."""

    id: uuid.UUID
    slug: str
    name: str
    language: str
    wish: Wish
    withdrawn_at: dt.datetime | None
    kept_by_id: int | None
    case: Case

    @property
    def seen(self) -> bool:
        """True when the public sees it."""
        return shows(self.wish, self.withdrawn_at).name


@dataclass(frozen=True, slots=True)
class ComingOccasion:
    """An occasion in the days to come, and the person concerned."""

    slug: str
    name: str
    language: str
    occasion: Remembrance


def team_lines(
    language: str, keepers: Collection[int] | None, words: str = "", narrowed: str = ""
) -> list[TeamLine]:
    """Case files by name: all, or those that some organisations keep; with every one of `words` in a name;
    narrowed to one of FILTERS.
    """
    query = _kept_by(select(Person), keepers).where(*named(words))
    lines = sorted(_lines(query, language), key=lambda line: (sort_key(line.name), line.slug))
    return [line for line in lines if _fits(line, narrowed)]


def person_with(slug: str) -> Person | None:
    """Any case file, for members who work on it."""
    return db.session.scalar(select(Person).where(Person.slug == slug))


def remembered(
    language: str, keepers: Collection[int] | None, ahead: int = AHEAD_DAYS, *, seen: bool = False
) -> list[ComingOccasion]:
    """Birthdays and anniversaries of the next days, of files that are not withdrawn, by day; with `seen` only
    of those that everyone may read.
    """
    query = _kept_by(select(Person), keepers).where(Person.withdrawn_at.is_(None))
    births = {
        person_id: (born, precision)
        for person_id, born, precision in _rows(query, Person.id, Person.born_on, Person.born_precision)
    }
    found = [
        ComingOccasion(line.slug, line.name, line.language, occasion)
        for line in _lines(query, language)
        if line.seen or not seen
        for occasion in remembrances(line.case, *births[line.id], clock.today(), ahead)
    ]

    return sorted(found, key=lambda one: (one.occasion.day, sort_key(one.name)))


def needing_check(keepers: Collection[int] | None) -> int:
    """The number of files whose status nobody has confirmed for long."""
    return sum(
        line.case.needs_checking
        for line in _lines(_kept_by(select(Person), keepers).where(Person.withdrawn_at.is_(None)), "en")
    )


def name_of(person: Person) -> str:
    """The name of the person, in the language of the desk."""
    names = {name.language: name.name for name in person.names if name.use == "name"}
    return names[best_name(names, next(name.language for name in person.names if name.canonical), reading())]


def file_count() -> int:
    """The number of case files."""
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def _fits(line: TeamLine, narrowed: str) -> bool:
    return {
        "checking": line.case.needs_checking and line.withdrawn_at is None,
        "held": line.case.in_custody,
        "free": line.case.free,
        "hidden": not line.seen,
    }.get(narrowed, True)


def _kept_by(query: Select[Any], keepers: Collection[int] | None) -> Select[Any]:
    return query if keepers is None else query.where(Person.kept_by_id.in_(sorted(keepers)))


def _rows(query: Select[Any], *columns: Any) -> Any:
    return db.session.execute(query.with_only_columns(*columns)).tuples()


def _lines(query: Select[Any], language: str) -> list[TeamLine]:
    members: Any = query.with_only_columns(Person.id).scalar_subquery()
    names = names_of(db.session(), members, language)
    columns = (Person.id, opaque(Person.id), Person.slug, *GATE, Person.kept_by_id)
    rows = list(_rows(query, *columns, Person.confirmed_on, Person.version, Person.changed_at))
    cases = derived(db.session(), members, {row[1]: Mark(*row[6:]) for row in rows})
    lines = []
    for person_id, raw_id, slug, wish, withdrawn, keeper, *_mark in rows:
        name, spoken = names.get(raw_id, (slug, language))
        lines.append(TeamLine(person_id, slug, name, spoken, Wish(wish), withdrawn, keeper, cases[raw_id]))
    return lines


def without_portrait(people: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these people of whom there is no portrait."""
    drawn = select(PersonPortrait.person_id).where(PersonPortrait.person_id.in_(people))
    return set(people) - set(db.session.scalars(drawn))
