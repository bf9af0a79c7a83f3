"""Reading case files for the public.

All that is read here has passed visibility.shows() and visibility.may_be_seen().
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, func, or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.collation import sort_key
from campaign.core.dates import Precision
from campaign.core.language import default_language
from campaign.core.remembered import Remembered
from campaign.core.search import has_words
from campaign.extensions import db
from campaign.people.dates import Bound, When
from campaign.people.detention import DEAD, IN_PRISON, TELLING, Case, Days, Happening, Length, derive
from campaign.people.models import (
    CampaignPerson,
    CaseEvent,
    Person,
    PersonAddress,
    PersonName,
    PersonPortrait,
    PersonText,
)
from campaign.people.visibility import GATE, Extent, Shows, may_be_seen, shows
from campaign.people.vocabulary import CaseStatus, EventKind

_CYRILLIC = ("be", "ru", "uk")
_FEW = 200
# By opaque(Person.id): the day and the mark for which the case was derived, and the case.
_DERIVED: Remembered[Any, tuple[Any, Case]] = Remembered("derived cases", seconds=None, most=20_000)
_LATIN = ("en", "be-Latn", "pl", "de")
_STANDING = (
    Person.id,
    type_coerce(Person.id, NullType()).label(None),
    Person.slug,
    *GATE,
    Person.confirmed_on,
    Person.version,
    Person.changed_at,
)
_EVENT = (
    type_coerce(CaseEvent.person_id, NullType()),
    type_coerce(CaseEvent.id, NullType()),
    type_coerce(CaseEvent.kind, String()),
    CaseEvent.happened_on,
    CaseEvent.precision,
    CaseEvent.bound,
    CaseEvent.years,
    CaseEvent.months,
    type_coerce(CaseEvent.follows_id, NullType()),
)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list.

    Values that the wish does not allow are None or empty. `portrait` is the beginning of its digest, for the
    address.
    """

    id: uuid.UUID
    slug: str
    name: str
    language: str
    shows: Shows
    role: str
    text_language: str
    case: Case | None
    portrait: str | None
    portrait_alt: str

    @property
    def status(self) -> CaseStatus | None:
        """The status of the person; None where only the name is shown."""
        return self.case.status if self.case else None

    @property
    def days(self) -> Days | None:
        """Days in detention, None where nothing of them is shown or known."""
        return self.case.days if self.case and self.case.periods and self.case.days.known else None


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a campaign.

    `free` and `held` are of those whose dates are shown; `days` of all are `exact` only if each of them is.
    """

    people: int
    free: int
    held: int
    died: int
    days: int
    exact: bool
    # The number of people whose days can be added.
    counted: int


def totals(lines: Iterable[PersonLine]) -> Totals:
    """The sums of a campaign: `free` of `people` are free, `days` of all together."""
    found = list(lines)
    return _counted(len(found), [line.case for line in found if line.case])


def _counted(people: int, cases: Sequence[Case]) -> Totals:
    known = [case.days for case in cases if case.periods and case.days.known]
    return Totals(
        people,
        sum(case.free for case in cases),
        sum(case.in_custody for case in cases),
        sum(case.status in DEAD for case in cases),
        sum(days.count for days in known),
        all(days.exact for days in known) and all(case.days.known for case in cases),
        len(known),
    )


def head_of(statement_id: int, language: str, most: int) -> tuple[list[PersonLine], Totals]:
    """The first of people_of(), and the sums of all: of a campaign for a thousand only these are read
    whole.
    """
    session, query, ranks = (
        db.session(),
        _public().where(Person.id.in_(_members(statement_id))),
        _ranks(statement_id),
    )
    rows = session.execute(query.with_only_columns(*_STANDING).order_by(None)).tuples()
    allowed = [
        (person_id, raw_id, may, Mark(*mark))
        for person_id, raw_id, _slug, wish, withdrawn, *mark in rows
        if (may := shows(wish, withdrawn)).name
    ]
    members: Any = query.with_only_columns(Person.id).order_by(None).scalar_subquery()
    cases = derived(
        session, members, {raw_id: mark for _person_id, raw_id, may, mark in allowed if may.dates}
    )
    ordered = sorted(allowed, key=lambda person: _place(cases.get(person[1]), ranks.get(person[0], 0)))
    lines = person_lines(
        select(Person).where(Person.id.in_([person_id for person_id, *_others in ordered[:most]])), language
    )

    return sorted(lines, key=lambda line: _place(line.case, ranks.get(line.id, 0))), _counted(
        len(allowed), list(cases.values())
    )


def people_of(statement_id: int, language: str, words: str = "") -> list[PersonLine]:
    """The people of a campaign: those in prison first, then the others, each in the order of the campaign;
    with `words` only those with a matching name.
    """
    ranks = _ranks(statement_id)
    lines = person_lines(_called(_public().where(Person.id.in_(_members(statement_id))), words), language)
    return sorted(lines, key=lambda line: _place(line.case, ranks.get(line.id, 0)))


def _members(statement_id: int) -> Select[Any]:
    return select(CampaignPerson.person_id).where(
        CampaignPerson.statement_id == statement_id, CampaignPerson.removed_at.is_(None)
    )


def _ranks(statement_id: int) -> dict[uuid.UUID, int]:
    rows = db.session.execute(
        select(CampaignPerson.person_id, CampaignPerson.rank).where(
            CampaignPerson.statement_id == statement_id
        )
    )
    return dict(rows.tuples().all())


def _place(case: Case | None, rank: int) -> tuple[bool, int]:
    """The order in which people in prison stand first."""
    return (case is None or case.status not in (*IN_PRISON, CaseStatus.ON_TRIAL), rank)


def all_people(language: str, words: str = "") -> list[PersonLine]:
    """Everyone with a public case file, by name; with `words` only those with a matching name, in any
    spelling.
    """
    lines = person_lines(_called(_public(), words), language)
    return sorted(lines, key=lambda line: (sort_key(line.name), line.slug))


def find_people(words: str, language: str, most: int = 20) -> list[PersonLine]:
    """The first public case files of people with a matching name, for the search of the site."""
    return all_people(language, words)[:most] if words.strip() else []


def person_line(slug: str, language: str) -> PersonLine | None:
    """One public person as in a list."""
    return next(iter(person_lines(_public().where(Person.slug == slug), language)), None)


def _called(query: Select[Any], words: str) -> Select[Any]:
    """The people of a select of Person with a matching name.

    A few are selected by their ids, or each statement that follows would search again.
    """
    if not words:
        return query
    found = query.where(*named(words))
    ids = db.session.scalars(found.with_only_columns(Person.id).limit(_FEW + 1)).all()
    return found if len(ids) > _FEW else select(Person).where(Person.id.in_(ids))


def named(words: str) -> list[ColumnElement[bool]]:
    """The conditions, one for each of `words`, that a person has it in a name or spelling, in any script."""
    return [
        Person.id.in_(select(PersonName.person_id).where(has_word))
        for has_word in has_words(PersonName.search_key, words)
    ]


def people_version() -> tuple[Any, ...]:
    """A version that changes when any case file does, and each day, because days are counted."""
    row = db.session.execute(
        select(
            func.count(), func.coalesce(func.sum(Person.version), 0), func.max(Person.changed_at)
        ).select_from(Person)
    ).one()
    return (*row, clock.today())


def campaign_version(statement_id: int) -> tuple[Any, ...]:
    """A version that changes with anything that a campaign shows of its people, and each day."""
    joined = select(
        func.count(),
        func.coalesce(func.sum(Person.version), 0),
        func.max(Person.changed_at),
        func.coalesce(func.sum(CampaignPerson.rank), 0),
        func.count(CampaignPerson.removed_at),
    ).join(CampaignPerson, CampaignPerson.person_id == Person.id)
    return (
        *db.session.execute(joined.where(CampaignPerson.statement_id == statement_id)).one(),
        clock.today(),
    )


def public_slugs() -> list[str]:
    """The addresses of the case files of which everyone may read more than the name: the others are for no
    search engine.
    """
    return list(
        db.session.scalars(select(Person.slug).where(may_be_seen(Extent.DATES)).order_by(Person.slug))
    )


def person_version(slug: str) -> tuple[Any, ...] | None:
    """A version that changes with anything in one public case file, and each day; None where there is none
    for the public.
    """
    row = db.session.execute(
        select(Person.id, Person.version).where(Person.slug == slug, may_be_seen())
    ).first()
    return (*row, clock.today()) if row else None


def portrait_of(slug: str) -> PersonPortrait | None:
    """The portrait of a person whose wish is that everything may be shown."""
    wanted = select(PersonPortrait).join(Person).where(Person.slug == slug, may_be_seen(Extent.FULL))
    return db.session.scalar(wanted)


def portrait_digest(slug: str) -> str | None:
    """The digest of that portrait, without reading it."""
    wanted = select(PersonPortrait.sha256).join(Person).where(Person.slug == slug, may_be_seen(Extent.FULL))
    return db.session.scalar(wanted)


def with_address(statement_id: int) -> set[str]:
    """The addresses under /p/ of the people of a campaign to whom letters could go, if everything may be
    shown of them. It says nothing of detention.
    """
    has_address = select(PersonAddress.person_id)
    wanted = select(Person.slug).where(
        Person.id.in_(_members(statement_id)), Person.id.in_(has_address), may_be_seen(Extent.FULL)
    )
    return set(db.session.scalars(wanted))


def statements_for(person_id: uuid.UUID) -> list[int]:
    """The campaigns that are for a person, drafts among them."""
    wanted = select(CampaignPerson.statement_id).where(
        CampaignPerson.person_id == person_id, CampaignPerson.removed_at.is_(None)
    )
    return list(db.session.scalars(wanted))


def person_lines(query: Select[Any], language: str, session: Session | None = None) -> list[PersonLine]:
    """The people of a select of Person, as far as they may be shown.

    Five statements, however many they are; no portrait is read.
    """
    reading = session or db.session()
    people = reading.execute(query.with_only_columns(*_STANDING).order_by(None)).tuples()
    allowed = [
        (person_id, raw_id, slug, shows(wish, withdrawn), Mark(*mark))
        for person_id, raw_id, slug, wish, withdrawn, *mark in people
    ]
    members: Any = query.with_only_columns(Person.id).order_by(None).scalar_subquery()
    names, texts = names_of(reading, members, language), _texts(reading, members, language)
    portraits = _portraits(reading, members)
    cases = derived(
        reading, members, {raw_id: mark for _person_id, raw_id, _slug, may, mark in allowed if may.dates}
    )

    lines = []
    for person_id, raw_id, slug, may, _mark in allowed:
        if not may.name or raw_id not in names:
            continue

        shown_name, spoken = names[raw_id]
        role, text_language = texts.get(raw_id, ("", language)) if may.full else ("", language)
        portrait = portraits.get(raw_id) if may.full else None
        case = may.of(cases[raw_id]) if may.dates else None
        alt = portrait[1] if portrait else ""
        lines.append(
            PersonLine(
                person_id,
                slug,
                shown_name,
                spoken,
                may,
                role,
                text_language,
                case,
                portrait[0][:10] if portrait else None,
                alt,
            )
        )

    return lines


class Mark(NamedTuple):
    """The mark that tells whether a case that was derived before is still valid."""

    confirmed_on: dt.date | None
    version: int
    changed_at: dt.datetime


def derived(session: Session, members: Any, marks: Mapping[Any, Mark]) -> dict[Any, Case]:
    """The state of each of these cases today, by opaque(Person.id).

    `marks` are of some or all of the people that `members` selects.

    A state derived today is remembered until the file changes: on the page of a campaign for a thousand
    people one file has changed.
    """
    today = clock.today()
    known = _DERIVED.get_all(marks)
    found = {raw_id: held[1] for raw_id, held in known.items() if held[0] == (today, marks[raw_id])}
    wanting = [raw_id for raw_id in marks if raw_id not in found]

    if wanting:
        # A few are selected by their ids, of which a database takes only so many.
        events = cases_of(session, members if len(wanting) > _FEW else _ids(wanting))
        made = {
            raw_id: derive(events.get(raw_id, ()), today, marks[raw_id].confirmed_on) for raw_id in wanting
        }
        _DERIVED.put_all({raw_id: ((today, marks[raw_id]), case) for raw_id, case in made.items()})
        found |= made

    return found


def _ids(raw: Iterable[Any]) -> list[uuid.UUID]:
    """The driver's ids as ids of ours: SQLite keeps them as text."""
    return [raw_id if isinstance(raw_id, uuid.UUID) else uuid.UUID(str(raw_id)) for raw_id in raw]


def cases_of(
    session: Session, members: Select[Any] | ScalarSelect[Any] | Collection[uuid.UUID]
) -> dict[Any, list[Happening]]:
    """The events of each of these people, by opaque(Person.id), in the order in which they were entered, as
    far as the state of the case depends on them.

    The ids of the events are opaque, too.
    """
    # No other event affects the state of a case, unless an event without a date follows it.
    followed = select(CaseEvent.follows_id).where(CaseEvent.follows_id.is_not(None))
    telling = or_(CaseEvent.kind.in_(TELLING), CaseEvent.id.in_(followed))
    rows = session.execute(
        select(*_EVENT).where(CaseEvent.person_id.in_(members), telling).order_by(CaseEvent.created_at)
    ).tuples()

    found: dict[Any, list[Happening]] = defaultdict(list)
    for person, raw_id, kind, day, precision, bound, years, months, follows in rows:
        length = Length(years, months or 0) if years is not None else None
        found[person].append(
            Happening(
                _KINDS[kind], When(day, _PRECISIONS[precision], _BOUNDS[bound]), length, raw_id, follows
            )
        )

    return found


def opaque(column: Any) -> Any:
    """An id as the driver has it, to match rows by: a UUID made of each of ten thousand of them costs more
    than all the rest.
    """
    return type_coerce(column, NullType()).label(None)


def names_of(session: Session, members: Any, language: str) -> dict[Any, tuple[str, str]]:
    """The name of each of these people for a reader of `language`, and the language it is in, by
    opaque(Person.id).
    """
    near = (language, *(_CYRILLIC if language in _CYRILLIC else _LATIN))
    wanted = select(opaque(PersonName.person_id), PersonName.language, PersonName.name, PersonName.canonical)
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    main: dict[Any, str] = {}

    useful = or_(PersonName.canonical, PersonName.language.in_(near))
    for raw_id, code, name, canonical in session.execute(
        wanted.where(PersonName.person_id.in_(members), PersonName.use == "name", useful)
    ).tuples():
        found[raw_id][code] = name
        if canonical:
            main[raw_id] = code

    chosen = {
        raw_id: best_name(names, main[raw_id], language) for raw_id, names in found.items() if raw_id in main
    }
    return {raw_id: (found[raw_id][code], code) for raw_id, code in chosen.items()}


def best_name(names: dict[str, str], canonical: str, language: str) -> str:
    """The language of the name to show: the reader's, else one in their script, else the main one."""
    near = _CYRILLIC if language in _CYRILLIC else _LATIN
    return next((code for code in (language, *near) if code in names), canonical)


def best_text(found: Iterable[str], language: str) -> str | None:
    """The language of the text to show: the reader's, else the first of the interface's."""
    there = set(found)
    return next(
        (code for code in (language, default_language(), *LANGUAGES, *sorted(there)) if code in there), None
    )


_KINDS = {str(kind): kind for kind in EventKind}
_PRECISIONS = {str(precision): precision for precision in Precision}
_BOUNDS = {str(bound): bound for bound in Bound}


def _public() -> Select[Any]:
    return select(Person).where(may_be_seen())


def _texts(session: Session, members: Any, language: str) -> dict[Any, tuple[str, str]]:
    """The role by person, with its language."""
    rows = session.execute(
        select(opaque(PersonText.person_id), PersonText.language, PersonText.role).where(
            PersonText.person_id.in_(members), PersonText.role != ""
        )
    ).tuples()
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    for raw_id, code, role in rows:
        found[raw_id][code] = role
    best = {raw_id: best_text(roles, language) for raw_id, roles in found.items()}
    return {raw_id: (found[raw_id][code], code) for raw_id, code in best.items() if code}


def _portraits(session: Session, members: Any) -> dict[Any, tuple[str, str]]:
    wanted = select(
        opaque(PersonPortrait.person_id), PersonPortrait.sha256, PersonPortrait.description
    ).where(PersonPortrait.person_id.in_(members))
    return {raw_id: (digest, description) for raw_id, digest, description in session.execute(wanted).tuples()}
