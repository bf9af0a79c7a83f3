"""The life of a statement: its steps, the dates that act by themselves, and a page for every state."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.timezones import NoSuchTime, in_zone, local_moment, zone_names, zones
from campaign.extensions import db
from campaign.statements import lifecycle
from campaign.statements.errors import NotFromHere
from campaign.statements.models import Statement, Status
from tests.support import Campaign, form


def _hand_over(session: Session, statement: Statement) -> None:
    lifecycle.hand_over(session, statement, clock.today())


STEPS = {
    Status.DRAFT: [lifecycle.circulate],
    Status.CIRCULATING: [lifecycle.recall],
    Status.OPEN: [lifecycle.close, _hand_over],
    Status.CLOSED: [lifecycle.reopen, _hand_over, lifecycle.archive],
    Status.HANDED_OVER: [lifecycle.reopen, _hand_over, lifecycle.archive],
    Status.ARCHIVED: [lifecycle.reopen, _hand_over],
}
ALL = [
    lifecycle.circulate,
    lifecycle.recall,
    lifecycle.close,
    lifecycle.reopen,
    _hand_over,
    lifecycle.archive,
]


def _in(campaign: Campaign, status: Status) -> int:
    statement_id = campaign.statement(publish=status not in (Status.DRAFT, Status.CIRCULATING))
    with campaign.app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        ways = {
            Status.CIRCULATING: [lifecycle.circulate],
            Status.CLOSED: [lifecycle.close],
            Status.HANDED_OVER: [lifecycle.close, _hand_over],
            Status.ARCHIVED: [lifecycle.close, lifecycle.archive],
        }
        for step in ways.get(status, []):
            step(session, statement)
        assert statement.status == status
    return statement_id


@pytest.mark.parametrize("status", list(Status))
def test_only_the_steps_of_a_state_lead_out_of_it(app: Flask, campaign: Campaign, status: Status) -> None:
    statement_id = _in(campaign, status)
    with app.app_context():
        for step in ALL:
            if step not in STEPS[status]:
                with pytest.raises(NotFromHere), writing() as session:
                    step(session, session.get_one(Statement, statement_id))
                db.session.rollback()
                assert db.session.get_one(Statement, statement_id).status == status


@pytest.mark.parametrize(("status", "code", "words"), [
    (Status.DRAFT, 404, ""),
    (Status.CIRCULATING, 404, ""),
    (Status.OPEN, 200, "Sign the petition"),
    (Status.CLOSED, 200, "losed for signatures"),
    (Status.HANDED_OVER, 200, "losed for signatures"),
    (Status.ARCHIVED, 200, "Archived and closed for signatures"),
])  # fmt: skip
def test_each_state_has_its_page(
    campaign: Campaign, client: FlaskClient, status: Status, code: int, words: str
) -> None:
    _in(campaign, status)
    answer = client.get("/s/free")
    assert answer.status_code == code
    assert words in answer.text
    assert ("/s/free" in client.get("/s/").text) is (code == 200)
    posted = client.post("/s/free/sign", data=form())
    assert posted.status_code == {Status.OPEN: 303}.get(status, 404 if code == 404 else 409)


def test_the_worker_opens_and_closes_at_the_time_of_the_place(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    opens, closes = (
        local_moment(dt.date(2030, 3, 1), dt.time(9), "Europe/Minsk"),
        local_moment(dt.date(2030, 3, 2), dt.time(18), "Europe/Minsk"),
    )
    assert opens == dt.datetime(2030, 3, 1, 6, tzinfo=dt.UTC)
    campaign.statement(publish=False, opens_at=opens, closes_at=closes, time_zone="Europe/Minsk")
    for moment, code, opened in (
        (opens - dt.timedelta(seconds=1), 404, False),
        (opens, 200, True),
        (closes - dt.timedelta(seconds=1), 200, True),
        (closes, 200, False),
    ):
        with time_machine.travel(moment, tick=False):
            campaign.work()
            answer = client.get("/s/free")
            assert answer.status_code == code
            assert ("Sign the petition" in answer.text) is opened
    with app.app_context():
        statement = db.session.query(Statement).one()
        assert (statement.status, statement.closed_at) == (Status.CLOSED, closes)


def test_who_filled_in_the_form_in_time_confirms_for_a_day_after_closing(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    links = [campaign.submit(name=f"Person {letter}", email=f"{letter}@post.example.org") for letter in "ab"]
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, statement_id))
    now = dt.datetime.now(dt.UTC)
    with time_machine.travel(now + dt.timedelta(hours=23), tick=True):
        assert client.post(links[0], data={"action": "confirm"}).status_code == 303
    with time_machine.travel(now + dt.timedelta(hours=25), tick=True):
        assert client.post(links[1], data={"action": "confirm"}).status_code == 409


def test_reopening_removes_a_closing_date_that_has_passed(app: Flask, campaign: Campaign) -> None:
    closes = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    statement_id = campaign.statement(closes_at=closes)
    with time_machine.travel(closes + dt.timedelta(hours=1), tick=True):
        campaign.work()
        with app.app_context(), writing() as session:
            statement = session.get_one(Statement, statement_id)
            assert statement.status == Status.CLOSED
            lifecycle.reopen(session, statement)
        campaign.work()
    with app.app_context():
        statement = db.session.get_one(Statement, statement_id)
        assert (statement.status, statement.closes_at) == (Status.OPEN, None)


def test_a_time_that_the_clocks_skip_does_not_exist_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(NoSuchTime):
        local_moment(dt.date(2027, 3, 28), dt.time(2, 30), "Europe/Warsaw")
    twice = local_moment(dt.date(2027, 10, 31), dt.time(2, 30), "Europe/Warsaw")
    assert twice == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert in_zone(twice, "Europe/Warsaw").time() == dt.time(2, 30)
    assert in_zone(twice, "Nowhere/Nothing").utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_that_a_form_takes_is_offered_once(language: str) -> None:
    offered = [zone for places in zones(language).values() for zone, _place in places]
    assert sorted(offered) == sorted(zone_names())
    assert {"UTC", "Europe/Minsk", "Europe/Vilnius", "America/New_York"} <= set(offered)
