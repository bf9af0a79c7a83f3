"""Workbooks that hide or strike out some of their cells: nothing of that is listed unless a person says so."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.imports.lists_of_names import carry_out, post, signatures, upload, words
from tests.support import Campaign
from tests.world.sheets import workbook

ROWS = (
    ("Full name", "Name as it should appear", "Country"),
    ("Hanna Secret", "Hanna S.", "PL"),
    ("Ivan Secret", "Ivan S.", "BY"),
)


def changed(book: io.BytesIO, *changes: tuple[str, str]) -> bytes:
    """The workbook with other XML in its sheet or its styles."""
    file = io.BytesIO()
    with zipfile.ZipFile(book) as archive, zipfile.ZipFile(file, "w") as new:
        for name in archive.namelist():
            text = archive.read(name).decode()
            for before, after in changes:
                text = text.replace(before, after)
            new.writestr(name, text)
    return file.getvalue()


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """An open statement."""
    return campaign.statement("free")


def listed(
    app: Flask, campaign: Campaign, team: FlaskClient, body: bytes, **answers: str
) -> list[str | None]:
    """Import a workbook with these answers, and the names on the list then."""
    address = upload(team, body, "list.xlsx")
    page = words(team.get(address))
    assert team.get(f"{address}/confirm").status_code == 422, page
    layout = {"header": "1", "column-name": "1", "column-country": "2"}
    post(
        team, f"{address}/columns", **layout, **{f"answer-{name}": choice for name, choice in answers.items()}
    )
    assert "Secret" not in team.get(address).text
    carry_out(team, campaign, address)
    return [row.name for row in signatures(app)]


@pytest.mark.parametrize(
    "cols",
    [
        '<cols><col min="1" max="1" hidden="1"/></cols>',
        '<cols><col min="1" max="1" width="0" customWidth="1"/></cols>',
        '<cols><col min="1" max="1" outlineLevel="1" hidden="true"/><col min="2" max="9" width="9"/></cols>',
        '<sheetFormatPr defaultColWidth="0"/><cols><col min="2" max="3" width="20"/></cols>',
    ],
)
def test_row_03_hidden_cells_are_left_out_and_asked_about(
    app: Flask, campaign: Campaign, team: FlaskClient, cols: str
) -> None:
    body = changed(workbook(ROWS), ("<sheetData>", f"{cols}<sheetData>"))
    page = words(team.get(upload(team, body, "list.xlsx")))
    assert "1 column (A)" in page and "Secret" not in page
    assert listed(app, campaign, team, body, hidden="leave-out") == ["Hanna S.", "Ivan S."]


@pytest.mark.parametrize("how", ['hidden="1"', 'ht="0" customHeight="1"', 'hidden="true" outlineLevel="1"'])
@pytest.mark.parametrize(
    ("choice", "names"), [("leave-out", ["Hanna S."]), ("take-rows", ["Hanna S.", "Ivan S."])]
)
def test_row_03_hidden_rows_are_asked_about(
    app: Flask, campaign: Campaign, team: FlaskClient, how: str, choice: str, names: list[str]
) -> None:
    rows = [row[1:] for row in ROWS]
    body = changed(workbook([("", *row) for row in rows]), ('<row r="3">', f'<row r="3" {how}>'))
    assert "1 row" in words(team.get(upload(team, body, "list.xlsx")))
    assert listed(app, campaign, team, body, hidden=choice) == names


@pytest.mark.parametrize(("choice", "names"), [("leave-out", ["Ivan S."]), ("keep", ["Hanna S.", "Ivan S."])])
def test_row_03_struck_out_text_is_asked_about(
    app: Flask, campaign: Campaign, team: FlaskClient, choice: str, names: list[str]
) -> None:
    rows = [("", *row[1:]) for row in ROWS]
    body = changed(workbook(rows), ("<r><t>Hanna", "<r><rPr><strike/></rPr><t>Hanna"))
    assert "1 cell has struck-out text" in words(team.get(upload(team, body, "list.xlsx")))
    assert listed(app, campaign, team, body, struck=choice) == names


@pytest.mark.parametrize(("choice", "names"), [("leave-out", ["Anna"]), ("take-in", ["Anna", "Jan"])])
def test_row_07_a_no_to_being_listed_is_asked_about(
    app: Flask, campaign: Campaign, team: FlaskClient, choice: str, names: list[str]
) -> None:
    address = upload(
        team, "Timestamp,I agree to the publication of my name,Full name\n1,Yes,Anna\n2,No,Jan\n"
    )
    assert team.get(f"{address}/confirm").status_code == 422
    layout = {"header": "1", "column-name": "2", "column-consent": "1"}
    post(team, f"{address}/columns", **layout, **{"answer-consent": choice})
    carry_out(team, campaign, address)
    assert [row.name for row in signatures(app)] == names
