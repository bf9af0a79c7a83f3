"""Days to remember come by themselves, two weeks ahead, and end with a death."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select

from campaign.accounts import memberships
from campaign.accounts.models import TeamMember
from campaign.accounts.queries import member_at
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.merge import merge
from campaign.organisations.models import Organisation
from campaign.people.anniversaries import Occasion, next_anniversary, remembrances
from campaign.people.dates import When
from campaign.people.detention import Happening, derive
from campaign.people.models import Person
from campaign.people.operations import PersonFacts
from campaign.people.vocabulary import Wish
from tests.support import Campaign
from tests.world.people import K, person

TODAY = dt.date(2026, 3, 1)


def born(in_days: int) -> dt.date:
    """A birthday so many days from now."""
    day = clock.today() + dt.timedelta(in_days)
    return day.replace(year=1980, day=min(day.day, 28))


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2020, 12, 31)), st.dates(dt.date(2021, 1, 1), dt.date(2040, 12, 31))
)
def test_the_next_anniversary_is_within_a_year_and_a_day(first: dt.date, today: dt.date) -> None:
    day = next_anniversary(first, today)
    assert today <= day <= today + dt.timedelta(366)
    assert (day.month, day.day) == (first.month, first.day) or (
        first.month,
        first.day,
        day.month,
        day.day,
    ) == (2, 29, 3, 1)


def test_only_what_is_known_to_the_day_and_still_goes_on() -> None:
    arrest = Happening(K.ARREST, When(dt.date(2021, 3, 10)))
    held, freed = (
        derive([arrest], TODAY, TODAY),
        derive([arrest, Happening(K.RELEASE, When(dt.date(2022, 1, 1)))], TODAY),
    )
    assert [
        (one.occasion, one.day, one.years) for one in remembrances(held, dt.date(1980, 3, 15), "day", TODAY)
    ] == [
        (Occasion.BIRTHDAY, dt.date(2026, 3, 15), 46),
        (Occasion.ARREST, dt.date(2026, 3, 10), 5),
    ]
    assert remembrances(held, dt.date(1980, 3, 1), "month", dt.date(2026, 4, 1)) == []
    assert remembrances(freed, dt.date(1980, 3, 16), "day", TODAY) == []
    dead = derive([arrest, Happening(K.DEATH, When(dt.date(2022, 1, 1)))], TODAY)
    assert remembrances(dead, dt.date(1980, 3, 2), "day", TODAY) == []


def calendar_of(team: FlaskClient) -> str:
    """The address that the dashboard offers."""
    found = re.search(r"http://localhost(/team-calendar/[^<\s]+)", team.get("/desk/").text)
    assert found
    return found.group(1)


def test_the_dashboard_and_the_calendar_of_a_member(
    team: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    person(app, "Jana Soon", facts=PersonFacts(born_on=born(3)))
    person(app, "Jan Later", facts=PersonFacts(born_on=born(60)))
    person(app, "Jana Hidden", wish=Wish.NOT_PUBLIC, facts=PersonFacts(born_on=born(3)))
    page = team.get("/desk/").text
    assert "Jana Soon" in page and "Jana Hidden" in page and "Jan Later" not in page and "Birthday" in page
    answer = client.get(calendar_of(team))
    assert answer.mimetype == "text/calendar" and "no-store" in answer.headers["Cache-Control"]
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(found["SUMMARY"]).split(" (")[0] for found in events] == ["Birthday: Jana Soon"]


def test_the_address_ends_with_the_account_and_with_a_new_password(
    team: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    address = calendar_of(team)
    assert client.get(address).status_code == 200
    with app.app_context(), writing() as session:
        session.scalars(select(TeamMember)).one().calendar_key = "x" * 64
    assert client.get(address).status_code == 404
    assert client.get("/team-calendar/forged").status_code == 404


def test_who_works_for_an_organisation_is_reminded_of_its_people_alone(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    own, other = campaign.organisation("Own League"), campaign.organisation("Other League")
    editor = campaign.member("editor@team.example", role="editor")
    with app.app_context(), writing() as session:
        member = member_at("editor@team.example")
        assert member is not None
        memberships.work_for(session, member.id, [own])
    person(app, "Jana Own", facts=PersonFacts(born_on=born(3), kept_by_id=own))
    person(app, "Jana Other", facts=PersonFacts(born_on=born(3), kept_by_id=other))
    for text in (
        editor.get("/desk/").text,
        editor.get("/desk/people/").text,
        client.get(calendar_of(editor)).text,
    ):
        assert "Jana Own" in text and "Jana Other" not in text
    assert (
        editor.get("/desk/people/jana-own").status_code,
        editor.get("/desk/people/jana-other").status_code,
    ) == (200, 403)


@pytest.mark.parametrize("role", ["reader", "moderator"])
def test_other_roles_are_not_reminded(campaign: Campaign, app: Flask, role: str) -> None:
    person(app, "Jana Soon", facts=PersonFacts(born_on=born(3)))
    assert "Jana Soon" not in campaign.member(f"{role}@team.example", role=role).get("/desk/").text


def test_a_merge_of_organisations_takes_their_case_files_along(campaign: Campaign, app: Flask) -> None:
    goes, stays = campaign.organisation("Old League"), campaign.organisation("New League")
    person(app, facts=PersonFacts(kept_by_id=goes, organisation_id=goes))
    with app.app_context(), writing() as session:
        merge(session, session.get_one(Organisation, goes), session.get_one(Organisation, stays))
    with app.app_context():
        found = db.session.scalars(select(Person)).one()
        assert (found.kept_by_id, found.organisation_id) == (stays, stays)
