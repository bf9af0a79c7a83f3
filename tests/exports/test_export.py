"""A list as a file: all of it, safe to open, and recorded."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.core.csv_cells import safe, unsafe
from campaign.core.database import writing
from campaign.exports.columns import DEFAULT
from campaign.exports.vocabulary import Contents
from campaign.extensions import db
from campaign.signatures.models import Assent, Signature
from campaign.statements import operations
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from tests.support import Campaign, csrf, csrf_of
from tests.world.lists import EXPORT, fetch, read_csv

pytestmark = pytest.mark.databases("sqlite", "postgresql")

TYPES = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "json": ("application/json", "json"),
    "text": ("text/plain; charset=utf-8", "txt"),
}


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """An open statement; the list of each test is its own."""
    return campaign.statement("free")


def cast(campaign: Campaign) -> None:
    """One organisation, a person with a city, one without, one for the team only, one only counted."""
    campaign.organisation("Test League", "league.example.org", country="PL")
    campaign.signed(
        kind="organisation", organisation="Test League", name="Lena Leader", email="lena@league.example.org"
    )
    campaign.signed(name="Anna Example", city="Vilnius", country="LT")
    campaign.signed(name="Borys Example", email="borys@post.example.org", country="BY")
    campaign.signed(name="Sealed Name", email="sealed@post.example.org", visibility="team", country="UA")
    campaign.signed(name="", email="counted@post.example.org", visibility="counted", country="DE")


def exports_recorded(app: Flask) -> list[tuple[str, dict[str, Any], bool]]:
    """(subject, details, by a member) of every recorded export."""
    with app.app_context():
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "list exported").order_by(AuditEntry.id)
        )
        return [(row.subject, json.loads(row.details), row.member_id is not None) for row in rows]


def test_csv_opens_in_a_spreadsheet_and_equals_the_listed_rows(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    cast(campaign)
    response = fetch(team)
    assert response.get_data().startswith(
        b"\xef\xbb\xbf" + ",".join(DEFAULT[Contents.PUBLIC]).encode() + b"\r\n"
    )
    rows = read_csv(response)
    with app.app_context():
        listed = {
            (str(row.position), row.kind, row.visibility, row.country)
            for row in db.session.scalars(select(Signature).where(Signature.state == "listed"))
        }
    assert {(row["position"], row["kind"], row["visibility"], row["country"]) for row in rows} == listed
    assert len(rows) == len(listed) == sum(campaign.counts())


def test_csv_puts_organisations_first_and_leaves_withheld_names_empty(
    team: FlaskClient, campaign: Campaign
) -> None:
    cast(campaign)
    rows = read_csv(fetch(team))
    assert [
        (row["name"], row["organisation"], row["country_name"], row["city"], row["visibility"])
        for row in rows
    ] == [
        ("Lena Leader", "Test League", "Poland", "", "public"),
        ("Anna Example", "", "Lithuania", "Vilnius", "public"),
        ("Borys Example", "", "Belarus", "", "public"),
        ("", "", "Ukraine", "", "team"),
        ("", "", "Germany", "", "counted"),
    ]
    assert {(row["revision"], row["provenance"]) for row in rows} == {("1", "web")}


def test_the_day_of_signing_and_the_newest_text_agreed_to_stand_in_each_row(
    team: FlaskClient, campaign: Campaign, app: Flask, statement: int
) -> None:
    anna, borys = (
        campaign.signed(name="Anna Example"),
        campaign.signed(name="Borys Example", email="borys@post.example.org"),
    )
    with app.app_context(), writing() as session:
        row = session.get_one(Statement, statement)
        operations.save_draft(session, row, [StatementText("en", "Free them all", "Now.")])
        second = operations.publish(session, row, Change.MATERIAL)
        signed = session.get_one(Signature, campaign.signature(anna).id)
        session.add(Assent(signature_id=signed.id, revision_id=second.id, day=signed.confirmed_at.date()))
    day = campaign.signature(borys).confirmed_at.date().isoformat()
    rows = read_csv(fetch(team))
    assert [(row["name"], row["revision"], row["signed_on"]) for row in rows] == [
        ("Anna Example", "2", day),
        ("Borys Example", "1", day),
    ]


def test_json_says_what_the_list_belongs_to_and_holds_the_same_rows(
    team: FlaskClient, campaign: Campaign
) -> None:
    cast(campaign)
    body = json.loads(fetch(team, "json").get_data())
    assert set(body["statement"]) == {"slug", "title", "revision", "sha256", "counts", "exported_at"}
    assert body["statement"]["counts"] == {"people": 4, "organisations": 1, "total": 5}
    rows = [
        {name: "" if value is None else str(value) for name, value in line.items()}
        for line in body["signatures"]
    ]
    assert rows == [
        {name: value for name, value in row.items() if name != "country_name"}
        for row in read_csv(fetch(team))
    ]


def test_text_is_ready_to_paste(team: FlaskClient, campaign: Campaign) -> None:
    cast(campaign)
    assert fetch(team, "text").get_data().decode() == (
        "1. Lena Leader, Director, Test League, Poland\n\nAnna Example, Vilnius\nBorys Example\nand 2"
        " people who asked not to be named\n"
    )


def test_an_export_of_nothing_says_so_and_is_no_file(team: FlaskClient, app: Flask) -> None:
    for wanted in ("csv", "xlsx", "pdf", "docx", "json", "text"):
        answer = fetch(team, wanted)
        assert answer.status_code == 422 and "Nobody has signed yet." in answer.text, wanted
    assert exports_recorded(app) == []


@pytest.mark.parametrize("wanted", TYPES)
def test_the_file_is_named_after_statement_and_day_and_never_stored(
    team: FlaskClient, campaign: Campaign, wanted: str
) -> None:
    campaign.signed()
    response = fetch(team, wanted)
    mimetype, extension = TYPES[wanted]
    assert response.headers["Content-Type"] == mimetype
    assert response.headers["Cache-Control"] == "no-store"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=free_20")
    assert disposition.endswith(f"_signatories.{extension}")


def test_every_export_is_recorded_with_who_and_how_much(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    cast(campaign)
    fetch(team, "json")
    version = app.test_client().get("/s/free/live.json").get_json()["version"]
    assert exports_recorded(app) == [
        ("statement:free", {"format": "json", "rows": 5, "version": version}, True)
    ]


def test_the_file_is_of_the_moment_at_which_it_was_asked_for(team: FlaskClient, campaign: Campaign) -> None:
    campaign.signed(name="Anna Example")
    with team.post(EXPORT, data={"csrf_token": csrf(team), "format": "csv"}, buffered=False) as response:
        campaign.signed(name="Borys Example", email="borys@post.example.org")
        assert [row["name"] for row in read_csv(response)] == ["Anna Example"]


def test_the_connection_is_given_back_when_the_reader_goes_away(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.signed()
    token = csrf(team)
    with app.app_context():
        before = db.engine.pool.checkedout()  # type: ignore[attr-defined]
        for _again in range(3):
            team.post(EXPORT, data={"csrf_token": token, "format": "csv"}, buffered=False).close()
        db.session.remove()
        assert db.engine.pool.checkedout() <= before  # type: ignore[attr-defined]


def test_a_stranger_is_asked_to_sign_in(app: Flask, campaign: Campaign) -> None:
    campaign.signed()
    stranger = app.test_client()
    token = csrf_of(stranger.get("/desk/sign-in"))
    response = stranger.post(EXPORT, data={"csrf_token": token, "format": "csv"})
    assert response.status_code == 303
    assert "/desk/sign-in" in response.headers["Location"]
    assert exports_recorded(app) == []


def test_a_reader_of_the_team_may_not_export(app: Flask, campaign: Campaign) -> None:
    campaign.signed()
    response = fetch(campaign.member("reader@team.example", role="reader"))
    assert response.status_code == 403
    assert "Anna" not in response.text
    assert exports_recorded(app) == []


def test_a_form_without_token_is_refused_and_a_get_gives_no_file(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.signed()
    assert team.post(EXPORT, data={"format": "csv"}).status_code == 400
    assert team.get(EXPORT, query_string={"format": "csv"}).mimetype == "text/html"
    assert exports_recorded(app) == []


def test_bad_wishes_are_answered_with_a_page(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    campaign.statement("draft", publish=False)
    assert fetch(team, "xml").status_code == 422
    assert fetch(team, "csv", "/desk/statements/draft/export").status_code == 422
    assert fetch(team, "csv", "/desk/statements/unknown/export").status_code == 404
    assert exports_recorded(app) == []


_FRONT = st.text(st.sampled_from(" \u00a0\u3000'\"“«\ufeff"), max_size=3)
_STARTS = st.sampled_from([*"=+-@\t\r\n＝＋－＠", ""])
_CELLS = st.builds(
    lambda front, start, rest: front + start + rest, _FRONT, _STARTS, st.text(max_size=20)
).filter(bool)


@given(_CELLS)
def test_no_cell_runs_as_a_formula_and_every_cell_can_be_read_back(cell: str) -> None:
    written = safe(cell)
    assert written.lstrip(' \u00a0\u3000"“«\ufeff')[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert unsafe(written) == cell


@given(st.lists(_CELLS.filter(lambda cell: "\0" not in cell), min_size=1, max_size=5))
def test_quotes_and_line_breaks_stay_within_their_cell(cells: list[str]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline=""))) == [safe(cell) for cell in cells]


def test_a_name_that_is_a_formula_is_harmless_in_the_file(team: FlaskClient, campaign: Campaign) -> None:
    campaign.affiliate(campaign.signed(name='=HYPERLINK("x";"y")', city="＠home"), "=1+1 University")
    [row] = read_csv(fetch(team))
    assert (row["name"], row["city"]) == ('\'=HYPERLINK("x";"y")', "'＠home")
    assert row["affiliation"] == "'=1+1 University"
