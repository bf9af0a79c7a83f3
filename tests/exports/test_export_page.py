"""The page "Export": one way to take a list away, with a look at what the file will hold."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation, UnStatus
from campaign.statements.models import Safety
from tests.support import Campaign, csrf_of, organisation_form
from tests.world.lists import EXPORT

# No database has a say in the looks of a file; test_export.py has both.
pytestmark = pytest.mark.databases("sqlite")
NAMED = ("Zeta League", "Alpha Centre", "Ганна Кавалёнак", "Borys Example")


@pytest.fixture
def cast(campaign: Campaign, app: Flask) -> int:
    """Two organisations, two people, one for the team only and one only counted; some ask for news."""
    statement = campaign.statement()
    for number, (name, country, status) in enumerate(
        (("Zeta League", "PL", UnStatus.SPECIAL), ("Alpha Centre", "DE", UnStatus.NONE))
    ):
        campaign.organisation(name, f"o{number}.example.org", country=country)
        signed = organisation_form(organisation=name, email=f"a@o{number}.example.org", country=country)
        campaign.signed(**signed)
        with app.app_context(), writing() as session:
            session.scalars(select(Organisation).order_by(Organisation.id.desc())).first().un_status = status  # type: ignore[union-attr]
    campaign.signed(name="Ганна Кавалёнак", city="Гродна", country="BY", updates="y")
    campaign.signed(name="Borys Example", email="borys@post.example.org", country="BY")
    campaign.signed(
        name="Sealed Name", email="sealed@post.example.org", visibility="team", country="UA", updates="y"
    )
    campaign.signed(name="", email="counted@post.example.org", visibility="counted", country="DE")
    return statement


def press(team: FlaskClient, **choices: object) -> Any:
    """Press the button of the page, as a browser does: the token comes with the button."""
    token = csrf_of(team.get(EXPORT))
    with team.post(EXPORT, data={"csrf_token": token} | choices) as answer:
        answer.get_data()
        return answer


def cells(body: bytes) -> list[list[Any]]:
    """The first sheet of a workbook, as openpyxl reads it."""
    sheet = load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.usefixtures("cast")
def test_an_export_takes_at_most_four_clicks_from_the_dashboard(team: FlaskClient) -> None:
    assert 'href="/desk/statements/"' in team.get("/desk/").text
    assert f'href="{EXPORT}"' in team.get("/desk/statements/").text
    page = team.get(EXPORT).text
    for wanted in ("csv", "xlsx", "pdf", "docx", "json", "text"):
        assert f'name="format" id="format-{wanted}"' in page, wanted
    assert 'formmethod="post"' in page
    # Nowhere else does a list leave: the table of signatures leads here.
    table = team.get("/desk/statements/free/signatures").text
    assert f'href="{EXPORT}"' in table and f'action="{EXPORT}"' not in table and "/word" not in table


@pytest.mark.usefixtures("cast")
def test_every_format_holds_the_listed_rows(team: FlaskClient) -> None:
    files = {one: press(team, format=one).data for one in ("csv", "xlsx", "pdf", "docx", "json", "text")}
    table = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    assert len(table) - 1 == json.loads(files["json"])["statement"]["counts"]["total"] == 6
    workbook = cells(files["xlsx"])
    assert [["" if cell is None else str(cell) for cell in row] for row in workbook] == table
    letter = Document(io.BytesIO(files["docx"]))
    said = {
        "pdf": "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages),
        "docx": "\n".join(element.text or "" for element in letter.element.body.iter() if element.text),
        "text": files["text"].decode(),
        "csv": files["csv"].decode(),
        "json": files["json"].decode(),
    }
    for wanted, words in said.items():
        assert all(name in words for name in NAMED), wanted
        assert not any(word in words for word in ("Sealed", "post.example.org")), wanted


TABLES = [
    ({"order": "name"}, ["Alpha Centre", "Zeta League", "Borys Example", "Ганна Кавалёнак"]),
    ({"order": "signed"}, ["Zeta League", "Alpha Centre", "Ганна Кавалёнак", "Borys Example"]),
    ({"order": "country"}, ["Ганна Кавалёнак", "Borys Example", "Alpha Centre", "Zeta League"]),
    ({"grouping": "status"}, ["Zeta League", "Alpha Centre", "Ганна Кавалёнак", "Borys Example"]),
    (
        {"grouping": "country", "order": "name"},
        ["Borys Example", "Ганна Кавалёнак", "Alpha Centre", "Zeta League"],
    ),
]


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.usefixtures("cast")
def test_order_and_grouping_are_the_same_in_tables_and_letters(team: FlaskClient) -> None:
    for choices, wanted in TABLES:
        names = {"contents": "addressee", "columns": ["organisation", "name"]} | choices
        rows = cells(press(team, format="xlsx", **names).data)[1:]
        offset = 1 if "grouping" in choices else 0
        assert [row[offset] or row[offset + 1] for row in rows[:4]] == wanted, choices
        document = Document(io.BytesIO(press(team, format="docx", **choices).data))
        said = "\n".join(element.text or "" for element in document.element.body.iter() if element.text)
        places = [said.index(name) for name in wanted]
        # A letter never has people among organisations, unless they are grouped by country.
        if choices.get("order") != "country":
            assert places == sorted(places), choices


@pytest.mark.usefixtures("cast")
def test_headings_and_countries_are_in_each_language_that_is_chosen(team: FlaskClient) -> None:
    answer = press(
        team, format="xlsx", headings="words", languages=["be", "de"], columns=["kind", "country_name"]
    )
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as whole:
        sheets = {name[-7:-5]: cells(whole.read(name)) for name in whole.namelist()}
    assert set(sheets) == {"be", "de"}
    assert sheets["de"][1] == ["Organisation", "Polen"]
    assert sheets["be"][1][1] == "Польшча" and sheets["be"][0] != sheets["de"][0]


def test_the_list_for_the_addressee_names_those_who_agreed_and_counts_the_others(
    team: FlaskClient, cast: int
) -> None:
    rows = cells(press(team, contents="addressee", format="xlsx").data)
    assert [row[0] for row in rows[1:5]] == [1, 2, 3, 4]
    assert [row[1] for row in rows[5:]] == ["and 2 people who asked not to be named"]
    said = json.loads(press(team, contents="addressee", format="json").data)
    assert len(said["signatures"]) == 4 and said["statement"]["not_named"] == {
        "people": 2,
        "organisations": 0,
    }
    assert "provenance" not in said["signatures"][0] and "message" not in said["signatures"][0]


def test_a_contact_list_has_who_asked_for_news_and_shows_the_name(
    app: Flask, team: FlaskClient, cast: int
) -> None:
    page = team.get(EXPORT, query_string={"contents": "contacts"})
    assert "@" not in page.text.partition('<h2 id="preview"')[2].partition("</section>")[0]
    assert "1 more signatory asked for news" in page.text
    rows = cells(press(team, contents="contacts", format="xlsx").data)
    assert rows[1:] == [["anna@post.example.org", "Ганна Кавалёнак", None, "Belarus", "English"]]
    assert press(team, contents="contacts", format="text").data == b"anna@post.example.org\n"
    for letter in ("pdf", "docx", "un"):
        refused = press(team, contents="contacts", format=letter)
        assert refused.status_code == 422 and "a letter has no e-mail addresses" in refused.text
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action)))
    assert actions.count("contact list exported") == 2 and "list exported" not in actions


def test_at_high_safety_there_is_no_contact_list(campaign: Campaign, team: FlaskClient) -> None:
    campaign.statement(safety=Safety.HIGH)
    answer = press(team, contents="contacts", format="csv")
    assert answer.status_code == 422 and "At high safety no addresses are kept" in answer.text


BAD = [
    {"format": "odt"}, {"format": ""}, {"format": "csv", "contents": "everything"},
    {"format": "csv", "columns": "sealed"}, {"format": "csv", "languages": "xx"},
    {"format": "csv", "order": "random"}, {"format": "csv", "grouping": "name"},
    {"format": "pdf", "text": "fr"}, {"format": "csv", "headings": "="},
]  # fmt: skip


@pytest.mark.usefixtures("cast")
def test_what_is_not_offered_gets_a_sentence_and_leaves_no_file(team: FlaskClient, app: Flask) -> None:
    for choices in BAD:
        answer = press(team, **choices)
        assert answer.status_code == 422 and "Please check the following" in answer.text, choices
        if choices["format"]:
            assert team.get(EXPORT, query_string=choices).status_code == 422, choices
    with app.app_context():
        assert "list exported" not in list(db.session.scalars(select(AuditEntry.action)))


@pytest.mark.usefixtures("cast")
def test_after_the_password_the_choices_stand_there_again(
    team: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, begun = csrf_of(team.get(EXPORT)), clock.now()
    late = begun.fromtimestamp(begun.timestamp() + 360, begun.tzinfo)
    monkeypatch.setattr(clock, "now", lambda: late)
    data = {"csrf_token": token, "format": "pdf", "order": "country", "languages": ["be", "de"]}
    data |= {"passphrase": "correct horse battery"}
    asked = team.post(f"/be{EXPORT}", data=data).headers["Location"]
    page = team.get(asked).text
    assert f"{EXPORT}?format=pdf&amp;languages=be&amp;languages=de&amp;order=country" in page
    assert token not in asked and "horse" not in asked
