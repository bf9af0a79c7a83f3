"""Letters for Word, opened again."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.shared import RGBColor
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import UnStatus
from campaign.organisations.operations import register_organisation
from campaign.statements.operations import StatementText
from tests.support import BELARUSIAN, Campaign, csrf, organisation_form

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WHOLE = StatementText(
    "en",
    "Free them all",
    "They **helped** [others](https://example.org/).\n\n## We ask\n\n1. Release *them*.\n2. Now.\n\n-"
    " all\n- of them\n\n> Quoted.",
)
STATUS = {
    "General League": UnStatus.GENERAL,
    "Special Centre": UnStatus.SPECIAL,
    "Roster House": UnStatus.ROSTER,
    "Plain Initiative": UnStatus.NONE,
}


def fetch(team: FlaskClient, layout: str, text: str = "en", slug: str = "free") -> TestResponse:
    """Press the button of the page "Export"."""
    data = {"csrf_token": csrf(team), "format": {"letter": "docx"}.get(layout, layout), "text": text}
    return team.post(f"/desk/statements/{slug}/export", data=data)


def opened(response: TestResponse) -> Any:
    assert response.status_code == 200
    return Document(io.BytesIO(response.data))


def lines(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


@pytest.fixture
def signed(campaign: Campaign, app: Flask, team: FlaskClient) -> None:
    """A letter to somebody, signed by organisations of each status and by people."""
    minister = campaign.addressee(en=("Minister Example", "Minister", "The Ministry"), be=("Міністр", "", ""))
    campaign.statement(texts=(WHOLE, BELARUSIAN), addressees=(minister,))
    for number, (name, status) in enumerate(STATUS.items()):
        with app.app_context(), writing() as session:
            register_organisation(
                session,
                {"en": name, "be": f"Арганізацыя {number}"},
                domains=[f"o{number}.example.org"],
                un_status=status,
            )
        campaign.signed(
            **organisation_form(
                organisation=name, email=f"a@o{number}.example.org", name="Anna Example", title="Director"
            )
        )
    campaign.signed(name="Ганна Кавалёнак", city="Białystok")
    campaign.signed(email="hidden@post.example.org", visibility="counted")


@pytest.mark.usefixtures("signed")
def test_the_letter_holds_text_and_list(team: FlaskClient, app: Flask) -> None:
    said = lines(opened(fetch(team, "letter")))
    for line in (
        "Minister Example\nMinister\nThe Ministry",
        "Free them all",
        "They helped others.",
        "We ask",
        "1.\tRelease them.",
        "2.\tNow.",
        "•\tall",
        "Quoted.",
        "4 organisations",
        "2 people",
        "1 person whose name is not shown",
    ):
        assert line in said, line
    assert any(line.startswith("General League\nAnna Example, Director") for line in said)
    assert any("Ганна Кавалёнак (Białystok)" in line for line in said)
    assert any("/v/" in line and "SHA-256" in line for line in said)
    with app.app_context():
        assert [entry.action for entry in db.session.scalars(select(AuditEntry))].count("list exported") == 1


@pytest.mark.usefixtures("signed")
def test_links_and_emphasis_are_kept(team: FlaskClient) -> None:
    document = opened(fetch(team, "letter"))
    (paragraph,) = (one for one in document.paragraphs if one.text.startswith("They "))
    assert [run.text for run in paragraph.runs if run.bold] == ["helped"]
    assert [link.address for link in paragraph.hyperlinks] == ["https://example.org/"]


@pytest.mark.usefixtures("signed")
def test_as_the_united_nations_ask(team: FlaskClient) -> None:
    response = fetch(team, "un")
    said = lines(opened(response))
    assert said[:4] == [
        "Free them all",
        "General League, non-governmental organisations in general consultative status",
        "Special Centre, non-governmental organisations in special consultative status",
        "Roster House, non-governmental organisations on the roster",
    ]
    assert not any("Plain Initiative" in line or "Кавалёнак" in line for line in said)
    with zipfile.ZipFile(io.BytesIO(response.data)) as file:
        notes = etree.fromstring(file.read("word/footnotes.xml"))
        types, relations = (
            file.read("[Content_Types].xml").decode(),
            file.read("word/_rels/document.xml.rels").decode(),
        )
        body = etree.fromstring(file.read("word/document.xml"))
    (note,) = (note for note in notes.iter(f"{W}footnote") if note.get(f"{W}type") is None)
    assert (
        "".join(note.itertext())
        .strip()
        .endswith("share the views expressed in this statement: Plain Initiative")
    )
    assert 'PartName="/word/footnotes.xml"' in types
    assert 'Target="footnotes.xml"' in relations
    (reference,) = body.iter(f"{W}footnoteReference")
    assert reference.get(f"{W}id") == note.get(f"{W}id")
    assert "".join(reference.getparent().getparent().itertext()) == "Free them all"


@pytest.mark.usefixtures("signed")
def test_names_match_the_language_of_the_text(team: FlaskClient) -> None:
    said = "\n".join(lines(opened(fetch(team, "un", "be"))))
    assert "Вызваліць усіх" in said
    assert "Арганізацыя 0" in said
    assert "General League" not in said


def test_a_draft_and_an_unknown_layout_are_refused(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("draft", publish=False)
    campaign.statement()
    assert fetch(team, "letter", slug="draft").status_code == 422
    assert "Please publish the statement first" in fetch(team, "letter", slug="draft").text
    assert fetch(team, "poem").status_code == 422
    assert fetch(team, "letter", slug="nothing").status_code == 404


@pytest.mark.usefixtures("signed")
def test_the_letter_has_the_form_of_one_to_an_office(team: FlaskClient) -> None:
    data = {"csrf_token": csrf(team), "format": "docx", "place": "Vilnius"}
    document = opened(team.post("/desk/statements/free/export", data=data))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    wanted = [
        "Letter addressee",
        "Letter date",
        "Title",
        "Letter salutation",
        "Heading 1",
        "Letter signatory",
    ]
    places = [styles.index(name) for name in wanted]
    assert places == sorted(places)
    said = {paragraph.style.name: paragraph.text for paragraph in reversed(document.paragraphs)}
    assert (
        said["Letter date"].startswith("Vilnius, ") and said["Letter salutation"] == "Dear Minister Example,"
    )
    # A4, organisations in two columns, and nothing in the blue of the template.
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert [one._sectPr.xpath("./w:cols/@w:num") for one in document.sections] == [[], ["2"], ["1"]]
    for name in ("Title", "Heading 1", "Heading 2", "Normal", *set(styles)):
        style = document.styles[name]
        assert style.font.color.rgb in (None, RGBColor(0, 0, 0)), name
        assert style.font.name in (None, "Source Serif 4"), name
    assert not any(paragraph.text == "" for paragraph in document.paragraphs)
    assert "PAGE" in "".join(section.footer._element.itertext())


@pytest.mark.usefixtures("signed")
def test_the_printed_letter_has_the_same_parts_in_the_same_order(team: FlaskClient) -> None:
    data = {"csrf_token": csrf(team), "format": "pdf", "place": "Vilnius"}
    reader = PdfReader(io.BytesIO(team.post("/desk/statements/free/export", data=data).data))
    said = " ".join(page.extract_text() for page in reader.pages)
    parts = (
        "Minister Example",
        "Vilnius, ",
        "Free them all",
        "Dear Minister Example,",
        "They",
        "4 organisations",
    )
    places = [said.index(part) for part in parts]
    assert places == sorted(places) and "List as of" in said and "/v/" in said
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_a_text_that_greets_the_addressee_itself_is_not_given_a_second_greeting(
    team: FlaskClient, campaign: Campaign
) -> None:
    minister = campaign.addressee(en=("Minister Example", "Minister", "The Ministry"))
    campaign.statement(
        texts=(StatementText("en", "Free them", "Dear Minister,\n\nPlease release them."),),
        addressees=(minister,),
    )
    campaign.signed()
    said = lines(opened(fetch(team, "letter")))
    assert "Dear Minister," in said and "Dear Minister Example," not in said
