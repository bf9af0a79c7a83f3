"""S24: whatever is sent, no form and no token fails, nothing oversized is accepted, and what is refused
leaves nothing behind.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaign.core import tokens
from campaign.core.tokens import Purpose, TokenInvalid
from campaign.extensions import db, limiter
from campaign.signatures.models import Submission
from tests.security.any_input import HOSTILE, LETTERS, TEXT, fields
from tests.support import Campaign, code_in, form
from tests.world.addresses import House, rows

YES = st.sampled_from(["y", "1", "on", ""])
SIGN = {
    "kind": st.sampled_from(["person", "organisation"]),
    "name": st.just("Anna Example"),
    "email": st.just("anna@post.example.org") | st.emails(),
    "country": st.sampled_from(["PL", "BY", "by", "XX", ""]),
    "city": TEXT,
    "affiliation": TEXT,
    "visibility": st.sampled_from(["public", "team", "counted"]),
    "consent": YES,
    "message": TEXT,
    "updates": YES,
    "organisation": st.just("Test League"),
    "title": st.just("Director"),
    "website": st.just("league.example.org"),
    "revision": st.sampled_from(["1", "0", "-1", "99999999999999999999999", "１"]),
    "text": st.sampled_from(["be", "xx"]),
    "reference": TEXT,
    "altcha": TEXT,
}
ACTIONS = ["confirm", "take over", "leave", "correct", "visibility", "updates", "agree", "else"]
ACT = {"action": st.sampled_from(ACTIONS)} | {name: SIGN[name] for name in ("name", "title", "affiliation", "city", "country", "message", "visibility", "email", "updates", "revision")}  # fmt: skip
REPORT = {
    "position": st.sampled_from(["1", "0", "999", "-1"]),
    "q": TEXT,
    "email": SIGN["email"],
    "note": TEXT,
}


def post(client: FlaskClient, path: str, data: dict[str, Any]) -> int:
    """The status of an answer to a form, which is a page whatever it says."""
    limiter.reset()
    answer = client.post(path, data=data)
    assert answer.status_code < 500, (answer.status_code, data)
    return answer.status_code


def submissions(app: Flask) -> int:
    """How many there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Submission)) or 0


@pytest.fixture
def statement(campaign: Campaign) -> str:
    """An open statement with a signature; the link of its signer."""
    campaign.statement()
    return campaign.signed(city="Vilnius")


@given(data=fields(SIGN))
def test_any_form_of_a_signer_is_taken_whole_or_not_at_all(
    app: Flask, client: FlaskClient, statement: str, data: dict[str, Any]
) -> None:
    before = submissions(app)
    status = post(client, "/s/free/sign", data)
    assert (status, submissions(app) - before) in {(303, 1), (422, 0), (400, 0)}


@given(data=fields(ACT))
def test_any_wish_of_a_signer_is_answered(client: FlaskClient, statement: str, data: dict[str, Any]) -> None:
    assert post(client, statement, data) in {200, 303, 400, 409, 422}
    assert client.get(statement).status_code == 200


@given(code=TEXT | st.text("0123456789 -", max_size=30))
def test_any_code_is_answered(client: FlaskClient, statement: str, code: str) -> None:
    assert post(client, "/code", {"code": code}) in {422, 400}


@given(data=fields(REPORT))
def test_any_report_is_answered(client: FlaskClient, statement: str, data: dict[str, Any]) -> None:
    assert post(client, "/s/free/report", data) in {303, 400, 422}


@given(token=st.text(LETTERS, max_size=120) | st.text("ABCabc012-_.=%/", max_size=80))
@example(token="." * 65)
@example(token="A" * 22 + "." + "A" * 43)
def test_any_token_is_read_or_refused(context: Flask, token: str) -> None:
    for purpose in Purpose:
        with pytest.raises(TokenInvalid):
            tokens.read(purpose, token)


@given(token=st.text("ABCabc012-_.=~", min_size=1, max_size=80).filter(lambda token: token.strip(".")))
def test_any_address_with_a_token_is_answered(client: FlaskClient, statement: str, token: str) -> None:
    for path in (f"/c/{token}", f"/i/{token}", f"/v/{token}", f"/c/{token}/data.json"):
        assert client.get(path).status_code < 500
    assert client.post(f"/c/{token}", data={"action": "confirm"}).status_code < 500


FIELDS = (
    "name",
    "city",
    "message",
    "email",
    "organisation",
    "title",
    "website",
    "country",
    "kind",
    "revision",
    "altcha",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_breaks_nothing_from_the_form_to_the_list(
    app: Flask, campaign: Campaign, client: FlaskClient, hostile: str
) -> None:
    """In each field by itself: what is refused leaves nothing, what is taken goes the whole way."""
    campaign.statement()
    text, taken = HOSTILE[hostile], 0
    for field in FIELDS:
        organised = (
            {"kind": "organisation", "organisation": f"League of {field}", "title": "Chair"}
            if field in {"organisation", "title", "website"}
            else {}
        )
        typed = form(email=f"{field}@post.example.org", **organised)
        before = rows(app)
        status = post(client, "/s/free/sign", typed | {field: text.encode("utf-8", "surrogatepass")})
        if status == 303:
            assert len(text) < 5_000 or field == "altcha", field
            taken += 1
        else:
            assert status in {400, 413, 422} and rows(app) == before, field
    campaign.work()
    assert len(campaign.sink.mails) == taken
    for mail in campaign.sink.mails:
        limiter.reset()
        assert client.post("/code", data={"code": code_in(mail)}).status_code == 200
    campaign.work()
    for path in (
        "/s/free",
        "/s/free/signatories",
        "/s/free/live",
        "/s/free/live.json",
        "/s/free/signatories?q=a",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert all(sign not in answer.text for sign in "\u202e\u202c\u2066\u2067\u200b\x00\x1b")
    json.loads(client.get("/s/free/live.json").text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_correction_breaks_nothing_either(
    client: FlaskClient, statement: str, hostile: str
) -> None:
    data = {"action": "correct", "name": HOSTILE[hostile].encode("utf-8", "surrogatepass"), "country": "PL"}
    assert post(client, statement, data) in {303, 400, 413, 422}
    assert client.get(statement).status_code == 200 == client.get("/s/free/signatories").status_code


def test_no_public_form_takes_a_body_beyond_its_size(house: House) -> None:
    for address in house.addresses("POST"):
        if not address.of_team:
            with house.stranger.post(address.path, data={"x": "a" * 1_100_000}) as answer:
                assert answer.status_code == 413, address
