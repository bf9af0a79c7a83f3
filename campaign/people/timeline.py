"""Writes to the timeline of a case.

A change that would make it contradict itself is refused, and nothing of it is kept.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.core import clock, edit_lock
from campaign.core.dates import Precision
from campaign.core.ids import new_id
from campaign.people import operations
from campaign.people.dates import When
from campaign.people.detention import ENDS, Fault, FaultKind, Happening, Length, derive, faults, in_order
from campaign.people.errors import TimelineFault
from campaign.people.models import CaseEvent, CaseEventText, Person
from campaign.people.operations import CaseFileContent, renew
from campaign.people.signals import person_released
from campaign.people.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Words:
    """An event in one language. `note` is Markdown."""

    article: str = ""
    explanation: str = ""
    place: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """True when all texts are empty."""
        return self == Words()


@dataclass(frozen=True, slots=True)
class Event:
    """An event as somebody typed it.

    `starts_at` (UTC) is when a court sits, read in `time_zone`; `event_id` is set where other events of a
    list refer to it.
    """

    kind: EventKind
    when: When
    length: Length | None = None
    starts_at: dt.datetime | None = None
    time_zone: str = "UTC"
    follows: uuid.UUID | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    event_id: uuid.UUID | None = None


def happening(event: CaseEvent) -> Happening:
    """The part of an event that detention.py needs."""
    length = Length(event.years, event.months or 0) if event.years is not None else None
    return Happening(EventKind(event.kind), event.when, length, event.id, event.follows_id)


def born(person: Person) -> When | None:
    """When a person was born, as far as it is known."""
    return When(person.born_on, Precision(person.born_precision)) if person.born_on else None


def change_person(session: Session, person: Person, entry: CaseFileContent) -> None:
    """Replace the record of the person; the timeline, the wish and the portrait stay.

    Flushes. Raises TimelineFault where the new date of birth comes after an event.
    """
    before = _fault_marks(person)
    operations.change_person(session, person, entry)
    _refuse_new(person, before)


def ordered(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """The events of one person as they happened."""
    # Among events of one kind on one day the one that was entered first comes first.
    by_id = {event.id: event for event in sorted(events, key=lambda event: event.created_at)}
    return [by_id[one.event_id] for one in in_order(map(happening, by_id.values()))]


def event_fingerprint(event: CaseEvent) -> str:
    """The fingerprint of an event, which is different after every change."""
    return edit_lock.fingerprint({"changed_at": event.changed_at.timestamp()})


def enter_event(session: Session, person: Person, event: Event) -> CaseEvent:
    """Add an event. Flushes. Raises TimelineFault."""
    return enter_events(session, person, [event])[0]


def enter_events(session: Session, person: Person, events: Sequence[Event]) -> list[CaseEvent]:
    """Add events of which none can stand alone, such as an earlier arrest with its release.

    Flushes. Raises TimelineFault.

    Campaigns are told of a release after which the person is free (signals.py).
    """
    before = _before(person)
    added = [_new(event) for event in events]
    person.events += added
    _settle(session, person, before)
    if (freed := _freeing(person)) in added:
        person_released.send(session, person=person, event=freed)
    return added


def change_event(session: Session, person: Person, changed: CaseEvent, event: Event) -> None:
    """Replace what an event says. Flushes. Raises TimelineFault."""
    before = _before(person)
    changed.texts = []
    session.flush()
    _fill(changed, event)
    changed.changed_at = clock.now()
    _settle(session, person, before)


def remove_event(session: Session, person: Person, removed: CaseEvent) -> None:
    """Delete an event; with an arrest goes the release that ended it, which can't stand alone.

    Flushes. Raises TimelineFault.
    """
    before, line = _before(person), ordered(person.events)
    going = [removed]
    if removed.kind == EventKind.ARREST:
        later = line[line.index(removed) + 1 :]
        end = next((event for event in later if event.kind in (*ENDS, EventKind.ARREST)), None)
        going += [end] if end is not None and end.kind == EventKind.RELEASE else []

    # Events that followed it follow the one before it.
    place = line.index(removed)
    for event in person.events:
        if event.follows_id in {gone.id for gone in going}:
            event.follows_id = line[place - 1].id if place else None

    session.flush()
    for gone in going:
        person.events.remove(gone)
    _settle(session, person, before)


def replace_timeline(session: Session, person: Person, events: Sequence[Event]) -> None:
    """Put these events in place of all others. Flushes. Raises TimelineFault."""
    before = _before(person)
    unlinked = update(CaseEvent).where(CaseEvent.person_id == person.id).values(follows_id=None)
    session.execute(unlinked, execution_options={"synchronize_session": False})
    person.events = []
    session.flush()
    rows = [_new(event) for event in events]

    follows = [row.follows_id for row in rows]
    for row in rows:
        row.follows_id = None

    person.events = rows
    session.flush()
    for row, behind in zip(rows, follows, strict=True):
        row.follows_id = behind
    _settle(session, person, before)


def _new(event: Event) -> CaseEvent:
    row = CaseEvent(id=event.event_id or new_id(), created_at=clock.now(), changed_at=clock.now())
    _fill(row, event)
    return row


def _fill(row: CaseEvent, event: Event) -> None:
    row.kind, row.follows_id = event.kind, event.follows
    row.happened_on, row.precision, row.bound = event.when.day, event.when.precision, event.when.bound
    row.starts_at, row.time_zone = event.starts_at, event.time_zone
    row.years = event.length.years if event.length else None
    row.months = event.length.months if event.length else None
    row.texts = [
        CaseEventText(
            language=code,
            article=said.article,
            explanation=said.explanation,
            place=said.place,
            note=said.note,
        )
        for code, said in event.words.items()
        if not said.empty
    ]


def _settle(session: Session, person: Person, before: _Before) -> None:
    """Refuse a timeline that contradicts itself.

    What was contradictory before, by rules that were not checked yet, can be put right one by one. A status
    that has changed is not yet confirmed by anybody.
    """
    _refuse_new(person, before.faults)
    if _status(person) is not before.status:
        person.confirmed_on = None
    renew(session, person)


def _freeing(person: Person) -> CaseEvent | None:
    """The release after which the person is at liberty; None where the last event is another one."""
    last = next(
        (event for event in reversed(ordered(person.events)) if event.kind in (*ENDS, EventKind.ARREST)), None
    )
    return last if last is not None and last.kind == EventKind.RELEASE else None


@dataclass(frozen=True, slots=True)
class _Before:
    """The status before a change, and the contradictions that the timeline has already."""

    status: object
    faults: frozenset[tuple[FaultKind, object]]


def _before(person: Person) -> _Before:
    return _Before(_status(person), _fault_marks(person))


def _fault_marks(person: Person) -> frozenset[tuple[FaultKind, object]]:
    return frozenset((fault.kind, fault.at.event_id) for fault in _faults(person))


def _faults(person: Person) -> list[Fault]:
    return faults(map(happening, person.events), born(person))


def _refuse_new(person: Person, known: frozenset[tuple[FaultKind, object]]) -> None:
    for fault in _faults(person):
        if (fault.kind, fault.at.event_id) not in known:
            raise TimelineFault(fault)


def _status(person: Person) -> object:
    return derive(map(happening, person.events), clock.today()).status
