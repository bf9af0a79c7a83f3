"""The list of published texts: what each changed, and each of them whole."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.database import writing
from campaign.statements import operations
from campaign.statements.differences import Fate, differences
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from tests.support import ENGLISH, Campaign
from tests.world.statements_desk import change, press

CORRECTED = ENGLISH.body.replace("helped", "aided")


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.COMES) == before
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.GOES) == after
    assert all(piece.text for piece in pieces)


def test_a_changed_word_is_a_changed_word() -> None:
    pieces = [
        (str(piece.fate), piece.text)
        for piece in differences("We ask to release them.\nAll.", "We ask to free them.\nAll.")
    ]
    assert pieces == [
        ("stays", "We ask to "),
        ("goes", "release"),
        ("comes", "free"),
        ("stays", " them.\nAll."),
    ]


def test_a_long_text_that_is_wholly_new_is_compared_quickly() -> None:
    pieces = differences("one two " * 20_000, "three four " * 20_000)
    assert [piece.fate for piece in pieces] == [Fate.GOES, Fate.COMES]


@pytest.fixture
def revised(app: Flask, campaign: Campaign) -> Campaign:
    """A statement with three texts: the second corrects a word, the third demands something else, in a
    second language too.
    """
    statement_id = campaign.statement()
    later = (
        (Change.EDITORIAL, "A typing error", [StatementText("en", ENGLISH.title, CORRECTED)]),
        (
            Change.MATERIAL,
            "A second demand <b>",
            [
                StatementText("en", ENGLISH.title, CORRECTED + "\n2. Pay them."),
                StatementText("be", "Вызваліць", "Тэкст"),
            ],
        ),
    )
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        for kind, note, texts in later:
            operations.save_draft(session, statement, texts)
            operations.publish(session, statement, kind, note)
    return campaign


def test_the_list_says_what_each_text_changed(revised: Campaign, client: FlaskClient) -> None:
    page = client.get("/s/free/versions").text
    assert re.findall(r"Text (\d)", page)[:3] == ["3", "2", "1"]
    for words in (
        "A typing error",
        "A second demand &lt;b&gt;",
        "Wording only",
        "Demands change",
        "First text",
        "<del>helped</del>",
        "<ins>aided</ins>",
    ):
        assert words in page
    assert "Pay them" in page.split("<ins>")[1]
    assert len(re.findall(r"SHA-256 [0-9a-f]{64}", page)) == 3
    assert "/s/free/versions" in client.get("/s/free").text


def test_each_text_is_read_whole(revised: Campaign, client: FlaskClient) -> None:
    first, last = client.get("/s/free/versions/1").text, client.get("/s/free/versions/3").text
    assert "helped" in first and "earlier text" in first
    assert "Pay them" in last and "earlier text" not in last
    assert "Вызваліць" in client.get("/be/s/free/versions/3").text
    assert "Free them all" in client.get("/be/s/free/versions/1").text
    for wrong in ("0", "4", "99999999999", "x"):
        assert client.get(f"/s/free/versions/{wrong}").status_code == 404


def test_a_draft_shows_nothing_of_itself(revised: Campaign, client: FlaskClient, team: FlaskClient) -> None:
    change(team, "free", title_en="Secret title", body_en="Secret words")
    assert "Secret" not in client.get("/s/free/versions").text
    assert client.get("/s/free/versions/4").status_code == 404
    revised.statement("unseen", publish=False)
    assert (
        client.get("/s/unseen/versions").status_code == client.get("/s/unseen/versions/1").status_code == 404
    )


def test_a_change_of_demands_has_to_be_explained(
    campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    campaign.statement()
    change(team, "free", title_en=ENGLISH.title, body_en=ENGLISH.body + "\n2. Pay them.")
    refused = press(team, "free", "publish", change="material")
    assert refused.status_code == 422
    assert "please say in one sentence what exactly" in refused.text
    assert press(team, "free", "publish", change="material", note="They are to be paid.").status_code == 303
    assert "They are to be paid." in client.get("/s/free/versions").text
