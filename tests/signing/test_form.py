"""Bad input: 422, a message beside the field, what was typed kept, nothing stored."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaign.config import OFFERED
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.mailing.models import OutboxMail
from campaign.signatures.models import Submission
from campaign.statements import lifecycle, operations
from campaign.statements.models import Change, FormerSlug, Signers, Statement
from tests.support import Campaign, StatementText, code_in, form, organisation_form

BAD = [
    ("name", "", "name"),
    ("name", "x" * 201, "name"),
    ("name", "Anna\u202eevil", "name"),
    ("name", "Anna\u0007", "name"),
    ("name", "Visit www.spam.example", "name"),
    ("name", "https://spam.example", "name"),
    ("name", "12345", "name"),
    ("email", "", "email"),
    ("email", "anna", "email"),
    ("email", "anna@nowhere", "email"),
    ("email", "a@b.example", "email"),
    ("email", "anna@post.example.org\r\nBcc: x@y.example.org", "email"),
    ("country", "", "country"),
    ("country", "XX", "country"),
    ("country", "Poland", "country"),
    ("city", "c" * 101, "city"),
    ("message", "m" * 1001, "message"),
    ("kind", "robot", "kind"),
    ("visibility", "everyone", "visibility"),
    ("consent", None, "consent"),
    ("revision", "99", "consent"),
    ("revision", "abc", "consent"),
]


def stored(app: Flask) -> int:
    with app.app_context():
        return sum(
            db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Submission, OutboxMail)
        )


@pytest.mark.parametrize(("field", "value", "beside"), BAD)
def test_bad_input_is_answered_beside_the_field(
    app: Flask, campaign: Campaign, client: FlaskClient, field: str, value: str | None, beside: str
) -> None:
    campaign.statement()
    response = client.post("/s/free/sign", data=form(**{"name": "Kept Name", field: value}))
    assert response.status_code == 422
    assert f'id="{beside}-error"' in response.text
    assert field == "name" or "Kept Name" in response.text
    assert stored(app) == 0


@pytest.mark.parametrize("field", ["organisation", "name", "title"])
def test_an_organisation_needs_its_name_and_its_representative(
    campaign: Campaign, client: FlaskClient, field: str
) -> None:
    campaign.statement()
    response = client.post("/s/free/sign", data=organisation_form(**{field: ""}))
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text


def test_messages_come_in_the_language_of_the_page(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    english = client.post("/s/free/sign", data=form(name="")).text
    for code in OFFERED.keys() - {"en"}:
        translated = client.post(f"/{code}/s/free/sign", data=form(name="")).text
        assert "Please enter your name" in english
        assert "Please enter your name" not in translated


@pytest.mark.parametrize(
    "name", ["Я", "李明", "محمد علي", "Łukasz Ćwik", "Ngũgĩ wa Thiong'o", "Ім'я Ўладзь", "א ב", "ა" * 200]
)
def test_names_of_any_script_are_taken(campaign: Campaign, client: FlaskClient, name: str) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=form(name=name)).status_code == 303


def test_example_addresses_sign_sample_statements_only(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement("sample", sample=True)
    campaign.statement("real")
    assert client.post("/s/sample/sign", data=form(email="anna@signer.example")).status_code == 303
    assert client.post("/s/real/sign", data=form(email="anna@signer.example")).status_code == 422


def test_a_closed_statement_says_so_and_keeps_nothing(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement(close=True)
    response = client.post("/s/free/sign", data=form())
    assert response.status_code == 409
    assert "Closed for signatures" in response.text
    assert stored(app) == 0
    assert "<form" not in client.get("/s/free").text.split('class="list"')[0]


def test_a_draft_is_not_there(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(publish=False)
    for path in (
        "/s/free",
        "/s/free/live",
        "/s/free/live.json",
        "/s/free/signatories",
        "/api/v1/statements/free",
        "/api/v1/statements/free/signatures",
    ):
        assert client.get(path).status_code == 404
    assert client.post("/s/free/sign", data=form()).status_code == 404


def test_who_was_in_time_may_confirm_a_day_after_closing(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    first, second = campaign.submit(name="Anna"), campaign.submit(name="Boris")
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, statement_id))
    assert client.post(first).status_code == 303
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=25), tick=True):
        response = client.post(second)
        assert response.status_code == 409
        assert "Closed for signatures" in response.text


def test_a_closing_date_closes_by_itself(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(closes_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2), tick=True):
        assert client.post("/s/free/sign", data=form()).status_code == 409
        campaign.work()
        assert client.get("/api/v1/statements").get_json()["statements"][0]["status"] == "closed"


@pytest.mark.parametrize(
    ("signers", "refused"), [(Signers.PEOPLE, organisation_form()), (Signers.ORGANISATIONS, form())]
)
def test_only_those_sign_who_are_asked(
    campaign: Campaign, client: FlaskClient, signers: Signers, refused: dict[str, str]
) -> None:
    campaign.statement(signers=signers)
    assert client.post("/s/free/sign", data=refused).status_code == 422


def test_who_read_a_text_with_other_demands_is_asked_to_read_again(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    for change, answer in ((Change.EDITORIAL, 303), (Change.MATERIAL, 422)):
        with app.app_context(), writing() as session:
            statement = session.get_one(Statement, statement_id)
            operations.save_draft(
                session, statement, [StatementText("en", "Free them all", f"New text, {change}")]
            )
            operations.publish(session, statement, change)
        campaign.work()
        forget_all(app)
        assert client.post("/s/free/sign", data=form(revision="1")).status_code == answer


def test_who_confirms_after_the_demands_have_changed_is_shown_the_new_text(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    link = campaign.submit()
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        operations.save_draft(session, statement, [StatementText("en", "Jail them all", "Another demand.")])
        operations.publish(session, statement, Change.MATERIAL)
    campaign.work()
    asked = client.get(link).text
    assert "The text has changed" in asked and "Another demand." in asked
    for stale in ({}, {"revision": "1"}, {"revision": "x"}):
        assert client.post(link, data={"action": "confirm"} | stale).status_code == 409
    code = code_in(campaign.sink.mails[-1])
    assert client.post("/code", data={"code": code}).status_code == 409
    assert campaign.counts() == (0, 0)
    assert client.post(link, data={"action": "confirm", "revision": "2"}).status_code == 303
    campaign.work()
    assert campaign.counts() == (1, 0)
    assert "Signed text 2" in client.get(link).text


def test_a_small_change_of_words_asks_nothing_again(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    link = campaign.submit()
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        operations.save_draft(
            session, statement, [StatementText("en", "Free them all!", "With an exclamation mark.")]
        )
        operations.publish(session, statement, Change.EDITORIAL)
    assert client.post(link, data={"action": "confirm"}).status_code == 303


@pytest.mark.parametrize("left_out", ["kind", "visibility", "consent"])
def test_what_was_not_chosen_is_asked(campaign: Campaign, client: FlaskClient, left_out: str) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=form(**{left_out: None})).status_code == 422


@pytest.mark.parametrize("word", ["no", "off", "n", "maybe", ""])
def test_only_a_yes_is_a_yes(campaign: Campaign, client: FlaskClient, word: str) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=form(consent=word)).status_code == 422


def test_a_form_that_was_open_while_the_address_changed_is_not_lost(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    with app.app_context(), writing() as session:
        session.get_one(Statement, statement_id).slug = "free-them"
        session.add(FormerSlug(slug="free", statement_id=statement_id))
    campaign.work()
    forget_all(app)
    assert client.post("/s/free/sign", data=form()).status_code == 303


@pytest.mark.parametrize("name", ["J.De Vries", "M.de Smet", "Ó"])
def test_initials_make_no_web_address(campaign: Campaign, client: FlaskClient, name: str) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=form(name=name)).status_code == 303


@pytest.mark.parametrize("name", ["see evil.com", "https://evil", "www.evil", "\u3164", "\u2800\u2800"])
def test_links_and_blanks_are_no_names(campaign: Campaign, client: FlaskClient, name: str) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=form(name=name)).status_code == 422
    # A role may name a site: "Editor of Zerkalo.io".
    refused = 303 if name == "see evil.com" else 422
    assert client.post("/s/free/sign", data=organisation_form(title=name)).status_code == refused


def test_an_organisation_may_be_called_like_its_site(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=organisation_form(organisation="Reform.by")).status_code == 303
    assert (
        client.post("/s/free/sign", data=organisation_form(organisation="https://reform.by")).status_code
        == 422
    )


@given(
    data=st.dictionaries(
        st.sampled_from(
            [
                "kind",
                "name",
                "email",
                "country",
                "city",
                "message",
                "visibility",
                "consent",
                "organisation",
                "title",
                "website",
                "revision",
                "updates",
            ]
        ),
        st.text(max_size=300),
    )
)
def test_no_form_breaks_the_site(app: Flask, campaign: Campaign, data: dict[str, str]) -> None:
    if app.test_client().get("/s/free").status_code != 200:
        campaign.statement()
    assert app.test_client().post("/s/free/sign", data=data).status_code in (303, 422)
