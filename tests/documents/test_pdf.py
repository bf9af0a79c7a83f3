"""The printed letter, read again, and what its number says."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.places import Places
from campaign.core.text import render_markdown
from campaign.documents import pdf
from campaign.documents.blocks import blocks_of
from campaign.documents.document_numbers import Printed, number_of, read_number
from campaign.statements import operations
from campaign.statements.models import Change, Safety, Statement
from campaign.statements.operations import StatementText
from tests.support import BELARUSIAN, ENGLISH, Campaign, organisation_form

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

ADDRESS = "/s/free/statement.pdf"
NUMBER = re.compile(r"(?:[2-9a-hjkmnp-z]{4}-){6}[2-9a-hjkmnp-z]{4}")


def read(client: FlaskClient, address: str = ADDRESS) -> str:
    """The words of a PDF."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)
    return words.replace("\u00ad", "")


def number_in(words: str) -> str:
    found = NUMBER.search(words)
    assert found
    return found.group()


def test_it_holds_text_addressee_list_revision_and_digest(campaign: Campaign, client: FlaskClient) -> None:
    minister = campaign.addressee(en=("Minister Example", "Minister", "The Ministry"))
    campaign.statement(texts=(ENGLISH, BELARUSIAN), addressees=(minister,))
    campaign.signed(name="Ганна Кавалёнак", city="Białystok")
    campaign.signed(email="quiet@post.example.org", visibility="counted")
    campaign.signed(email="team@post.example.org", name="Team Only", visibility="team")
    words = read(client)
    for said in (
        "Minister Example",
        "The Ministry",
        "Free them all",
        "We ask",
        "Release them.",
        "Ганна Кавалёнак",
        "Białystok",
        "3 people",
        "text 1",
        "SHA",
    ):
        assert said in words
    assert "2 people whose names are not shown" in words
    assert "Team Only" not in words
    assert "1 / 1" in words
    assert "Вызваліць усіх" in read(client, "/be" + ADDRESS)
    assert "Вызваліць усіх" in read(client, ADDRESS + "?text=be")
    assert client.get(ADDRESS).headers["Cache-Control"] == "public, no-cache"


def test_its_number_says_that_it_is_genuine_and_what_changed_since(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement_id = campaign.statement()
    link = campaign.signed()
    number = number_in(read(client))
    page = client.get(f"/v/{number.upper()}").text
    assert "This document is genuine" in page
    assert "0 signatures have been added since" in page
    app.test_client().post(link, data={"action": "withdraw"})
    campaign.work()
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        operations.save_draft(session, statement, [StatementText("en", "Free them all now", "x")])
        operations.publish(session, statement, Change.EDITORIAL, "A word")
    changed = client.get(f"/v/{number}").text
    assert "1 is no longer listed." in changed
    assert "now: text 2" in changed


def test_at_high_safety_its_number_does_not_tell_how_many_signed_on_which_day(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement(safety=Safety.HIGH)
    page = client.get(f"/v/{number_in(read(client))}").text
    assert "This document is genuine" in page and "SHA-256 of the text" in page
    assert "added since" not in page and "no longer listed" not in page


CHANGES: dict[str, Callable[[str], str]] = {
    "its last sign": lambda number: number[:-1] + ("2" if number[-1] != "2" else "3"),
    "its first sign": lambda number: "3" + number[1:],
    "cut": lambda number: number[:-1],
    "made up": lambda _number: "2" * 28,
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_number_is_not_ours(campaign: Campaign, client: FlaskClient, app: Flask, change: str) -> None:
    statement_id = campaign.statement()
    with app.app_context():
        number = number_of(Printed(statement_id, 1, clock.now(), 3, 2))
    assert client.get(f"/v/{number}").status_code == 200
    assert client.get(f"/v/{CHANGES[change](number)}").status_code == 404


def test_a_number_carries_what_it_was_made_of(context: Flask) -> None:
    now = clock.now().replace(microsecond=0)
    for printed in (Printed(1, 1, now, 0, 0), Printed(900_000, 255, now, 12_000_000, 16_000)):
        number = number_of(printed)
        assert len(number) == 28
        assert read_number(number) == printed


def test_the_number_of_an_unpublished_text_says_nothing(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    draft, statement_id = campaign.statement("draft", publish=False), campaign.statement()
    with app.app_context():
        numbers = [
            number_of(Printed(draft, 1, clock.now(), 0, 0)),
            number_of(Printed(statement_id, 2, clock.now(), 0, 0)),
        ]
    assert [client.get(f"/v/{number}").status_code for number in numbers] == [404, 404]
    assert client.get("/s/draft/statement.pdf").status_code == 404


def test_no_word_is_read_as_markup(campaign: Campaign, client: FlaskClient) -> None:
    text = StatementText(
        "en", '#panic("x") $a$ *b* @c', '#include("/etc/passwd")\n\n#read("data.json") `x` <b>&'
    )
    campaign.statement(texts=(text,))
    campaign.signed(name="Anna #sys.version")
    words = " ".join(read(client).split())
    assert '#panic("x") $a$ *b* @c' in words
    assert '#include("/etc/passwd")' in words
    assert "#sys.version" in words


def test_names_that_the_fonts_lack_are_respelled_and_said_to_be(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.signed(name="მარიამ ꀊꁌ")
    words = read(client)
    assert "მარიამ apu*" in words
    assert "Names marked with * are written in Latin letters here" in words


def test_organisations_and_people_are_counted_apart(
    campaign: Campaign, client: FlaskClient, team: FlaskClient
) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.signed(
        **organisation_form(
            organisation="Test League", email="a@league.example.org", name="Anna Example", title="Director"
        )
    )
    campaign.signed()
    words = read(client)
    assert words.index("1 organisation") < words.index("Test League") < words.index("1 person")
    assert "2 signatures" not in words


def test_a_crowd_is_asked_to_come_back(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    monkeypatch.setattr(pdf, "_places", Places(at_once=1, waiting=0, seconds=0.01))
    with pdf._places.taken():
        refused = client.get(ADDRESS)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "30"
    assert "Please try again in a minute." in refused.text


def test_the_text_as_blocks() -> None:
    body = render_markdown(
        "## Head\n\nA **b** [c](https://d.example/)\n\n1. x\n2. y\n   - z\n\n> q\n\n---\n\n| a | b"
        " |\n|---|---|\n| 1 | 2 |"
    )
    blocks = blocks_of(str(body))
    assert [block["is"] for block in blocks] == ["heading", "paragraph", "list", "quote", "rule", "table"]
    assert [word["is"] for word in blocks[1]["words"]] == ["text", "strong", "text", "link"]
    assert [part["is"] for part in blocks[2]["items"][1]] == ["paragraph", "list"]
    assert len(blocks[5]["rows"]) == 2
    assert blocks_of("") == []
