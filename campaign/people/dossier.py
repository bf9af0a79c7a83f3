"""Case files as the public may read them, and timelines and hearings across cases.

All of it has passed visibility.shows().
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from campaign.core import clock
from campaign.core.dates import Precision
from campaign.core.text import render_markdown
from campaign.core.timezones import in_zone, place_name
from campaign.extensions import db
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.people.dates import Bound, When
from campaign.people.detention import Case, Happening, Length, derive, in_order
from campaign.people.models import CampaignPerson, CaseEvent, Person, PersonText
from campaign.people.queries import best_name, best_text, cases_of, names_of, opaque
from campaign.people.timeline import happening, ordered
from campaign.people.visibility import GATE, Shows, event_may_be_seen, may_be_seen, shows, shows_of
from campaign.people.vocabulary import SITTINGS, EventKind, Letters, Script

NOTHING_TOLD = render_markdown("")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class EventShown:
    """An event as shown to a reader.

    `starts_at` is in the local time of the place; `before` is the sentence that an appeal changed.
    """

    id: uuid.UUID
    kind: EventKind
    when: When
    length: Length | None
    before: Length | None
    starts_at: dt.datetime | None
    time_zone: str
    zone_place: str
    language: str
    article: str
    explanation: str
    place: str
    note: Markup
    created_at: dt.datetime
    changed_at: dt.datetime

    @property
    def to_come(self) -> bool:
        """True until the end of its day, in the place."""
        return (
            self.when.earliest is not None
            and in_zone(clock.now(), self.time_zone).date() <= self.when.earliest
        )


@dataclass(frozen=True, slots=True)
class CaseText:
    """A text and its language."""

    text: str
    html: Markup
    language: str

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class LettersShown:
    """How to write to a person.

    `addresses` are script to (lines, ISO 3166-1 code); `languages` those that are let through, if known.
    """

    arrive: Letters
    addresses: dict[Script, tuple[tuple[str, ...], str]]
    languages: tuple[str, ...]
    moving: bool
    note: CaseText


@dataclass(frozen=True, slots=True)
class PortraitShown:
    """A portrait by its digest, with its description. Width and height are those of the large one."""

    digest: str
    description: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A case file in one language. Values that the wish does not allow are None, or empty."""

    id: uuid.UUID
    slug: str
    shows: Shows
    name: str
    language: str
    names: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    case: Case | None
    events: tuple[EventShown, ...]
    role: CaseText
    organisation: CaseText
    organisation_slug: str | None
    life: CaseText
    health: CaseText
    born_on: dt.date | None
    born_precision: Precision
    recognised_on: dt.date | None
    recognised_precision: Precision
    recognised_by: CaseText
    letters: LettersShown | None
    portrait: PortraitShown | None
    sources: tuple[tuple[str, str | None], ...]
    version: int

    @property
    def may_be_written_to(self) -> bool:
        """True for a person who is in detention and has an address: nobody writes to somebody who is free or
        dead.
        """
        return bool(self.case and self.case.in_custody and self.letters and self.letters.addresses)

    @property
    def may_be_pictured(self) -> bool:
        """True where everything may be shown and the person lives: after a death nothing is drawn, and a
        person who wants only name and dates shown wants no card.
        """
        return self.shows.full and self.case is not None and not self.case.died

    @property
    def may_be_put_on_walls(self) -> bool:
        """True for a person who may be pictured and is not free again: a poster asks for something."""
        return self.may_be_pictured and self.case is not None and not self.case.free


def person_page(slug: str, language: str) -> PersonPage | None:
    """The case file at this address; None where there is none for the public."""
    person = db.session.scalar(_with_all(select(Person).where(may_be_seen()).where(Person.slug == slug)))
    return page_of(person, language) if person is not None else None


def people_pages(statement_id: int, language: str) -> list[PersonPage]:
    """The whole files of all people of a campaign, for its papers; in the order of the campaign."""
    wanted = _members(
        select(Person).where(may_be_seen()).order_by(CampaignPerson.rank, Person.slug), statement_id
    )
    return [page for person in db.session.scalars(_with_all(wanted)) if (page := page_of(person, language))]


def page_of(person: Person, language: str) -> PersonPage | None:
    """A case file as the public may read it; None where it may not."""
    may = shows_of(person)
    if not may.name:
        return None

    names = {name.language: name.name for name in person.names if name.use == "name"}
    canonical = next(name.language for name in person.names if name.canonical)
    spoken = best_name(names, canonical, language)
    texts = person.texts if may.full else []
    employer = (
        organisations_by_id([person.organisation_id]).get(person.organisation_id)
        if may.full and person.organisation_id
        else None
    )

    return PersonPage(
        id=person.id,
        slug=person.slug,
        shows=may,
        name=names[spoken],
        language=spoken,
        names=tuple(
            sorted(
                ((code, name) for code, name in names.items() if code != spoken),
                key=lambda pair: (pair[0] != canonical, pair[0]),
            )
        ),
        aliases=tuple(name.name for name in person.names if name.use == "alias") if may.full else (),
        case=may.of(derive(map(happening, person.events), clock.today(), person.confirmed_on)),
        events=tuple(events_shown(person.events, may, language)),
        role=_text(texts, "role", language),
        organisation=_said(display_name(employer, language), language)
        if employer
        else _text(texts, "organisation", language),
        organisation_slug=employer.slug if employer else None,
        life=_text(texts, "life", language, markdown=True),
        health=_text(texts, "health", language, markdown=True),
        born_on=person.born_on if may.full else None,
        born_precision=Precision(person.born_precision),
        recognised_on=person.recognised_on if may.full else None,
        recognised_precision=Precision(person.recognised_precision),
        recognised_by=_text(texts, "recognised_by", language),
        letters=_letters(person, texts, language) if may.full else None,
        portrait=_portrait(person) if may.full else None,
        sources=tuple(_linked(row.line) for row in person.sources if row.line is not None)
        if may.full
        else (),
        version=person.version,
    )


def events_shown(events: Iterable[CaseEvent], may: Shows, language: str) -> list[EventShown]:
    """The events of one person as they happened, as far as they may be shown."""
    line = ordered(events)
    earlier = _sentences_before(map(happening, line))
    return [
        event_shown(event, may, language, earlier.get(event.id))
        for event in line
        if may.event(EventKind(event.kind))
    ]


def event_shown(event: CaseEvent, may: Shows, language: str, before: Length | None = None) -> EventShown:
    """One event; without words, places and lengths where no more than dates may be shown."""
    words = {text.language: text for text in event.texts} if may.full else {}
    code = best_text(words, language) or language
    text = words.get(code)
    local = in_zone(event.starts_at, event.time_zone) if event.starts_at and may.full else None
    length = happening(event).length if may.full else None

    return EventShown(
        event.id,
        EventKind(event.kind),
        event.when,
        length,
        before if length else None,
        local,
        event.time_zone,
        place_name(event.time_zone, language) if local else "",
        code,
        text.article if text else "",
        text.explanation if text else "",
        text.place if text else "",
        render_markdown(text.note) if text and text.note else NOTHING_TOLD,
        event.created_at,
        event.changed_at,
    )


@dataclass(frozen=True, slots=True)
class EventOfPerson:
    """An event with the person to whom it happened."""

    slug: str
    name: str
    language: str
    event: EventShown


def timeline_of(
    statement_id: int, language: str, most: int | None = None, start: int = 0
) -> list[EventOfPerson]:
    """The events of all people of a campaign, the newest first; those without a date come last.

    With `most` only so many, from `start` on.
    """
    newest = (CaseEvent.happened_on.desc().nulls_last(), CaseEvent.created_at.desc(), CaseEvent.id)
    return _of_people(_members(_events(), statement_id).order_by(*newest).limit(most).offset(start), language)


def hearings(
    language: str, statement_id: int | None = None, since: dt.date | None = None
) -> list[EventOfPerson]:
    """Trials, hearings and the like on a day that is known, of everyone or of one campaign, the earliest
    first; those before `since` left out.
    """
    query = _events() if statement_id is None else _members(_events(), statement_id)
    on_a_day = (
        CaseEvent.kind.in_(SITTINGS),
        CaseEvent.bound == Bound.ON,
        CaseEvent.precision == Precision.DAY,
    )
    if since is not None:
        query = query.where(CaseEvent.happened_on >= since)

    return _of_people(
        query.where(*on_a_day).order_by(CaseEvent.happened_on, CaseEvent.created_at, CaseEvent.id), language
    )


def _events() -> Any:
    # shows() decides again on what this lets pass; here the database is asked so that a limit counts only
    # what will be shown.
    wanted = select(CaseEvent, opaque(CaseEvent.id), opaque(Person.id), Person.slug, *GATE)
    return wanted.join(Person).where(event_may_be_seen())


def _of_people(query: Select[Any], language: str) -> list[EventOfPerson]:
    """The events that may be shown: no hearing of a person who wants only dates shown, nothing of one who
    wants only the name shown.
    """
    session = db.session()
    rows = [
        (event, event_id, person_id, slug, may)
        for event, event_id, person_id, slug, wish, withdrawn in session.execute(
            query.options(selectinload(CaseEvent.texts))
        ).tuples()
        if (may := shows(wish, withdrawn)).event(EventKind(event.kind))
    ]
    names = _names_in_parts({event.person_id for event, *_more in rows}, language)
    appealed = {
        event.person_id
        for event, *_more in rows
        if event.kind == EventKind.APPEAL and event.years is not None
    }
    earlier = (
        {person_id: _sentences_before(found) for person_id, found in cases_of(session, appealed).items()}
        if appealed
        else {}
    )

    return [
        EventOfPerson(
            slug,
            *names[person_id],
            event_shown(event, may, language, earlier.get(person_id, {}).get(event_id)),
        )
        for event, event_id, person_id, slug, may in rows
        if person_id in names
    ]


def _names_in_parts(person_ids: Iterable[uuid.UUID], language: str) -> dict[Any, tuple[str, str]]:
    """The names of these people, read in parts: a database takes only so many values at once."""
    wanted = list(person_ids)
    parts = [
        names_of(db.session(), wanted[start : start + _AT_ONCE], language)
        for start in range(0, len(wanted), _AT_ONCE)
    ]
    return {person_id: name for part in parts for person_id, name in part.items()}


def _sentences_before(happenings: Iterable[Happening]) -> dict[Any, Length]:
    """The sentence before an appeal changed it, by the id of the appeal."""
    sentence: Length | None = None
    found = {}
    for one in in_order(happenings):
        if one.kind is EventKind.APPEAL and one.length and sentence and one.length != sentence:
            found[one.event_id] = sentence
        if one.kind is EventKind.SENTENCE or (one.kind is EventKind.APPEAL and one.length):
            sentence = one.length
    return found


def _members(query: Select[Any], statement_id: int) -> Select[Any]:
    of_it = query.join(CampaignPerson, CampaignPerson.person_id == Person.id)
    return of_it.where(CampaignPerson.statement_id == statement_id, CampaignPerson.removed_at.is_(None))


def _with_all(query: Select[Any]) -> Select[Any]:
    events = selectinload(Person.events).selectinload(CaseEvent.texts)
    return query.options(
        *map(selectinload, (Person.names, Person.texts, Person.addresses, Person.sources)), events
    )


def _text(texts: Iterable[PersonText], part: str, language: str, *, markdown: bool = False) -> CaseText:
    there = {text.language: str(getattr(text, part)) for text in texts if getattr(text, part)}
    code = best_text(there, language)
    return _said(there[code], code, markdown=markdown) if code else _said("", language)


def _said(text: str, language: str, *, markdown: bool = False) -> CaseText:
    return CaseText(text, render_markdown(text) if markdown and text else NOTHING_TOLD, language)


def _letters(person: Person, texts: Iterable[PersonText], language: str) -> LettersShown:
    addresses = {Script(row.script): (tuple(row.lines.splitlines()), row.country) for row in person.addresses}
    spoken = tuple(code for code in person.letter_languages.split(",") if code)
    return LettersShown(
        Letters(person.letters),
        addresses,
        spoken,
        person.moving,
        _text(texts, "letter_note", language, markdown=True),
    )


def _portrait(person: Person) -> PortraitShown | None:
    kept = person.portrait
    return (
        PortraitShown(kept.sha256[:10], kept.description, kept.credit, kept.width, kept.height)
        if kept
        else None
    )


def _linked(line: str) -> tuple[str, str | None]:
    return line, line if line.startswith(("https://", "http://")) else None
