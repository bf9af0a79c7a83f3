"""Writes to case files: the record of a person, what may be shown, the confirmation of the status, and
withdrawal from view.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.dates import Precision
from campaign.core.ids import new_id
from campaign.core.registration import Registry
from campaign.core.search import search_key
from campaign.core.text import make_slug
from campaign.core.vault import vault
from campaign.people.errors import PersonSlugTaken, SignedFor
from campaign.people.models import (
    KEY_LENGTH,
    CampaignPerson,
    CaseEvent,
    Person,
    PersonAddress,
    PersonName,
    PersonSource,
    PersonText,
)
from campaign.people.signals import person_shown_otherwise
from campaign.people.vocabulary import Letters, Script, Wish

# Rooms above that know of a reason to keep a case file answer here: (session, id of the person).
kept_on_file: Registry[Callable[[Session, uuid.UUID], bool]] = Registry("case files that stay")


@dataclass(frozen=True, slots=True)
class Told:
    """A person in one language. Life, health and the note on letters are Markdown."""

    role: str = ""
    organisation: str = ""
    life: str = ""
    health: str = ""
    recognised_by: str = ""
    letter_note: str = ""

    @property
    def empty(self) -> bool:
        """True when all texts are empty."""
        return self == Told()


@dataclass(frozen=True, slots=True)
class LetterAddress:
    """Where letters go, without the country, which is an ISO 3166-1 code."""

    lines: str
    country: str


class PersonFacts(TypedDict, total=False):
    """The facts that are the same in every language; a field left out is not known."""

    kept_by_id: int | None
    organisation_id: int | None
    born_on: dt.date | None
    born_precision: Precision
    recognised_on: dt.date | None
    recognised_precision: Precision
    letters: Letters
    letter_languages: str
    moving: bool


UNKNOWN = PersonFacts(
    kept_by_id=None,
    organisation_id=None,
    born_on=None,
    born_precision=Precision.DAY,
    recognised_on=None,
    recognised_precision=Precision.DAY,
    letters=Letters.UNKNOWN,
    letter_languages="",
    moving=False,
)


@dataclass(frozen=True, slots=True)
class CaseFileContent:
    """The record of a person as somebody typed it.

    `names` and `texts` are by language (a tag such as be-Latn), the first name is the canonical one.

    `sealed_sources` None leaves the present ones as they are.
    """

    names: Mapping[str, str]
    aliases: Sequence[str] = ()
    texts: Mapping[str, Told] = field(default_factory=dict)
    addresses: Mapping[Script, LetterAddress] = field(default_factory=dict)
    sources: Sequence[str] = ()
    sealed_sources: Sequence[str] | None = None
    facts: PersonFacts = field(default_factory=PersonFacts)


def enter_person(session: Session, entry: CaseFileContent, slug: str | None = None) -> Person:
    """Open a case file.

    Nothing of it is shown before the wish of the person or the family is known. Flushes.
    Raises PersonSlugTaken.
    """
    now = clock.now()
    # Its id is needed before it is flushed: sealed values are bound to it.
    person = Person(
        id=new_id(),
        slug=slug or _free_slug(session, entry.names),
        created_at=now,
        changed_at=now,
        wish=Wish.UNKNOWN,
        version=1,
    )
    session.add(person)
    _fill(person, entry, {}, entry.sealed_sources or ())

    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        if slug and session.scalar(select(Person.id).where(Person.slug == slug)) is not None:
            raise PersonSlugTaken from error
        raise

    return person


def change_person(session: Session, person: Person, entry: CaseFileContent) -> None:
    """Replace the record of the person; the timeline, the wish and the portrait stay. Flushes."""
    languages = {name.name: name.language for name in person.names if name.use == "alias"}
    kept = sealed_sources(person) if entry.sealed_sources is None else entry.sealed_sources
    person.names, person.texts, person.addresses, person.sources = [], [], [], []
    session.flush()
    _fill(person, entry, languages, kept)
    renew(session, person)


def wish(
    session: Session, person: Person, wanted: Wish, said_by: str, recorded_by: str, day: dt.date
) -> None:
    """Record what may be shown, who expressed it and who received it.

    It applies at once, to every page, file and feed. Flushes.
    """
    changed = person.wish != wanted
    person.wish, person.wish_on = wanted, day
    told = {"said_by": said_by, "recorded_by": recorded_by}
    person.sealed_wish = vault().seal_json(told, "people", "sealed_wish", person.id)
    renew(session, person)
    if changed:
        person_shown_otherwise.send(session, person=person)


def wish_of(person: Person) -> dict[str, str]:
    """`said_by` and `recorded_by`, for the team alone; empty where no wish was written down.

    Raises SealBroken.
    """
    if person.sealed_wish is None:
        return {"said_by": "", "recorded_by": ""}
    return vault().unseal_json(person.sealed_wish, "people", "sealed_wish", person.id)


def sealed_sources(person: Person) -> list[str]:
    """The sources that only the team may read. Raises SealBroken."""
    return [
        vault().unseal_text(row.sealed, "person_sources", "sealed", row.id)
        for row in person.sources
        if row.sealed is not None
    ]


def confirm_status(session: Session, person: Person, day: dt.date) -> None:
    """Record that the team confirmed the status on this day.

    An earlier day than before changes nothing. Flushes.
    """
    if person.confirmed_on is None or day > person.confirmed_on:
        person.confirmed_on = day
        renew(session, person)


def withdraw(session: Session, person: Person) -> None:
    """Withdraw the file from every public page, file and feed. Repeating it is no error. Flushes."""
    if person.withdrawn_at is None:
        person.withdrawn_at = clock.now()
        renew(session, person)
        person_shown_otherwise.send(session, person=person)


def show_again(session: Session, person: Person) -> None:
    """Show what the wish allows. Repeating it is no error. Flushes."""
    if person.withdrawn_at is not None:
        person.withdrawn_at = None
        renew(session, person)
        person_shown_otherwise.send(session, person=person)


def remove_person(session: Session, person: Person) -> None:
    """Delete a case file for good.

    Flushes. Raises SignedFor when anybody has signed a campaign that is, or was, for this person.
    """
    if any(stays(session, person.id) for stays in kept_on_file.answers()):
        raise SignedFor

    person_shown_otherwise.send(session, person=person)
    session.execute(delete(CampaignPerson).where(CampaignPerson.person_id == person.id))
    # Events point to each other: without this their deletion could meet one that still does.
    unlinked = update(CaseEvent).where(CaseEvent.person_id == person.id).values(follows_id=None)
    session.execute(unlinked, execution_options={"synchronize_session": False})
    session.expire(person)
    session.delete(person)
    session.flush()


def renew(session: Session, person: Person) -> None:
    """Raise the version, by which everything that shows the person is made anew. Flushes."""
    person.version += 1
    person.changed_at = clock.now()
    session.flush()


def _fill(
    person: Person, entry: CaseFileContent, alias_languages: Mapping[str, str], sealed: Sequence[str]
) -> None:
    canonical = next(iter(entry.names))
    for column, value in {**UNKNOWN, **entry.facts}.items():
        setattr(person, column, value)

    person.names = [_name(code, name, canonical=code == canonical) for code, name in entry.names.items()]
    person.names += [
        _name(alias_languages.get(alias, canonical), alias, use="alias") for alias in entry.aliases
    ]
    person.texts = [_text(code, told) for code, told in entry.texts.items() if not told.empty]
    person.addresses = [
        PersonAddress(script=script, lines=said.lines, country=said.country)
        for script, said in entry.addresses.items()
    ]

    person.sources = [PersonSource(rank=rank, line=line) for rank, line in enumerate(entry.sources)]
    for rank, line in enumerate(sealed, len(entry.sources)):
        source = PersonSource(id=new_id(), rank=rank)
        source.sealed = vault().seal_text(line, "person_sources", "sealed", source.id)
        person.sources.append(source)


def _text(code: str, told: Told) -> PersonText:
    return PersonText(
        language=code,
        role=told.role,
        organisation=told.organisation,
        life=told.life,
        health=told.health,
        recognised_by=told.recognised_by,
        letter_note=told.letter_note,
    )


def _name(code: str, name: str, *, use: str = "name", canonical: bool = False) -> PersonName:
    return PersonName(
        language=code, name=name, use=use, canonical=canonical, search_key=search_key(name)[:KEY_LENGTH]
    )


def _free_slug(session: Session, names: Mapping[str, str]) -> str:
    wanted = make_slug(next(iter(names.values()))) or "person"
    taken = set(session.scalars(select(Person.slug).where(Person.slug.startswith(wanted, autoescape=True))))
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def move_to_merged(session: Session, *, goes: int, stays: int) -> None:
    """Follow the merge of one organisation into another."""
    for column in (Person.kept_by_id, Person.organisation_id):
        moved = (
            update(Person).where(column == goes).values({column: stays, Person.version: Person.version + 1})
        )
        session.execute(moved, execution_options={"synchronize_session": False})
