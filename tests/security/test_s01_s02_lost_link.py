"""S1, S2 for a lost link: nobody can tell by asking whether an address has signed; what was found is said by
mail alone, within the cap.

And what a signer holds in their hands: all that is kept, and the end of all of it.
"""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing.models import MailState, OutboxMail
from campaign.signatures.models import Signature, Submission, Tombstone
from campaign.signing.lost_link import purge_requests
from campaign.signing.models import LinkRequest
from campaign.statements.models import Safety
from tests.security.pasts import PAST, masked, recorded
from tests.support import Campaign, link_in, text_of


@pytest.mark.parametrize("prefix", ["", "/be"])
def test_the_answer_is_the_same_whatever_the_address(
    client: FlaskClient, addresses: dict[str, str], prefix: str
) -> None:
    answers = {
        past: masked(client.post(f"{prefix}/s/free/lost-link", data={"email": address}), address)
        for past, address in addresses.items()
    }
    assert len(set(answers.values())) == 1, answers
    assert b"303" in answers["new"] and f"{prefix}/link-sent".encode() in answers["new"]


def test_the_same_sql_is_run_for_all(app: Flask, client: FlaskClient, addresses: dict[str, str]) -> None:
    said = {}
    for past, address in addresses.items():
        with recorded(app) as statements:
            assert client.post("/s/free/lost-link", data={"email": address}).status_code == 303
        said[past] = statements
    assert {past: statements == said["new"] for past, statements in said.items()} == dict.fromkeys(PAST, True)
    assert [
        one for one in said["new"] if re.search(r"\b(signatures|submissions|mail_tallies|tombstones)\b", one)
    ] == []


def test_the_worker_mails_the_link_or_that_there_is_none(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.statement("other")
    link = campaign.sign(email="a.b+list@gmail.com")
    campaign.sign("other", email="only.other@post.example.org")
    campaign.sink.clear()
    client.post("/s/free/lost-link", data={"email": "AB@googlemail.com"})
    client.post("/s/free/lost-link", data={"email": "only.other@post.example.org"})
    with campaign.app.app_context():
        assert b"googlemail" not in b"".join(db.session.scalars(select(LinkRequest.sealed)))
    campaign.work()
    campaign.work()
    mine, nothing = campaign.sink.to("AB@googlemail.com"), campaign.sink.to("only.other@post.example.org")
    assert len(mine) == len(nothing) == 1
    assert link_in(mine[0]) == link and client.get(link).status_code == 200
    assert "/c/" not in text_of(nothing[0]) and "found" in text_of(nothing[0])
    assert mine[0]["Subject"] == nothing[0]["Subject"]
    for mail in (*mine, *nothing):
        assert "Free them" not in str(mail) and "Anna" not in str(mail)
    with campaign.app.app_context():
        assert db.session.scalars(select(LinkRequest)).all() == []


def test_two_people_of_one_mailbox_get_both_links_in_one_mail(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    links = {campaign.sign(name="Anna Example"), campaign.sign(name="Boris Example")}
    campaign.sink.clear()
    client.post("/s/free/lost-link", data={"email": "anna@post.example.org"})
    campaign.work()
    campaign.work()
    assert len(campaign.sink.mails) == 1
    assert set(re.findall(r"/c/\S+", text_of(campaign.sink.mails[0]))) == links


def test_no_more_than_three_mails_come_of_all_that_one_asks(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.sign()
    for _each in range(6):
        assert client.post("/s/free/lost-link", data={"email": "anna@post.example.org"}).status_code == 303
    campaign.work()
    campaign.work()
    assert len(campaign.sink.to("anna@post.example.org")) == 3
    with campaign.app.app_context():
        assert db.session.scalar(select(func.count()).where(OutboxMail.state == MailState.CAPPED)) == 4


def test_at_high_safety_nothing_is_recovered_by_mail(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(safety=Safety.HIGH)
    client.post(campaign.submit(), data={"action": "confirm"})
    campaign.sink.clear()
    page = client.get("/s/free/lost-link").text
    assert 'name="email"' not in page and "/take-back" in page
    for address in ("anna@post.example.org", "never@post.example.org"):
        assert (
            client.post("/s/free/lost-link", data={"email": address})
            .headers["Location"]
            .endswith("/s/free/lost-link")
        )
    campaign.work()
    assert campaign.sink.mails == []


def test_a_request_that_nobody_answers_is_deleted_after_a_day(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    client.post("/s/free/lost-link", data={"email": "anna@post.example.org"})
    later = clock.now() + dt.timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    with campaign.app.app_context(), writing():
        assert purge_requests() == 1


def test_a_signer_downloads_all_that_is_held(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    pending = campaign.submit(name="Anna Example", city="Vilnius", message="Strength", updates="y")
    typed = client.get(f"{pending}/data.json").get_json()["typed"]
    assert (
        typed["email"] == "anna@post.example.org"
        and typed["city"] == "Vilnius"
        and typed["message"] == "Strength"
    )
    client.post(pending, data={"action": "confirm"})
    campaign.affiliate(pending, "University of Vilnius")
    held = client.get(f"{pending}/data.json").get_json()
    wanted = {
        "name": "Anna Example",
        "city": "Vilnius",
        "affiliation": "University of Vilnius",
        "country": "PL",
        "message_waiting": "Strength",
        "email": "anna@post.example.org",
    }
    assert wanted.items() <= held.items()
    assert held["typed"] is None and held["mailbox_mark"] is True and held["texts"][0]["text"] == 1
    # Whatever is personal in the row is in it.
    signature = campaign.signature(pending)
    for column in Signature.__table__.columns:
        value = getattr(signature, column.name)
        if (
            isinstance(value, str)
            and column.info.get("personal")
            and column.name not in ("sort_key", "search_key")
        ):
            assert value in json.dumps(held, ensure_ascii=False), column.name


def test_erasing_everything_leaves_a_random_number(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(city="Vilnius", updates="y", message="Strength")
    again = campaign.submit(name="Anna Example")
    client.post(again, data={"action": "confirm"})
    page = client.post(link, data={"action": "erase"})
    assert page.status_code == 200 and "Everything is erased" in page.text
    campaign.work()
    assert campaign.counts() == (0, 0)
    for path in (link, again):
        assert client.get(path).status_code == client.post(path, data={"action": "erase"}).status_code == 410
    with campaign.app.app_context():
        assert db.session.scalars(select(Submission)).all() == []
        assert len(db.session.scalars(select(Tombstone)).all()) == 1
        signature = db.session.scalars(select(Signature)).one()
        left = {
            column.name
            for column in Signature.__table__.columns
            if getattr(signature, column.name) is not None
        }
    about_all = {
        "id",
        "statement_id",
        "kind",
        "state",
        "visibility",
        "provenance",
        "language",
        "notice",
        "folded",
    }
    assert left <= about_all | {"wants_updates", "confirmed_at", "changed_on"}
    assert signature.wants_updates is False and signature.confirmed_at.time() == dt.time()


def test_a_form_that_is_not_confirmed_can_be_erased_too(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.submit()
    assert client.post(link, data={"action": "erase"}).status_code == 200
    assert client.post(link, data={"action": "confirm"}).status_code == 410
    with campaign.app.app_context():
        assert db.session.scalars(select(Submission)).all() == []
