"""The book of addressees: entered once, used by many letters, changed everywhere at once, never torn out
from under one.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.statements.models import Addressee, StatementAddressee
from tests.support import Campaign
from tests.world.statements_desk import press, send, write

MINISTER = {"name_en": "Minister Example", "role_en": "Minister of Justice", "institution_en": "Ministry of Justice", "country": "BY",
            "address": "1 Example Street\n\n220000 Minsk", "email": "office@minjust.example", "writes_in": "be, ru"}  # fmt: skip


def _post(team: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return send(team, path, path, **fields)


def test_who_is_entered_is_found_and_chosen_for_a_letter_that_shows_them(
    app: Flask, team: FlaskClient, client: FlaskClient
) -> None:
    assert _post(team, "/desk/addressees/new", **MINISTER).status_code == 303
    assert "Minister Example" in team.get("/desk/addressees/?q=justice").text
    assert "Minister Example" not in team.get("/desk/addressees/?q=health").text
    with app.app_context():
        addressee_id = db.session.query(Addressee).one().id
    assert write(team, addressee_0=str(addressee_id)).status_code == 303
    assert press(team, "free-them", "publish").status_code == 303
    page = client.get("/s/free-them").text
    for line in (
        "Minister Example",
        "Minister of Justice",
        "Ministry of Justice",
        "1 Example Street",
        "220000 Minsk",
    ):
        assert line in page
    assert "office@minjust.example" not in page


def test_somebody_new_is_written_into_the_book_from_the_letter(app: Flask, team: FlaskClient) -> None:
    assert (
        write(team, name_en="The Minister", role_en="Minister", institution_en="Ministry").status_code == 303
    )
    with app.app_context():
        entry = db.session.query(Addressee).one()
        assert [(row.name, row.role, row.institution) for row in entry.names] == [
            ("The Minister", "Minister", "Ministry")
        ]
        assert db.session.query(StatementAddressee).one().addressee_id == entry.id


def test_a_change_in_the_book_is_on_the_letter_at_once(
    app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    addressee_id = campaign.addressee(en=("Old Name", "Minister"), be=("Стары", ""), fr=("Nom", ""))
    campaign.statement(addressees=(addressee_id,))
    assert (
        _post(team, f"/desk/addressees/{addressee_id}/edit", name_en="New Name", name_be="Новы").status_code
        == 303
    )
    assert "New Name" in client.get("/s/free").text
    with app.app_context():
        # A language that the form does not show stays.
        assert {row.language for row in db.session.get_one(Addressee, addressee_id).names} == {
            "en",
            "be",
            "fr",
        }


def test_who_is_addressed_stays_in_the_book(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    used, unused = campaign.addressee(en=("Used", "")), campaign.addressee(en=("Unused", ""))
    campaign.statement(addressees=(used,))
    for addressee_id, kept in ((used, True), (unused, False), (unused, False)):
        assert (
            send(team, f"/desk/addressees/{addressee_id}/remove", "/desk/addressees/new").status_code == 303
        )
        with app.app_context():
            assert (db.session.get(Addressee, addressee_id) is not None) is kept


@pytest.mark.parametrize(("changes", "words"), [
    ({"name_en": ""}, "There is a role or an institution here but no name."),
    ({"name_en": "", "role_en": "", "institution_en": ""}, "Please enter the name in at least one language."),
    ({"email": "nothing"}, "This does not look like an e-mail address."),
    ({"writes_in": "be, qqq"}, "We do not know the language “qqq”."),
    ({"country": "XX"}, "Please choose a country from the list."),
    ({"name_en": "x" * 201}, "Please use at most 200."),
])  # fmt: skip
def test_a_mistake_is_said_and_what_was_typed_stays(
    app: Flask, team: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = _post(team, "/desk/addressees/new", **MINISTER | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "220000 Minsk" in answer.text
    with app.app_context():
        assert db.session.query(Addressee).count() == 0
