"""Status and days in detention follow from what happened, and claim nothing that is not certain."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.dates import Precision
from campaign.people.dates import UNKNOWN, Bound, When, parse
from campaign.people.detention import FRESH_DAYS, Case, FaultKind, Happening, Length, derive, faults, in_order
from campaign.people.vocabulary import CaseStatus, EventKind

K, S = EventKind, CaseStatus
TODAY = dt.date(2025, 12, 15)
Story = list[tuple[EventKind, str] | tuple[EventKind, str, Length]]

# The seven of the campaign, as of 15 December 2025.
BIALIATSKI: Story = [
    (K.ARREST, "2021-07-14"),
    (K.VERDICT, "2023-03-03"),
    (K.SENTENCE, "2023-03-03", Length(10)),
    (K.RELEASE, "2025-12-13"),
]
STEFANOVIC: Story = [
    (K.ARREST, "2021-07-14"),
    (K.VERDICT, "2023-03-03"),
    (K.SENTENCE, "2023-03-03", Length(9)),
]
RABKOVA: Story = [
    (K.ARREST, "2020-09-17"),
    (K.VERDICT, "2022-09-06"),
    (K.SENTENCE, "2022-09-06", Length(15)),
    (K.APPEAL, "2023-02-28", Length(14, 9)),
]
CHAPIUK: Story = [
    (K.ARREST, "2020-10-02"),
    (K.VERDICT, "2022-09"),
    (K.SENTENCE, "2022-09", Length(6)),
    (K.APPEAL, "unknown", Length(5, 9)),
    (K.RELEASE, "by 2025-09"),
]
SUDALENKA: Story = [
    (K.ARREST, "2021-01-18"),
    (K.VERDICT, "2021-11-03"),
    (K.SENTENCE, "2021-11-03", Length(3)),
    (K.RELEASE, "2023-07-21"),
]


def told(story: Story) -> list[Happening]:
    """A timeline from its lines."""
    return [
        Happening(line[0], parse(line[1]), line[2] if len(line) > 2 else None, number)
        for number, line in enumerate(story)
    ]  # type: ignore[misc]


def case(story: Story, today: dt.date = TODAY, confirmed: dt.date | None = TODAY) -> Case:
    """How a case stands."""
    assert faults(told(story)) == []
    return derive(told(story), today, confirmed)


@pytest.mark.parametrize(
    ("story", "status", "count", "exact", "sentence", "first"),
    [
        (BIALIATSKI, S.RELEASED, 1613, True, Length(10), None),
        (STEFANOVIC, S.SERVING, 1615, True, Length(9), None),
        (RABKOVA, S.SERVING, 1915, True, Length(14, 9), Length(15)),
        # Out by September 2025: certain are the days up to the sentence, at some day of September 2022.
        (CHAPIUK, S.RELEASED, 699, False, Length(5, 9), Length(6)),
        (SUDALENKA, S.RELEASED, 914, True, Length(3), None),
    ],
)
def test_the_cases_of_the_facts(
    story: Story, status: CaseStatus, count: int, exact: bool, sentence: Length, first: Length | None
) -> None:
    found = case(story)
    assert (found.status, found.days.count, found.days.exact, found.sentence, found.first_sentence) == (
        status,
        count,
        exact,
        sentence,
        first,
    )
    assert not found.needs_checking


STEPS: list[tuple[Story, CaseStatus]] = [
    ([], S.AT_LIBERTY),
    ([(K.SEARCH, "2021-01-01")], S.AT_LIBERTY),
    ([(K.TRIAL, "2021-01-01")], S.ON_TRIAL),
    ([(K.ARREST, "2021-01-01")], S.DETAINED),
    ([(K.ARREST, "2021-01-01"), (K.CHARGE, "2021-01-10"), (K.TRIAL, "2021-02-01")], S.ON_TRIAL),
    ([(K.ARREST, "2021-01-01"), (K.TRIAL, "2021-02-01"), (K.VERDICT, "2021-02-02")], S.DETAINED),
    ([(K.ARREST, "2021-01-01"), (K.VERDICT, "2021-02-02"), (K.SENTENCE, "2021-02-02", Length(1))], S.SERVING),
    ([(K.ARREST, "2021-01-01"), (K.RESTRICTION, "2021-03-01")], S.RESTRICTED),
    ([(K.ARREST, "2021-01-01"), (K.RESTRICTION, "2021-03-01"), (K.RELEASE, "2021-04-01")], S.RELEASED),
    ([(K.ARREST, "2021-01-01"), (K.RELEASE, "2021-04-01"), (K.LEFT_COUNTRY, "2021-04-01")], S.LEFT_COUNTRY),
    ([(K.ARREST, "2021-01-01"), (K.LEFT_COUNTRY, "2021-04-01")], S.LEFT_COUNTRY),
    ([(K.LEFT_COUNTRY, "2021-04-01"), (K.ARREST, "2021-05-01")], S.DETAINED),
    ([(K.ARREST, "2021-01-01"), (K.DEATH, "2021-04-01")], S.DIED_IN_CUSTODY),
    (
        [
            (K.ARREST, "2021-01-01"),
            (K.RELEASE, "2021-04-01"),
            (K.DEATH, "2021-05-01"),
            (K.AWARD, "2022-01-01"),
        ],
        S.DIED,
    ),
]


@pytest.mark.parametrize(("story", "status"), STEPS)
def test_each_status_follows_from_what_happened(story: Story, status: CaseStatus) -> None:
    assert case(story).status is status


def test_the_day_of_release_stops_the_count_and_a_single_day_is_none() -> None:
    assert case([(K.ARREST, "2021-07-14"), (K.RELEASE, "2021-07-14")]).days.count == 0
    assert case([(K.ARREST, "2021-07-14"), (K.RELEASE, "2021-07-15")]).days.count == 1
    assert case([(K.ARREST, "2025-12-15")]).days.count == 0
    assert case([(K.ARREST, "2025-12-14")]).days.count == 1


def test_several_detentions_add_up_also_when_one_follows_on_the_day_of_the_other() -> None:
    story: Story = [
        (K.ARREST, "2021-01-01"),
        (K.RELEASE, "2021-01-16"),
        (K.ARREST, "2021-01-16"),
        (K.RELEASE, "2021-01-31"),
    ]
    assert case(story).days.count == 30
    assert len(case(story).periods) == 2


def test_a_status_that_nobody_confirmed_needs_checking_and_the_count_waits_for_it() -> None:
    confirmed = TODAY
    last, next_day = TODAY + dt.timedelta(FRESH_DAYS), TODAY + dt.timedelta(FRESH_DAYS + 1)
    fresh, stale = case(STEFANOVIC, last, confirmed), case(STEFANOVIC, next_day, confirmed)
    assert (fresh.needs_checking, fresh.days.count, fresh.days.exact) == (False, 1675, True)
    assert (stale.needs_checking, stale.days.count, stale.days.exact) == (True, 1615, False)
    assert (stale.as_of, stale.status) == (TODAY, S.SERVING)
    assert not case(SUDALENKA, TODAY + dt.timedelta(999), None).needs_checking


def test_without_any_confirmation_the_last_event_says_as_of_when() -> None:
    found = case(RABKOVA, confirmed=None)
    # An appeal shows nobody in prison; the sentence does.
    assert (found.as_of, found.needs_checking, found.days.count, found.days.exact) == (
        dt.date(2022, 9, 6),
        True,
        719,
        False,
    )


def test_an_unknown_end_counts_up_to_the_last_sign_of_life_in_prison() -> None:
    story: Story = [(K.ARREST, "2021-01-01"), (K.TRANSFER, "2021-03-01"), (K.RELEASE, "unknown")]
    found = case(story)
    assert (found.status, found.days.count, found.days.exact) == (S.RELEASED, 59, False)
    assert not case([(K.ARREST, "2021-01-01"), (K.RELEASE, "unknown")]).days.known


def test_an_unknown_beginning_counts_from_the_first_sign() -> None:
    found = case([(K.ARREST, "unknown"), (K.TRANSFER, "2021-03-01"), (K.RELEASE, "2021-03-11")])
    assert (found.status, found.days.count, found.days.exact) == (S.RELEASED, 10, False)


def test_what_has_no_date_stands_behind_what_it_follows() -> None:
    story = told(
        [
            (K.ARREST, "2021-01-01"),
            (K.RELEASE, "unknown"),
            (K.ARREST, "2021-03-01"),
            (K.RELEASE, "2021-03-11"),
        ]
    )
    assert {fault.kind for fault in faults(story)} == {FaultKind.OVERLAP, FaultKind.END_BEFORE_START}
    story[1] = Happening(K.RELEASE, UNKNOWN, None, 1, follows=0)
    assert faults(story) == [] and [one.event_id for one in in_order(story)] == [0, 1, 2, 3]
    circle = [
        Happening(K.OTHER, UNKNOWN, None, 1, follows=2),
        Happening(K.OTHER, UNKNOWN, None, 2, follows=1),
    ]
    assert len(in_order(circle)) == 2


def test_what_lies_ahead_counts_for_nothing_yet() -> None:
    story: Story = [(K.ARREST, "2025-12-01"), (K.TRIAL, "2025-12-20")]
    assert case(story).status is S.DETAINED
    assert case(story, dt.date(2025, 12, 20)).status is S.ON_TRIAL


FAULTS: list[tuple[Story, FaultKind]] = [
    ([(K.RELEASE, "2021-01-01")], FaultKind.END_BEFORE_START),
    ([(K.ARREST, "2021-07-14"), (K.RELEASE, "2021-07-13")], FaultKind.END_BEFORE_START),
    ([(K.ARREST, "2021-07-14"), (K.ARREST, "2021-07-20")], FaultKind.OVERLAP),
    ([(K.ARREST, "2021-07-14"), (K.RELEASE, "2021-09"), (K.ARREST, "2021-08-01")], FaultKind.OVERLAP),
    ([(K.ARREST, "2021-07"), (K.RELEASE, "2021-06")], FaultKind.END_BEFORE_START),
    ([(K.ARREST, "2021-07-14"), (K.RELEASE, "by 2021-06")], FaultKind.END_BEFORE_START),
    ([(K.ARREST, "2021"), (K.RELEASE, "2020")], FaultKind.END_BEFORE_START),
    ([(K.ARREST, "2021"), (K.ARREST, "2021"), (K.RELEASE, "2021"), (K.ARREST, "2021")], FaultKind.OVERLAP),
    ([(K.ARREST, "2021-07-14"), (K.PUNISHMENT_CELL, "2021-06")], FaultKind.AT_LIBERTY),
    ([(K.ARREST, "2021-07"), (K.EXTENSION, "by 2021-06")], FaultKind.AT_LIBERTY),
    ([(K.ARREST, "2021-07"), (K.RELEASE, "2022"), (K.TRANSFER, "2023")], FaultKind.AT_LIBERTY),
    ([(K.ARREST, "2021-07"), (K.DEATH, "2022"), (K.HEARING, "2023-01")], FaultKind.AFTER_DEATH),
    ([(K.ARREST, "2021-07"), (K.DEATH, "2022-03"), (K.RELEASE, "2022-04")], FaultKind.AFTER_DEATH),
    ([(K.ARREST, "2021-07-14"), (K.SENTENCE, "2021-08-01", Length(1))], FaultKind.NO_TRIAL),
    ([(K.SENTENCE, "2021-08-01", Length(1)), (K.VERDICT, "2021-08-02")], FaultKind.NO_TRIAL),
    ([(K.APPEAL, "2021-08-01", Length(1))], FaultKind.NO_SENTENCE),
    ([(K.DEATH, "2021-08-01"), (K.ARREST, "2021-08-02")], FaultKind.AFTER_DEATH),
]


@pytest.mark.parametrize(("story", "kind"), FAULTS)
def test_contradictions_are_named(story: Story, kind: FaultKind) -> None:
    assert kind in {fault.kind for fault in faults(told(story))}


POSSIBLE: list[tuple[Story, list[int]]] = [
    ([(K.ARREST, "by 2021-07"), (K.RELEASE, "2021-07-15")], [0, 1]),
    ([(K.ARREST, "2021-07-14"), (K.RELEASE, "by 2021-09"), (K.ARREST, "2021-08-01")], [0, 1, 2]),
    ([(K.ARREST, "2021-03"), (K.RELEASE, "2021"), (K.ARREST, "2021-05")], [0, 1, 2]),
    ([(K.ARREST, "2021"), (K.ARREST, "2021"), (K.RELEASE, "2021"), (K.RELEASE, "2021")], [0, 2, 1, 3]),
    ([(K.ARREST, "2021-07-14"), (K.RELEASE, "2021-07-14"), (K.ARREST, "2021-07-14")], [0, 1, 2]),
    ([(K.ARREST, "2021-07-14"), (K.DEATH, "2022"), (K.RELEASE, "2022-06-03")], [0, 2, 1]),
    ([(K.ARREST, "2021-07-14"), (K.DEATH, "2022-01-01"), (K.RELEASE, "unknown")], [0, 2, 1]),
    ([(K.ARREST, "2021-07-14"), (K.DEATH, "2022-01-02"), (K.TRANSFER, "by 2022")], [0, 1, 2]),
    ([(K.ARREST, "2021-07-14"), (K.PUNISHMENT_CELL, "2021")], [1, 0]),
    ([(K.ARREST, "unknown"), (K.TRANSFER, "2019"), (K.RELEASE, "2021")], [0, 1, 2]),
    # Sentenced in absence, and arrested afterwards.
    ([(K.VERDICT, "2020-01-01"), (K.SENTENCE, "2020-01-01", Length(1)), (K.ARREST, "2021")], [0, 1, 2]),
    ([(K.RESTRICTION, "2020-01-01"), (K.TRANSFER, "2020-02"), (K.ARREST, "2021")], [0, 1, 2]),
]


@pytest.mark.parametrize(("story", "order"), POSSIBLE)
def test_what_is_possible_on_some_days_is_no_contradiction(story: Story, order: list[int]) -> None:
    assert faults(told(story)) == []
    assert [one.event_id for one in in_order(told(story))] == order


def test_nothing_but_other_happens_before_the_birth() -> None:
    story = told([(kind, "1999") for kind in K if kind not in (K.SENTENCE, K.APPEAL)])
    before = {one.at.kind for one in faults(story, parse("2000")) if one.kind is FaultKind.BEFORE_BIRTH}
    assert before == {one.kind for one in story} - {K.OTHER}
    assert not [one for one in faults(story, parse("1999-12-31")) if one.kind is FaultKind.BEFORE_BIRTH]


def test_an_end_in_the_month_of_its_beginning_is_no_contradiction() -> None:
    assert faults(told([(K.ARREST, "2021-07-14"), (K.RELEASE, "2021-07")])) == []
    assert faults(told([(K.ARREST, "2021-07"), (K.RELEASE, "2021-07-20")])) == []


@pytest.mark.parametrize(
    "written", ["2021-07-14", "2022-09", "2020", "by 2025-09", "by 2025-09-02", "by 2025", "unknown"]
)
def test_a_date_is_written_as_it_is_read(written: str) -> None:
    assert str(parse(written)) == written


@pytest.mark.parametrize(
    "typed", ["", "2021-13", "2021-02-30", "14.07.2021", "by", "by unknown", "0999", "yesterday", "2021-7"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse(typed)


# -- properties

days = st.dates(dt.date(2018, 1, 1), dt.date(2025, 12, 31))
whens = st.one_of(
    days.map(When),
    days.map(lambda day: When(day.replace(day=1), Precision.MONTH)),
    days.map(lambda day: When(day.replace(month=1, day=1), Precision.YEAR)),
    days.map(lambda day: When(day, Precision.DAY, Bound.BY)),
    st.just(UNKNOWN),
)
happenings = st.builds(
    Happening, st.sampled_from(EventKind), whens, st.sampled_from([None, Length(2)]), st.none(), st.none()
)
timelines = st.lists(happenings, max_size=12).map(
    lambda found: [Happening(one.kind, one.when, one.length, number) for number, one in enumerate(found)]
)


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[dt.date, dt.date]]:
    """Detentions of which every day is known, one after the other."""
    edges = sorted(draw(st.lists(days, max_size=10, unique=True)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@given(spans())
def test_known_detentions_count_each_of_their_nights(found: list[tuple[dt.date, dt.date]]) -> None:
    story = [
        one
        for start, end in found
        for one in (
            Happening(K.ARREST, When(start), event_id=start),
            Happening(K.RELEASE, When(end), event_id=end),
        )
    ]
    nights = {start + dt.timedelta(number) for start, end in found for number in range((end - start).days)}
    derived = derive(story, dt.date(2026, 1, 1))
    assert (derived.days.count, derived.days.exact) == (len(nights), True)
    assert faults(story) == []


@given(spans(), st.data())
def test_knowing_less_never_claims_more(found: list[tuple[dt.date, dt.date]], data: st.DataObject) -> None:
    exact = [
        one
        for start, end in found
        for one in (
            Happening(K.ARREST, When(start), event_id=start),
            Happening(K.RELEASE, When(end), event_id=end),
        )
    ]
    vague = [
        Happening(one.kind, data.draw(st.sampled_from(_vaguer(one.when))), event_id=one.event_id)
        for one in exact
    ]
    if faults(vague):
        return
    today = dt.date(2026, 1, 1)
    truth, claim = derive(exact, today).days, derive(vague, today).days
    assert claim.count <= truth.count
    assert not claim.exact or claim == truth


def _vaguer(when: When) -> list[When]:
    assert when.day is not None
    return [when, When(when.day.replace(day=1), Precision.MONTH), When(when.day, Precision.DAY, Bound.BY)]


@given(timelines, days, st.none() | days)
def test_any_timeline_has_a_status_and_days_that_fit_into_it(
    story: list[Happening], today: dt.date, confirmed: dt.date | None
) -> None:
    found = derive(story, today, confirmed)
    assert found.days.count >= 0
    begun = [one.when.earliest or one.when.latest for one in story if one.kind is K.ARREST]
    known = [day for day in begun if day]
    if known and None not in begun:
        assert found.days.count <= max(
            0, (max(today, *(one.when.latest or today for one in story)) - min(known)).days
        )
    if not begun:
        assert found.days.count == 0 and not found.in_custody
    assert found.as_of is None or found.as_of <= today
    assert sorted(one.event_id for one in in_order(story)) == [one.event_id for one in story]


@given(timelines, days, st.randoms(use_true_random=False))
def test_the_order_of_entering_changes_nothing_of_what_has_a_date(
    story: list[Happening], today: dt.date, shuffle: object
) -> None:
    dated = [one for one in story if one.when.day]
    # Two of one kind on one day stand in the order in which they were entered.
    if len({(one.kind, one.when) for one in dated}) < len(dated):
        return
    mixed = list(dated)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    before, after = derive(dated, today), derive(mixed, today)
    assert (before.status, before.days) == (after.status, after.days)
