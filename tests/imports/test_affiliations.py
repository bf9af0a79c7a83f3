"""People with the organisation where they work or belong, and organisations with their representatives."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.imports.column_mapping import guess
from campaign.imports.column_vocabulary import Field, field_of
from campaign.imports.row_parser import ParsedSignatory
from campaign.imports.row_reader import RowReader
from campaign.imports.who_signs import WhoSigns, who_signs
from campaign.sheets.questions import Asked
from campaign.sheets.readers import read_file
from tests.imports.lists_of_names import carry_out, post, signatures, upload, words
from tests.support import Campaign
from tests.world.lists import PAPER, run

OPEN = "Full name,Organisation,Country\nHanna I.,University of Warsaw,Poland\nJan K.,University of Warsaw,Poland\n"
ANSWER = "who-signs"
LAYOUT = {"header": "1", "column-name": "0", "column-organisation": "1", "column-country": "2"}


def read(text: str, signers: str = "both", **answers: str) -> tuple[WhoSigns | None, list[str], list[str]]:
    """Who signs, the signatories as "name | organisation | title | affiliation", and open questions."""
    rows = list(read_file(io.BytesIO(text.encode())).rows)
    layout, asked = guess(rows), Asked(answers)
    who = who_signs(rows, layout, signers)
    found = [one.entry for one in RowReader(layout, 0, asked, who).read(rows)]
    return who, [said(entry) for entry in found if entry], [question.name for question in asked.open]


def said(entry: ParsedSignatory) -> str:
    """An entry in short."""
    return " | ".join((entry.name, entry.organisation, entry.title, entry.affiliation))


@pytest.mark.parametrize(
    "header",
    [
        "Organisation (if any)", "organization (optional)", "Affiliation", "Affiliation (for identification only)",
        "Employer", "Where do you work?", "place of work", "University", "Institution", "Name of institution",
        "Title and affiliation", "место работы", "организация (если есть)", "Где вы работаете?", "ВУЗ",
        "месца працы", "арганізацыя (калі ёсць)", "Дзе працуеце", "місце роботи", "Організація (за наявності)",
        "afiliacja", "miejsce pracy", "Organizacja (jeśli dotyczy)", "Uczelnia", "Einrichtung", "Zugehörigkeit",
        "Organisation (falls vorhanden)", "Arbeitgeber", "établissement", "Organisation (le cas échéant)",
        "Lieu de travail", "afiliación", "Lugar de trabajo", "Organización (opcional)", "affiliazione",
        "Ente di appartenenza", "Organizzazione (se presente)", "affiliation",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("context")
def test_row_05_a_column_of_affiliations_is_known_by_its_name(header: str) -> None:
    assert field_of(header) is Field.AFFILIATION
    text = f"Full name,{header},Country\nHanna I.,University of Warsaw,PL\nJan K.,University of Warsaw,PL\nOla,,PL\n"
    people = ["Hanna I. |  |  | University of Warsaw", "Jan K. |  |  | University of Warsaw", "Ola |  |  | "]
    assert read(text) == (WhoSigns.PEOPLE, people, [])


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Institution email", Field.EMAIL), ("Country of institution", Field.COUNTRY), ("City (if any)", Field.CITY),
        ("Website (optional)", Field.WEBSITE), ("Name and affiliation", Field.NAME), ("Company", Field.ORGANISATION),
        ("On behalf of", Field.ORGANISATION), ("Organisation you represent", Field.ORGANISATION),
        ("Representative of the organisation", Field.NAME), ("Position in the organisation", Field.TITLE),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("context")
def test_row_05_other_columns_keep_their_meaning(header: str, field: Field) -> None:
    assert field_of(header) is field


@pytest.mark.parametrize(
    ("text", "signers", "found"),
    [
        # Organisations, whose representatives have a column of their own or positions.
        ("Organisation,Representative\nAlpha,Anna\n", "both", "Anna | Alpha |  | "),
        ("Institution,Name of representative\nAlpha,Anna\n", "both", "Anna | Alpha |  | "),
        ("On behalf of,Name\nAlpha,Anna\n", "both", "Anna | Alpha |  | "),
        ("Organisation,Name,Position\nAlpha,Anna,Director\n", "both", "Anna | Alpha | Director | "),
        ("Institution,Country\nAlpha,PL\n", "both", " | Alpha |  | "),
        ("Kind,Name,Affiliation\norganisation,Anna,Alpha\n", "both", "Anna | Alpha |  | "),
        ("Name,Organisation\nAnna,Alpha\n", "organisations", "Anna | Alpha |  | "),
        # People, whose positions stand before the place.
        ("Name,Organisation\nAnna,Alpha\n", "people", "Anna |  |  | Alpha"),
        ("Kind,Name,Organisation\nperson,Anna,Alpha\n", "both", "Anna |  |  | Alpha"),
        ("Name,Position,University\nAnna,Professor,Alpha\n", "both", "Anna |  |  | Professor, Alpha"),
        ("Title,Name,Affiliation\nDr,Anna,Alpha\n", "both", "Dr Anna |  |  | Alpha"),
        ("Name,Position,Country\nAnna,journalist,PL\n", "both", "Anna |  |  | journalist"),
        *(
            (f"Name,Affiliation,City\nAnna,{none},\n", "both", "Anna |  |  | ")
            for none in ("-", "none", "N/A", "няма")
        ),
    ],
)
@pytest.mark.usefixtures("context")
def test_row_05_lists_with_one_reading_are_not_asked_about(text: str, signers: str, found: str) -> None:
    who, entries, questions = read(text, signers)
    assert who is not None
    assert (entries, questions) == ([found], [])


@pytest.mark.parametrize(
    "text",
    [
        OPEN,
        "Organisation,Name\nAlpha,Anna\n",
        "Anna Nowak,University of Warsaw\nJan Kowalski,University of Vilnius\n",
        "Organisation you represent (if any),Name\nAlpha,Anna\n",
        "Name,Position,Organisation\nAnna,Professor,Alpha\nOla,Lecturer,Beta\n",
        "Name,Position,Organisation\nAnna,clerk,Alpha\nOla,head,Alpha\n",
        "Name,Position,Institution\nAnna,Director,Alpha\n",
    ],
)
@pytest.mark.usefixtures("context")
def test_row_05_a_list_with_two_readings_is_asked_about_once(text: str) -> None:
    assert read(text) == (None, [], [ANSWER])
    people, organisations = (read(text, **{ANSWER: said})[1] for said in ("people", "organisations"))
    assert people and all(entry.split(" | ")[1] == "" != entry.split(" | ")[3] for entry in people)
    assert len(organisations) == len(people) and all(entry.split(" | ")[1] for entry in organisations)


def test_row_05_two_people_of_one_university_go_in_after_one_question(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    address = upload(team, OPEN + "Ola N.,,Poland\n,Human Rights Alpha,Poland\n")
    page = words(team.get(address))
    assert "Rows with a person and an organisation: 2. Who signs in this list?" in page
    assert "Hanna I. · University of Warsaw" in page
    post(team, f"{address}/columns", **LAYOUT, **{f"answer-{ANSWER}": "people"})
    assert "5 The name is empty." in words(team.get(address))
    carry_out(team, campaign, address, leave_problems="y")
    assert [(row.name, row.kind, row.affiliation, row.organisation_name) for row in signatures(app)] == [
        ("Hanna I.", "person", "University of Warsaw", None),
        ("Jan K.", "person", "University of Warsaw", None),
        ("Ola N.", "person", None, None),
    ]


def test_row_05_the_command_takes_the_answer(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    path = tmp_path / "list.csv"
    path.write_text(OPEN)
    refused = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert refused.exit_code == 1 and "--answer who-signs=people" in refused.output
    assert signatures(app) == []
    taken = run(app, "import", "free", str(path), *PAPER, "--answer", "who-signs=people", "--yes")
    assert taken.exit_code == 0, taken.output
    assert [row.affiliation for row in signatures(app)] == ["University of Warsaw"] * 2


def test_row_05_at_high_safety_no_affiliation_is_kept(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free", safety="high")
    path = tmp_path / "list.csv"
    path.write_text(OPEN)
    taken = run(app, "import", "free", str(path), *PAPER, "--answer", "who-signs=people", "--yes")
    assert taken.exit_code == 0, taken.output
    assert {(row.name, row.affiliation) for row in signatures(app)} == {("Hanna I.", None), ("Jan K.", None)}
