"""What the page shows of a list before it is imported, and how a person reads it otherwise."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.readers import read_file
from tests.imports.lists_of_names import carry_out, paste, post, signatures, upload, words
from tests.support import Campaign
from tests.world.lists import PAPER, run, sheet

pytestmark = pytest.mark.databases("sqlite")


def test_row_04_each_column_is_shown_with_examples_and_can_be_set_by_hand(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    address = upload(team, "Name,Where,State\nAnna Nowak,Boston,MA\nJan Lis,Salem,OR\n")
    page = words(team.get(address))
    assert "B Where Boston · Salem" in page and "C State MA · OR" in page
    form = {"header": "1", "kind": "", "field-0": "name", "field-1": "city", "field-2": ""}
    post(team, f"{address}/columns", **form)
    carry_out(team, campaign, address)
    assert [(row.name, row.city, row.country) for row in signatures(app)] == [
        ("Anna Nowak", "Boston", None), ("Jan Lis", "Salem", None),
    ]  # fmt: skip


def test_row_10_and_11_the_page_says_what_was_left_out(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    address = paste(team, "BELARUS", "1. Anna Nowak", "2. Jan Lis", "Total: 2 signatures")
    page = words(team.get(address))
    assert (
        "2 rows are headings, totals or numbers of pages: BELARUS (row 1) · Total: 2 signatures (row 4)"
        in page
    )
    assert "Numbers and bullets before names were left out: 2 rows." in page
    assert "2 rows have the country of the heading above them." in page
    carry_out(team, campaign, address)
    assert [(row.name, row.country) for row in signatures(app)] == [("Anna Nowak", "BY"), ("Jan Lis", "BY")]


def test_row_10_a_list_with_commas_is_asked_about_once_and_read_as_answered(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    address = paste(team, "Anna Nowak, Jan Lis, Ewa Kos")
    assert "What does the sign “,” mean in this list?" in words(team.get(address))
    assert team.get(f"{address}/confirm").status_code == 422
    post(team, f"{address}/columns", **{"header": "0", "field-0": "name", "answer-separators": "names"})
    carry_out(team, campaign, address)
    assert [row.name for row in signatures(app)] == ["Anna Nowak", "Jan Lis", "Ewa Kos"]


def test_row_07_a_row_that_does_not_agree_is_not_listed(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    path = sheet(
        tmp_path, "Yes,Anna Nowak,No", "No,Jan Lis,No", ",Ewa Kos,No", "Yes,Ola Wilk,Yes",
        header="May we publish your name?,Full name,Stay anonymous?",
    )  # fmt: skip
    refused = run(app, "import", "free", path, *PAPER, "--yes")
    assert (
        refused.exit_code == 1
        and "consent=leave-out" in refused.output
        and "unsaid=leave-out" in refused.output
    )
    answers = ("--answer", "consent=leave-out", "--answer", "unsaid=leave-out")
    taken = run(app, "import", "free", path, *PAPER, *answers, "--yes")
    assert "Rows that do not agree to be listed, left out: 3." in taken.output
    assert [row.name for row in signatures(app)] == ["Anna Nowak"]


def test_row_04_a_country_of_two_is_asked_about_once_whatever_its_case(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    path = sheet(tmp_path, "Anna,Korea", "Jan,KOREA", "Ewa,korea ", header="Name,Country")
    refused = run(app, "import", "free", path, *PAPER, "--yes")
    assert "“Korea” can be two countries. Which one is it?" in refused.output
    assert "--answer country:Korea=PL  any ISO code" in refused.output and "1 question(s)" in refused.output
    run(app, "import", "free", path, *PAPER, "--answer", "country:korea=KR", "--yes")
    assert [row.country for row in signatures(app)] == ["KR", "KR", "KR"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "LibreOffice (.ods)"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "This is a document."),
        ({"Index/Document.iwa": ""}, "from Numbers as Excel (.xlsx)"),
        ({"word/document.xml": "<x/>"}, "This is a document."),
        ({"xl/workbook.bin": ""}, "save it as .xlsx"),
    ],
)
@pytest.mark.usefixtures("context")
def test_row_04_a_file_of_another_program_is_refused_with_what_to_do(
    names: dict[str, str], said: str
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    file.seek(0)
    with pytest.raises(SheetUnreadable) as refused:
        read_file(file)
    assert said in str(refused.value)
