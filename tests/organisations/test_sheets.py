"""The registry as a sheet, out and back."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.extensions import db
from campaign.organisations.models import Organisation, OrganisationName
from tests.support import Campaign, csrf_of
from tests.world.sheets import KINDS, workbook

PATH = "/desk/organisations/sheet"
HEADER = "name_en,name_be,name_ru,name_be-Latn,aliases,country,domains,un_status,founded"


def upload(team: FlaskClient, text: str | bytes) -> TestResponse:
    """Choose a file and look at it."""
    body = text.encode() if isinstance(text, str) else text
    data = {"csrf_token": csrf_of(team.get(PATH)), "sheet": (io.BytesIO(body), "organisations.csv")}
    return team.post(PATH, data=data, content_type="multipart/form-data")


def carry_out(team: FlaskClient, text: str) -> TestResponse:
    """Press the button under what was looked at."""
    data = {"csrf_token": csrf_of(team.get(PATH)), "text": text, "confirmed": "y"}
    return team.post(PATH, data=data, content_type="multipart/form-data")


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Organisation)) or 0


def forty() -> str:
    """Forty organisations in three languages and two scripts."""
    rows = [
        f"Initiative number {number * 7919},Суполка нумар {number * 7919},Инициатива номер"
        f" {number * 7919},Supolka numar {number * 7919},"
        f"I{number} | И{number},BY,i{number}.example.org,special,2001"
        for number in range(40)
    ]
    return "\r\n".join([HEADER, *rows])


def test_forty_organisations_in_three_languages_at_once(
    team: FlaskClient, app: Flask, client: FlaskClient
) -> None:
    text = forty()
    looked = upload(team, text)
    assert looked.status_code == 200
    assert "<dt>New</dt><dd>40</dd>" in looked.text
    assert count(app) == 0
    assert carry_out(team, text).status_code == 303
    assert count(app) == 40
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OrganisationName)) == 40 * 6
        assert [entry.action for entry in db.session.scalars(select(AuditEntry))].count(
            "registry imported"
        ) == 1
    assert "<dt>New</dt><dd>0</dd>" not in upload(team, text).text
    assert "Суполка нумар 7919" in client.get("/be/o/initiative-number-7919").text


def test_out_and_back_changes_nothing(team: FlaskClient, app: Flask) -> None:
    carry_out(team, forty())
    exported = team.post(PATH + "/export", data={"csrf_token": csrf_of(team.get(PATH))})
    assert exported.mimetype == "text/csv"
    assert len(list(csv.reader(io.StringIO(exported.data.decode("utf-8-sig"))))) == 41
    again = upload(team, exported.data)
    assert "<dt>Unchanged</dt><dd>40</dd>" in again.text
    assert "The registry already contains all of this." in again.text


def test_a_changed_row_changes_its_record_and_leaves_the_rest(
    team: FlaskClient, app: Flask, campaign: Campaign
) -> None:
    campaign.organisation("Test League", "league.example.org", aliases=["TL"])
    assert "<dt>Changed</dt><dd>1</dd>" in upload(team, "slug,name_en\ntest-league,Better League").text
    assert carry_out(team, "slug,name_en\ntest-league,Better League").status_code == 303
    with app.app_context():
        record = db.session.scalars(select(Organisation)).one()
        assert {name.name for name in record.names} == {"Better League", "TL"}
        assert [row.domain for row in record.domains] == ["league.example.org"]


def test_a_sheet_runs_nothing_in_a_spreadsheet_and_comes_back_as_it_was(
    team: FlaskClient, campaign: Campaign
) -> None:
    campaign.organisation("=cmd|' /C calc'!A0")
    exported = team.post(PATH + "/export", data={"csrf_token": csrf_of(team.get(PATH))}).data
    cells = [cell for row in csv.reader(io.StringIO(exported.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "The registry already contains all of this." in upload(team, exported).text


PROBLEMS = {
    "a name that is there": (
        "name_en\nTest League",
        "is in the registry. To change it, enter test-league as its slug.",
    ),
    "the same name twice": ("name_en\nNew League\nNew League", "is also in row 2"),
    "a domain of another": (
        "name_en,domains\nNew League,league.example.org",
        "belongs to another organisation in the registry.",
    ),
    "no name": ("name_en,country\n,PL", "Please enter the name in at least one language."),
    "a bad country": ("name_en,country\nNew League,XX", "Please choose a country from the list."),
    "a bad status": ("name_en,un_status\nNew League,best", "Please choose a status from the list."),
    "a bad slug": ("name_en,slug\nNew League,A B", "small Latin letters"),
    "too many cells": ("name_en\nNew League,PL", "This row has more cells than there are column names."),
    "no header": ("Test League,PL", "The first row must name the columns"),
    "a column twice": ("name_en,name_en\nA,B", "The first row names a column twice."),
    "an old workbook": (b"\xd0\xcf\x11\xe0 old", "This is an old workbook (.xls)"),
    "binary": (b"name_en\n\0\0", "This is not a text list."),
    "empty": (b"", "Please choose a file."),
    "too large": ("name_en\n" + "x" * 900_000, "This file is larger than 800 kB. Please import it in parts."),
    "too many rows": (
        "name_en\n" + "x\n" * 2_001,
        "This file has more than 2000 rows. Please import it in parts.",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_wrong_is_said_and_nothing_is_imported(
    team: FlaskClient, app: Flask, campaign: Campaign, name: str
) -> None:
    campaign.organisation("Test League", "league.example.org")
    body, said = PROBLEMS[name]
    refused = upload(team, body)
    assert refused.status_code == 422
    assert said in refused.text
    if isinstance(body, str) and len(body) < 1_000:
        assert carry_out(team, body).status_code == 422
    assert count(app) == 1


def test_one_bad_row_stops_all(team: FlaskClient, app: Flask) -> None:
    refused = carry_out(team, "name_en,country\nFirst League,PL\nSecond League,XX")
    assert refused.status_code == 422
    assert "<td>row 3</td>" in refused.text
    assert count(app) == 0


def confirmed(team: FlaskClient, looked: TestResponse) -> TestResponse:
    """Press the button on the page of the plan itself."""
    text = re.search(r'name="text" value="([^"]*)"', looked.text)
    assert text is not None
    # A browser sends line ends as CRLF.
    return carry_out(team, html.unescape(text[1]).replace("\r\n", "\n").replace("\n", "\r\n"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_imported(team: FlaskClient, app: Flask, kind: str) -> None:
    rows = [
        ["name_be", "name_en", "aliases", "founded"],
        ["Беларуская ліга", "Test League", "БЛ | Ліга; старая, новая", "1996"],
    ]
    looked = upload(team, KINDS[kind](rows))
    assert looked.status_code == 200 and "<dt>New</dt><dd>1</dd>" in looked.text
    assert ("please check that the names are right" in looked.text) == (kind in ("Windows-1251", "KOI8-U"))
    assert confirmed(team, looked).status_code == 303
    with app.app_context():
        record = db.session.scalars(select(Organisation)).one()
        assert {name.name for name in record.names} == {
            "Беларуская ліга",
            "Test League",
            "БЛ",
            "Ліга; старая, новая",
        }
        assert record.founded == 1996


def test_an_exported_registry_may_come_back_as_a_workbook(team: FlaskClient) -> None:
    carry_out(team, forty())
    exported = team.post(PATH + "/export", data={"csrf_token": csrf_of(team.get(PATH))}).data
    rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"))))
    assert "The registry already contains all of this." in upload(team, workbook(rows).getvalue()).text
    rows[1][rows[0].index("founded")] = ""
    cleared = upload(team, workbook(rows).getvalue())
    assert "<dt>Changed</dt><dd>1</dd>" in cleared.text


def test_the_form_takes_what_the_import_of_signatures_takes(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free")
    forms = [team.get(path).text for path in (PATH, "/desk/people/sheet", "/desk/statements/free/import")]
    accepted = [re.search(r'accept="([^"]*)"', form) for form in forms]
    assert all(
        found is not None and found[1].startswith(".csv,.tsv,.txt,.xlsx,text/csv") for found in accepted
    )
    assert all("Excel (.xlsx)" in form for form in forms)
