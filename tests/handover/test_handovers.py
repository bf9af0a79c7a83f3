"""Handing a list over: the list stays as it stood, the days without a reply are counted, and who withdraws
is blotted out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.core import worker
from campaign.extensions import db
from campaign.handover.frozen_lists import digest_of_lines
from campaign.handover.models import FrozenLine, FrozenList, Handover
from campaign.statements.models import Statement, Status
from tests.support import Campaign, organisation_form
from tests.world.statements_desk import press, send

PAGE = "/desk/statements/free/handovers"


def _hand_over(team: FlaskClient, **changes: Any) -> TestResponse:
    filled = {
        "addressee": "0",
        "to_whom": "The Minister",
        "by_whom": "A coalition",
        "handed_on": str(dt.date.today()),
        "channel": "post",
    } | changes
    return send(team, PAGE, PAGE, **filled)


@pytest.fixture
def signed(campaign: Campaign) -> list[str]:
    """A statement with three people, one of them hidden from all but the team. Their links."""
    campaign.statement(addressees=(campaign.addressee(en=("Minister Example", "Minister of Justice")),))
    names = ("Anna Example", "Boris Example")
    links = [campaign.signed(name=name, email=f"{name[0]}@post.example.org", city="Hrodna") for name in names]
    return [*links, campaign.signed(name="Vera Hidden", email="v@post.example.org", visibility="team")]


def _download(team: FlaskClient, app: Flask) -> bytes:
    with app.app_context():
        handover_id = db.session.query(Handover).one().id
    return send(team, f"{PAGE}/{handover_id}/list", PAGE).data


def test_what_was_handed_over_is_kept_and_shown(
    app: Flask, signed: list[str], team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    press(team, "free", "close")
    assert (
        team.get(PAGE)
        .text.split("<option selected")[1]
        .split("</option>")[0]
        .endswith("Minister Example, Minister of Justice")
    )
    with app.app_context():
        book = db.session.query(Statement).one().addressees[0].addressee_id
    assert _hand_over(team, addressee=str(book), to_whom="").status_code == 303
    file = _download(team, app)
    with app.app_context():
        frozen = db.session.query(FrozenList).one()
        assert digest_of_lines(file.splitlines()) == frozen.sha256
        assert (frozen.people, frozen.organisations) == (3, 0)
        assert db.session.query(Statement).one().status == Status.HANDED_OVER
    lines = [json.loads(line) for line in file.splitlines()]
    assert [line.get("name") for line in lines] == ["Anna Example", "Boris Example", None]
    assert b"Vera" not in file
    page = client.get("/s/free").text
    for words in (
        "Handed over",
        "Minister Example",
        "Minister of Justice",
        "by post",
        "A coalition",
        "No reply for 0 days",
        f"/v/{frozen.id}",
    ):
        assert words in page
    genuine = client.get(f"/v/{frozen.id.upper()[:5]} {frozen.id[5:]}").text
    assert "This list is genuine" in genuine and frozen.sha256 in genuine
    for wrong in ("2222222222", "x" * 500, "Ж", frozen.id[:-1]):
        assert client.get(f"/v/{wrong}").status_code == 404


def test_later_signatures_are_no_part_of_it(
    app: Flask, signed: list[str], team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    _hand_over(team)
    before = _download(team, app)
    campaign.signed(name="Late Example", email="late@post.example.org")
    assert _download(team, app) == before
    with app.app_context():
        assert db.session.query(Statement).one().status == Status.OPEN


@pytest.mark.parametrize("act", [{"action": "withdraw"}, {"action": "visibility", "visibility": "counted"}])
def test_who_takes_the_name_back_is_blotted_out_and_the_digest_stays(
    app: Flask,
    signed: list[str],
    team: FlaskClient,
    client: FlaskClient,
    campaign: Campaign,
    act: dict[str, str],
) -> None:
    _hand_over(team)
    whole = _download(team, app)
    assert client.post(signed[0], data=act).status_code in (200, 303)
    worker.run_once(app)
    file = _download(team, app)
    assert b"Anna" in whole and b"Anna" not in file
    kept = hashlib.sha256(whole.splitlines()[0]).hexdigest()
    assert json.loads(file.splitlines()[0]) == {"number": 1, "withdrawn": True, "sha256": kept}
    assert file.splitlines()[1:] == whole.splitlines()[1:]
    with app.app_context():
        frozen = db.session.query(FrozenList).one()
        assert frozen.sha256 == digest_of_lines(whole.splitlines()) == digest_of_lines(file.splitlines())
        assert db.session.query(FrozenLine).filter_by(number=1).one().signature_id is None
    assert "1 signatory has since withdrawn" in client.get(f"/v/{frozen.id}").text


def test_days_without_a_reply_are_counted_until_one_comes(
    app: Flask, signed: list[str], team: FlaskClient, client: FlaskClient
) -> None:
    _hand_over(team)
    today = dt.datetime.now(dt.UTC)
    assert "No reply for 0 days" in client.get("/s/free").text
    with time_machine.travel(today + dt.timedelta(days=1), tick=True):
        app.extensions["page_cache"].clear()
        assert "No reply for 1 day<" in client.get("/s/free").text
    with app.app_context():
        handover_id = db.session.query(Handover).one().id
    with time_machine.travel(today + dt.timedelta(hours=1), tick=True):
        answered = send(
            team,
            f"{PAGE}/{handover_id}/reply",
            PAGE,
            replied_on=str(dt.datetime.now(dt.UTC).date()),
            reply="The Ministry refuses.",
        )
        assert answered.status_code == 303
        app.extensions["page_cache"].clear()
        page = client.get("/s/free").text
        assert "The Ministry refuses." in page and "No reply" not in page


@pytest.mark.parametrize(("changes", "words"), [
    ({"by_whom": ""}, "Please say who handed it over."),
    ({"to_whom": ""}, "Please say who it was handed to."),
    ({"handed_on": "2999-01-01"}, "This day is in the future."),
    ({"handed_on": "yesterday"}, "Please enter the day in the form"),
    ({"channel": "pigeon"}, "Please choose how it was handed over."),
    ({"addressee": "999"}, "no longer in the address book"),
])  # fmt: skip
def test_a_mistake_is_said_and_nothing_is_frozen(
    app: Flask, signed: list[str], team: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = _hand_over(team, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert db.session.query(FrozenList).count() == db.session.query(FrozenLine).count() == 0


def test_a_reply_before_the_handover_or_without_a_day_is_refused_and_kept(
    app: Flask, signed: list[str], team: FlaskClient
) -> None:
    _hand_over(team)
    with app.app_context():
        handover_id = db.session.query(Handover).one().id
    for fields, words in (
        ({"replied_on": "2001-01-01", "reply": "Kept words"}, "This is before the handover."),
        ({"replied_on": "", "reply": "Kept words"}, "Please give the day of the reply too."),
    ):
        answer = send(team, f"{PAGE}/{handover_id}/reply", PAGE, **fields)
        assert answer.status_code == 422
        assert words in answer.text and "Kept words" in answer.text


def test_a_handover_that_never_was_is_taken_back(
    app: Flask, signed: list[str], team: FlaskClient, client: FlaskClient
) -> None:
    _hand_over(team)
    with app.app_context():
        handover_id = db.session.query(Handover).one().id
    for _twice in range(2):
        assert send(team, f"{PAGE}/{handover_id}/remove", PAGE).status_code == 303
    assert "Handed over" not in client.get("/s/free").text
    with app.app_context():
        assert db.session.query(FrozenList).count() == db.session.query(FrozenLine).count() == 0


def test_a_handover_belongs_to_its_statement_and_a_draft_has_none(
    app: Flask, campaign: Campaign, signed: list[str], team: FlaskClient
) -> None:
    campaign.statement("draft", publish=False)
    campaign.statement("other")
    assert team.get("/desk/statements/draft/handovers").status_code == 404
    _hand_over(team)
    with app.app_context():
        handover_id = db.session.query(Handover).one().id
    assert send(team, f"/desk/statements/other/handovers/{handover_id}/list", PAGE).status_code == 404
    assert send(team, f"/desk/statements/other/handovers/{handover_id}/remove", PAGE).status_code == 404
    with app.app_context():
        assert db.session.query(Handover).count() == 1


def test_organisations_stand_first_with_who_signed_for_them(
    app: Flask, signed: list[str], team: FlaskClient, campaign: Campaign
) -> None:
    campaign.organisation("Test League", "league.example.org")
    campaign.signed(**organisation_form(email="office@league.example.org"))
    _hand_over(team)
    first = json.loads(_download(team, app).splitlines()[0])
    assert (first["organisation"], first["title"]) == ("Test League", "Director")
