"""The one gate says the same to the database and to what was read."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.extensions import db
from campaign.people.models import CaseEvent, Person
from campaign.people.visibility import Extent, event_may_be_seen, may_be_seen, shows_of, wished_of
from campaign.people.vocabulary import EventKind, Wish

FILES = [(wish, withdrawn) for wish, withdrawn in itertools.product(Wish, (False, True))]


@pytest.fixture
def files(context: Flask) -> list[Person]:
    """A file with each wish, in view and withdrawn from it, with one event of each kind."""
    with writing() as session:
        for number, (wish, withdrawn) in enumerate(FILES):
            now = clock.now()
            said = {"sealed_wish": b"", "wish_on": clock.today()} if wish is not Wish.UNKNOWN else {}
            file = Person(
                id=new_id(),
                slug=f"file-{number}",
                wish=wish,
                created_at=now,
                changed_at=now,
                version=1,
                **said,
            )
            file.withdrawn_at = now if withdrawn else None
            file.events = [
                CaseEvent(id=new_id(), kind=kind, happened_on=now.date(), created_at=now, changed_at=now)
                for kind in EventKind
            ]
            session.add(file)
    return list(db.session.scalars(select(Person)))


@pytest.mark.parametrize("extent", Extent)
def test_the_condition_selects_the_files_of_which_so_much_is_shown(
    files: list[Person], extent: Extent
) -> None:
    selected = set(db.session.scalars(select(Person.slug).where(may_be_seen(extent))))
    assert selected == {file.slug for file in files if getattr(shows_of(file), extent)}
    assert 0 < len(selected) < len(files)


def test_the_condition_selects_the_events_of_which_at_least_the_date_is_shown(files: list[Person]) -> None:
    selected = set(db.session.scalars(select(CaseEvent.id).join(Person).where(event_may_be_seen())))
    assert selected == {
        event.id for file in files for event in file.events if shows_of(file).event(EventKind(event.kind))
    }
    assert 0 < len(selected) < len(files) * len(EventKind)


def test_each_extent_contains_the_one_before(files: list[Person]) -> None:
    for file in files:
        shown = [getattr(shows_of(file), extent) for extent in Extent]
        assert shown == sorted(shown, reverse=True)


def test_nothing_of_a_withdrawn_file_is_shown_whatever_is_wished(files: list[Person]) -> None:
    withdrawn = [file for file in files if file.withdrawn_at]
    assert not any(shows_of(file).name for file in withdrawn)
    assert any(wished_of(file).full for file in withdrawn)
