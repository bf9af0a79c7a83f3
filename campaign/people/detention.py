"""The status and the days in detention, derived from a timeline.

Neither is ever typed by anyone, and nothing is guessed.

The rule of counting. A day counts when its night was spent in detention: from the day of the arrest up to,
and without, the day of the release. A person arrested and released on one day has 0 days; one arrested on 14
July and released on 15 July has 1. While the detention goes on, the count runs to today. Several detentions
add up. House arrest and other restrictions of freedom do not count.

What is not known is not claimed. Of a month, year or "by" only those days count that are certain, and the
number is then "at least". An end of which no day is known counts up to the last event that shows the person
in detention. A status that the team has not confirmed for 60 days may have ended without our knowing: the
count then stops at the last day on which it is known, and says "at least".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from campaign.people.dates import Bound, When
from campaign.people.vocabulary import CaseStatus, EventKind

FRESH_DAYS = 60
# Events that end a detention.
ENDS = (EventKind.RESTRICTION, EventKind.RELEASE, EventKind.LEFT_COUNTRY, EventKind.DEATH)
# Events of a person in prison: they show that the person was still there.
_WITNESSES = (
    EventKind.EXTENSION,
    EventKind.SENTENCE,
    EventKind.TRANSFER,
    EventKind.PUNISHMENT_CELL,
    EventKind.CORRESPONDENCE_BLOCKED,
)
# The status and the days do not depend on any other event.
TELLING = (EventKind.ARREST, *ENDS, *_WITNESSES, EventKind.TRIAL, EventKind.VERDICT, EventKind.APPEAL)
# Events that only happen to somebody who is held, or whose freedom is restricted.
_IN_CUSTODY = (EventKind.EXTENSION, EventKind.TRANSFER, EventKind.PUNISHMENT_CELL)
# Events that can still happen after a death.
_POSTHUMOUS = (EventKind.AWARD, EventKind.APPEAL, EventKind.OTHER)
# Statuses that the team confirms from time to time.
WATCHED = (CaseStatus.DETAINED, CaseStatus.ON_TRIAL, CaseStatus.SERVING, CaseStatus.RESTRICTED)
IN_PRISON = (CaseStatus.DETAINED, CaseStatus.SERVING)
DEAD = (CaseStatus.DIED_IN_CUSTODY, CaseStatus.DIED)
# A timeline with more vague dates than that is read by its plain order.
_MOST_TRIED = 2_000
# The order of events on one day.
_ORDER = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a sentence."""

    years: int
    months: int = 0


class Happening(NamedTuple):
    """One event.

    `event_id` identifies it; one without a known date stands after the event that `follows` names.
    """

    kind: EventKind
    when: When
    length: Length | None = None
    event_id: Any = None
    follows: Any = None


@dataclass(frozen=True, slots=True)
class Days:
    """Days in detention. `exact` is False where only this many are certain: people read "at least"."""

    count: int = 0
    exact: bool = True

    @property
    def known(self) -> bool:
        """False where nothing can be said."""
        return self.exact or self.count > 0


@dataclass(frozen=True, slots=True)
class Period:
    """One detention.

    `end` is None while it goes on. The certain days are those from `first` up to, and without, `last`.
    """

    start: When
    end: When | None
    first: dt.date | None
    last: dt.date | None

    @property
    def exact(self) -> bool:
        """True where both days are known, or where it is known to go on."""
        return self.start.exact and (self.end is None or self.end.exact)

    @property
    def days(self) -> int:
        """The days that are certain."""
        return max(0, (self.last - self.first).days) if self.first and self.last else 0


@dataclass(frozen=True, slots=True)
class Case:
    """The state of a case.

    `as_of` is the last day on which the status is known to hold; None where nothing says so.

    `sentence` is the one in force, `first_sentence` the one before an appeal changed it, None where none did.
    """

    status: CaseStatus
    in_custody: bool
    days: Days
    periods: tuple[Period, ...]
    as_of: dt.date | None
    needs_checking: bool
    sentence: Length | None
    first_sentence: Length | None
    # The event since which the status has applied.
    since: When | None

    @property
    def died(self) -> bool:
        """True after a death: nothing is made or sent automatically any more."""
        return self.status in DEAD

    @property
    def free(self) -> bool:
        """True for a person who was in detention and is out of it alive, whatever else restricts them."""
        return bool(self.periods) and not self.in_custody and not self.died


class FaultKind(StrEnum):
    """A contradiction that no timeline may have."""

    END_BEFORE_START = "end before start"
    OVERLAP = "overlap"
    NO_TRIAL = "no trial"
    NO_SENTENCE = "no sentence"
    AFTER_DEATH = "after death"
    BEFORE_BIRTH = "before birth"
    AT_LIBERTY = "at liberty"


@dataclass(frozen=True, slots=True)
class Fault:
    """A contradiction at one event.

    `other` is the event that it contradicts, `born` the date of birth, where there is one.
    """

    kind: FaultKind
    at: Happening
    other: Happening | None = None
    born: When | None = None


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    """The events in the order in which they happened.

    On one day by kind, but a release before a new arrest where the person was held before. Events of which
    only a month, a year or "by" is known stand where they contradict no other, if there is such a place.
    """
    given = list(happenings)
    plain = _by_day(given, {})
    return _by_day(given, _fitted_days(given)) if next(_contradictions(plain), None) else plain


def _by_day(given: Sequence[Happening], days: Mapping[int, tuple[dt.date, int]]) -> list[Happening]:
    """The events by day. `days` has those that were given another one, with their rank in it, by number."""
    placed = [(days[number][0] if number in days else _place(one), one) for number, one in enumerate(given)]
    dated = sorted(
        (
            (place, _ORDER[one.kind], number, one)
            for number, (place, one) in enumerate(placed)
            if place is not None
        ),
        key=itemgetter(0, 1, 2),
    )
    ordered: list[Happening] = []

    held = False
    for _day, of_day in groupby(dated, key=itemgetter(0)):
        group = [(number, one) for _place_of, _rank, number, one in of_day]
        if held and len(group) > 1 and any(one.kind is EventKind.ARREST for _number, one in group):
            group.sort(key=lambda member: member[1].kind not in ENDS)
        if days:
            ranked = iter(
                sorted((member for member in group if member[0] in days), key=lambda it: days[it[0]][1])
            )
            group = [next(ranked) if member[0] in days else member for member in group]
        for _number, one in group:
            held = one.kind is EventKind.ARREST or (held and one.kind not in ENDS)
        ordered += [one for _number, one in group]

    undated = [one for place, one in placed if place is None]
    return _with_undated(ordered, undated) if undated else ordered


def derive(happenings: Iterable[Happening], today: dt.date, confirmed_on: dt.date | None = None) -> Case:
    """The state of a case on `today`.

    The team last confirmed the status on `confirmed_on`. Later events do not count.
    """
    walk = _Walk()
    for one in in_order(happenings):
        if one.when.begun(today):
            walk.take(one)

    seen = [day for day in (confirmed_on, walk.known_on) if day is not None]
    as_of = min(max(seen), today) if seen else None
    status = walk.standing
    stale = status in WATCHED and (as_of is None or (today - as_of).days > FRESH_DAYS)
    periods = tuple(walk.periods)

    if walk.stay is not None:
        periods = (*periods, walk.stay.going_on(as_of if stale else today))

    exact = all(period.exact for period in periods) and not (stale and walk.stay is not None)
    changed = walk.first if walk.first != walk.sentence else None
    days = Days(_certain(periods), exact)
    return Case(
        status, walk.stay is not None, days, periods, as_of, stale, walk.sentence, changed, walk.since
    )


def faults(happenings: Iterable[Happening], born: When | None = None) -> list[Fault]:
    """The contradictions in the timeline of a person born then, in its order.

    Dates are compared by what is known of them: an order that is possible on some days is none.
    """
    ordered = in_order(happenings)
    return [
        *_before_birth(ordered, born),
        *_contradictions(ordered),
        *_at_liberty(ordered),
        *_unfounded(ordered),
    ]


def _place(one: Happening) -> dt.date | None:
    """The day by which an event is ordered: the last possible one for an end, so that an end in a month
    follows a start in it.
    """
    return one.when.latest if one.kind in ENDS or one.when.bound is Bound.BY else one.when.earliest


def _with_undated(ordered: list[Happening], undated: list[Happening]) -> list[Happening]:
    """Put each event without a date after the one that it follows.

    Those that follow nothing: an arrest first, all others last, but before a death; so for a circle.
    """
    waiting = list(undated)
    while waiting:
        known = {one.event_id: place for place, one in enumerate(ordered) if one.event_id is not None}
        fitting = next((one for one in waiting if one.follows in known), waiting[0])
        waiting.remove(fitting)
        alone = 0 if fitting.kind is EventKind.ARREST else _last_place(ordered, fitting)
        place = known[fitting.follows] + 1 if fitting.follows in known else alone
        ordered.insert(place, fitting)
    return ordered


def _last_place(ordered: Sequence[Happening], one: Happening) -> int:
    deaths = [place for place, other in enumerate(ordered) if other.kind is EventKind.DEATH]
    stays_alive = one.kind not in (*_POSTHUMOUS, EventKind.DEATH)
    return deaths[0] if deaths and stays_alive else len(ordered)


@dataclass(slots=True)
class _Stay:
    """A detention that is not over yet, on the walk through a timeline."""

    start: When
    # The last day on which the person is known to have been there, and the last possible day of the
    # beginning.
    seen: dt.date | None = None
    begun_by: dt.date | None = None

    def witness(self, when: When) -> None:
        if when.earliest and (self.seen is None or when.earliest > self.seen):
            self.seen = when.earliest
        if self.begun_by is None:
            self.begun_by = when.latest

    def ended(self, end: When) -> Period:
        known = [day for day in (end.earliest, self.seen) if day is not None]
        last = max(known, default=None)
        if last is not None and end.latest is not None:
            last = min(last, end.latest)
        return Period(self.start, end, self.begun_by or end.latest, last)

    def going_on(self, until: dt.date | None) -> Period:
        known = [day for day in (until, self.seen) if day is not None]
        return Period(self.start, None, self.begun_by or until, max(known, default=None))


@dataclass(slots=True)
class _Walk:
    """The state that is known after each event."""

    stay: _Stay | None = None
    periods: list[Period] = field(default_factory=list)
    on_trial: bool = False
    sentenced: bool = False
    restricted: bool = False
    left: bool = False
    death: CaseStatus | None = None
    sentence: Length | None = None
    first: Length | None = None
    since: When | None = None
    known_on: dt.date | None = None
    standing: CaseStatus = CaseStatus.AT_LIBERTY

    def take(self, one: Happening) -> None:
        before = self.standing
        if one.kind is EventKind.ARREST and self.stay is None:
            self.stay = _Stay(one.when, one.when.earliest, one.when.latest)
            self.restricted = self.left = False
        elif one.kind in ENDS:
            self._end(one)
        elif self.stay is not None and one.kind in _WITNESSES:
            self.stay.witness(one.when)

        self._judge(one)
        self.standing = self._status()
        if self.standing is not before:
            self.since = one.when

        self._know(one, self.standing is not before)

    def _end(self, one: Happening) -> None:
        if one.kind is EventKind.DEATH and self.death is None:
            self.death = CaseStatus.DIED_IN_CUSTODY if self.stay is not None else CaseStatus.DIED
        if self.stay is not None:
            self.periods.append(self.stay.ended(one.when))
        self.stay, self.sentenced = None, False
        self.restricted = one.kind is EventKind.RESTRICTION
        self.left = self.left or one.kind is EventKind.LEFT_COUNTRY
        if one.kind is EventKind.RELEASE:
            self.on_trial = False

    def _judge(self, one: Happening) -> None:
        if one.kind is EventKind.TRIAL:
            self.on_trial = True
        elif one.kind in (EventKind.VERDICT, EventKind.SENTENCE):
            self.on_trial = False
        if one.kind is EventKind.SENTENCE:
            self.sentenced, self.sentence, self.first = True, one.length, one.length
        elif one.kind is EventKind.APPEAL and one.length is not None:
            self.sentence = one.length

    def _know(self, one: Happening, changed: bool) -> None:
        """Move the day on which the status is known to hold: a person was seen in prison, or the status
        changed.
        """
        shown = self.stay is not None and one.kind in _WITNESSES
        day = one.when.latest if changed else one.when.earliest if shown else None
        if day is not None and (self.known_on is None or day > self.known_on):
            self.known_on = day

    def _status(self) -> CaseStatus:
        if self.death is not None:
            return self.death
        if self.stay is not None:
            return (
                CaseStatus.SERVING
                if self.sentenced
                else CaseStatus.ON_TRIAL
                if self.on_trial
                else CaseStatus.DETAINED
            )

        if self.restricted:
            return CaseStatus.RESTRICTED
        if self.on_trial:
            return CaseStatus.ON_TRIAL
        if self.left:
            return CaseStatus.LEFT_COUNTRY
        return CaseStatus.RELEASED if self.periods else CaseStatus.AT_LIBERTY


def _certain(periods: Sequence[Period]) -> int:
    """The days that are certain in any of the periods, each counted once."""
    spans = sorted(
        (period.first, period.last)
        for period in periods
        if period.first and period.last and period.first < period.last
    )
    total, reached = 0, dt.date.min
    for first, last in spans:
        total += max(0, (last - max(first, reached)).days)
        reached = max(reached, last)
    return total


def _before_birth(ordered: Sequence[Happening], born: When | None) -> Iterable[Fault]:
    """What happened before the birth; "other" may be about the family."""
    if born is None:
        return
    for one in ordered:
        if one.kind is not EventKind.OTHER and not can_precede(born, one.when):
            yield Fault(FaultKind.BEFORE_BIRTH, one, born=born)


def _contradictions(ordered: Sequence[Happening]) -> Iterator[Fault]:
    state = _Custody()
    for place, one in enumerate(ordered):
        fault = state.refuses(one)
        if fault is FaultKind.END_BEFORE_START:
            later = (other for other in ordered[place:] if other.kind is EventKind.ARREST)
            yield Fault(fault, one, next(later, None))
        elif fault is not None:
            yield Fault(fault, one, state.dead if fault is FaultKind.AFTER_DEATH else state.held)
        state = state.after(one)


class _Custody(NamedTuple):
    """The arrest that holds the person, whether their freedom is restricted, and their death."""

    held: Happening | None = None
    bound: bool = False
    dead: Happening | None = None

    def refuses(self, one: Happening) -> FaultKind | None:
        if self.dead is not None and one.kind not in _POSTHUMOUS:
            moves = one.kind is EventKind.ARREST or one.kind in ENDS or one.when.day is None
            return FaultKind.AFTER_DEATH if moves or not can_precede(one.when, self.dead.when) else None
        if one.kind is EventKind.ARREST and self.held is not None:
            return FaultKind.OVERLAP
        if one.kind is EventKind.RELEASE and self.held is None and not self.bound:
            return FaultKind.END_BEFORE_START
        return None

    def after(self, one: Happening) -> _Custody:
        if self.dead is not None:
            return self
        if one.kind is EventKind.ARREST:
            return _Custody(one)
        if one.kind in ENDS:
            dead = one if one.kind is EventKind.DEATH else None
            return _Custody(None, one.kind is EventKind.RESTRICTION, dead)
        return self


def _fitted_days(given: Sequence[Happening]) -> dict[int, tuple[dt.date, int]]:
    """For arrests and ends of custody, by their number: a day within what is known of each, and its rank, so
    that none contradicts another. Empty where there are no such days.

    An event without any date goes with the one that it follows.
    """
    moving = [
        number
        for number, one in enumerate(given)
        if one.when.day is not None and (one.kind is EventKind.ARREST or one.kind in ENDS)
    ]
    undated = [one for one in given if one.when.day is None and (one.kind in (EventKind.ARREST, *ENDS))]
    known = {one.event_id for one in given if one.event_id is not None}
    alone = [one for one in undated if one.follows not in known and one.kind is EventKind.ARREST]
    state = _Custody()
    for one in alone:
        state = state.after(one)
    order = _fitting_order(given, moving, undated, state)

    days: dict[int, tuple[dt.date, int]] = {}
    last = dt.date.min
    for rank, number in enumerate(order):
        rest = [given[later].when.latest or dt.date.max for later in order[rank:]]
        wanted = _place(given[number]) or last
        last = min(max(wanted, given[number].when.earliest or last, last), *rest, dt.date.max)
        days[number] = (last, rank)
    return days


def _fitting_order(
    given: Sequence[Happening], moving: Sequence[int], undated: Sequence[Happening], state: _Custody
) -> list[int]:
    """An order of these events that their dates allow and in which none contradicts another; empty where
    there is none.
    """
    ranked = sorted(moving, key=lambda number: (_place(given[number]), _ORDER[given[number].kind], number))
    # Of states that were tried: the events that are left, and what follows depends on nothing else.
    tried: set[tuple[frozenset[int], bool, bool, bool]] = set()

    def rest_of(left: frozenset[int], state: _Custody) -> list[int] | None:
        if not left:
            return []
        mark = (left, state.held is not None, state.bound, state.dead is not None)
        if mark in tried or len(tried) > _MOST_TRIED:
            return None
        tried.add(mark)
        # What is over by a day comes before what begins after it.
        over = min(given[number].when.latest or dt.date.max for number in left)
        for number in ranked:
            if number not in left or (given[number].when.earliest or dt.date.min) > over:
                continue
            after = _through(state, given[number], undated)
            if after is not None and (rest := rest_of(left - {number}, after)) is not None:
                return [number, *rest]
        return None

    return rest_of(frozenset(moving), state) or []


def _through(state: _Custody, one: Happening, undated: Sequence[Happening]) -> _Custody | None:
    """The state after an event and those without a date that follow it; None where one of them can't be."""
    followers = [other for other in undated if one.event_id is not None and other.follows == one.event_id]
    for each in (one, *followers):
        if state.refuses(each) is not None:
            return None
        state = state.after(each)
    return state


def _at_liberty(ordered: Sequence[Happening]) -> Iterable[Fault]:
    """What only happens to somebody in custody, and cannot have happened within any that is entered."""
    spans: list[tuple[When, When | None]] = []
    begun: When | None = None
    for one in ordered:
        if one.kind in (EventKind.ARREST, EventKind.RESTRICTION) and begun is None:
            begun = one.when
        elif one.kind in ENDS and one.kind is not EventKind.RESTRICTION and begun is not None:
            spans.append((begun, one.when))
            begun = None
    if begun is not None:
        spans.append((begun, None))
    if not any(one.kind is EventKind.ARREST for one in ordered):
        return

    for one in ordered:
        if one.kind not in _IN_CUSTODY or one.when.day is None:
            continue
        held = (
            can_precede(start, one.when) and (end is None or can_precede(one.when, end))
            for start, end in spans
        )
        if not any(held):
            yield Fault(FaultKind.AT_LIBERTY, one)


def _unfounded(ordered: Sequence[Happening]) -> Iterable[Fault]:
    needs = {
        EventKind.SENTENCE: ((EventKind.TRIAL, EventKind.VERDICT), FaultKind.NO_TRIAL),
        EventKind.APPEAL: ((EventKind.VERDICT, EventKind.SENTENCE), FaultKind.NO_SENTENCE),
    }
    for one in ordered:
        if one.kind in needs:
            wanted, fault = needs[one.kind]
            if not any(other.kind in wanted and can_precede(other.when, one.when) for other in ordered):
                yield Fault(fault, one)


def can_precede(first: When, second: When) -> bool:
    """True unless the first certainly comes after the second: then every possible day of it does."""
    return first.earliest is None or second.latest is None or first.earliest <= second.latest
