"""Case files as CSV and JSON: what is written is read again, problems are named by row, and nothing is
written before a look.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.desk.sample_content import FOLDER, load_sample
from campaign.extensions import db
from campaign.people.columns import SCHEMA, columns_for, write_csv, write_json
from campaign.people.models import CaseEvent, Person
from campaign.people.operations import LetterAddress, PersonFacts, Told, sealed_sources, wish_of
from campaign.people.sheet_import import carry_out, plan_import
from campaign.people.timeline import Words
from campaign.people.vocabulary import Letters, Script, Wish
from campaign.sheets.errors import SheetUnreadable
from tests.support import csrf_of
from tests.world.people import HELD, K, person
from tests.world.sheets import KINDS, workbook

SHEET = "/desk/people/sheet"
HEAD = "record,slug,name_en,kind,date,follows,years,months"


def filled(app: Flask) -> str:
    """A case file with something in every part that a file carries."""
    return person(
        app, names={"en": "Jana Example", "be": "Яна Прыклад", "be-Latn": "Jana Prykład"}, aliases=("Yana Example", "=Jana"),
        texts={"en": Told("volunteer", "A group", "Line one.\n\nLine two.", "Well", "Viasna", "Write short."), "be": Told("валанцёрка")},
        words={"en": Words("Article 1", "It says nothing.", "Minsk", "A *note*.")},
        addresses={Script.CYRILLIC: LetterAddress("Калонія 1\nМінск", "BY")},
        sources=("https://news.example.org/a|b", "A newspaper"), sealed_sources=("a neighbour",),
        story=(*HELD, (K.APPEAL, "by 2023-09"), (K.RELEASE, "2025")),
        facts=PersonFacts(letters=Letters.SOMETIMES, letter_languages="be,ru", moving=True),
    )  # fmt: skip


def upload(team: FlaskClient, body: bytes, name: str = "cases.csv", **more: Any) -> TestResponse:
    """Choose a file."""
    data = {"csrf_token": csrf_of(team.get(SHEET)), "file": (io.BytesIO(body), name)} | more
    return team.post(SHEET, data=data)


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_what_is_written_changes_nothing_when_it_is_read(context: Flask, app: Flask, write: Any) -> None:
    filled(app)
    plan = plan_import(write())
    assert (plan.new, plan.changed, plan.same, plan.problems, plan.ignored) == ([], [], 1, [], [])


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_what_is_written_makes_the_same_file_elsewhere(context: Flask, app: Flask, write: Any) -> None:
    slug = filled(app)
    body = write()
    with writing() as session:
        session.delete(session.scalars(select(Person)).one())
    said = {"wish_said_by": "her mother", "wish_recorded_by": "Ina"}
    told = json.loads(body) if write is write_json else None
    if told:
        told["people"][0] |= said
        body = json.dumps(told).encode()
    else:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        for column, value in said.items():
            rows[1][rows[0].index(column)] = value
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        body = out.getvalue().encode()
    plan = plan_import(body)
    assert [line.slug for line in plan.new] == [slug] and not plan.problems
    with writing() as session:
        carry_out(session, plan)
    found = db.session.scalars(select(Person)).one()
    assert (found.wish, wish_of(found)) == (Wish.FULL, {"said_by": "her mother", "recorded_by": "Ina"})
    # What is sealed never left.
    assert sealed_sources(found) == []
    assert plan_import(body).same == 1


def test_nothing_sealed_is_in_a_file_and_no_cell_runs(context: Flask, app: Flask) -> None:
    filled(app)
    for body in (write_csv().decode("utf-8-sig"), write_json().decode()):
        for secret in ("a neighbour", "her mother", "Ina of the team"):
            assert secret not in body
    assert not re.search(r'(?:^|,)"=', write_csv().decode("utf-8-sig"), re.M)


def test_a_look_comes_before_the_import(team: FlaskClient, app: Flask) -> None:
    body = f"{HEAD}\nperson,,Jana Example,,,,,\nevent,,,arrest,2021-07-14,,,\nevent,,,release,unknown,1,,\n".encode()
    looked = upload(team, body)
    assert (
        looked.status_code == 200
        and "What the import will do" in looked.text
        and "Jana Example" in looked.text
    )
    with app.app_context():
        assert not db.session.scalars(select(Person)).all()
    done = team.post(SHEET, data={"csrf_token": csrf_of(looked), "text": body.decode(), "confirmed": "y"})
    assert done.status_code == 303
    with app.app_context():
        found = db.session.scalars(select(Person)).one()
        assert (found.slug, found.wish) == ("jana-example", Wish.UNKNOWN)
        assert len(db.session.scalars(select(CaseEvent)).all()) == 2
        assert "case files imported" in {row.action for row in db.session.scalars(select(AuditEntry))}
    again = upload(team, body)
    assert "similar:" in again.text and "jana-example" in again.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_imported(team: FlaskClient, app: Flask, kind: str) -> None:
    rows = [
        ["record", "slug", "name_be", "name_en", "life_be", "kind", "date"],
        [
            "person",
            "",
            "Яна Прыклад",
            "Jana Example",
            "Першы радок; другі, трэці.\n\n| Новы абзац |\n\n" + "Слова. " * 700,
            "",
            "",
        ],
        ["event", "", "", "", "", "arrest", "2021-07-14"],
    ]
    looked = upload(team, KINDS[kind](rows))
    assert looked.status_code == 200 and "Яна Прыклад" in looked.text
    assert ("please check that the names are right" in looked.text) == (kind in ("Windows-1251", "KOI8-U"))
    text = re.search(r'name="text" value="([^"]*)"', looked.text)
    assert text is not None
    # A browser sends line ends as CRLF.
    back = html.unescape(text[1]).replace("\r\n", "\n").replace("\n", "\r\n")
    assert (
        team.post(SHEET, data={"csrf_token": csrf_of(looked), "text": back, "confirmed": "y"}).status_code
        == 303
    )
    with app.app_context():
        found = db.session.scalars(select(Person)).one()
        assert {name.name for name in found.names} == {"Яна Прыклад", "Jana Example"}
        assert found.texts[0].life == rows[1][4].strip() and len(found.events) == 1


def test_what_is_written_may_come_back_as_a_workbook_with_dates(context: Flask, app: Flask) -> None:
    filled(app)
    rows = list(csv.reader(io.StringIO(write_csv().decode("utf-8-sig"))))
    dates = {"2021-07-14": "44391@1", "2025": "45658@2"}
    edited = workbook(
        [[dates.get(cell, cell) for cell in row] for row in rows], formats=("dd.mm.yyyy", "yyyy")
    ).getvalue()
    plan = plan_import(edited)
    assert (plan.new, plan.changed, plan.same, plan.problems) == ([], [], 1, [])


PROBLEMS = {
    "no name": ("person,,,,,,,", "row 2", "Please enter the name in at least one language."),
    "a bad slug": ("person,Jana X,Jana,,,,,", "row 2", "slug: please use small Latin letters"),
    "twice": ("person,jana,Jana,,,,,\nperson,jana,Jana,,,,,", "row 3", "slug: row 2 has the same"),
    "no date": ("person,,Jana,,,,,\nevent,,,arrest,soon,,,", "row 3", "Please enter the date as 2021-07-14"),
    "no kind": ("person,,Jana,,,,,\nevent,,,party,2021,,,", "row 3", "Please choose what happened."),
    "an end before a start": (
        "person,,J,,,,,\nevent,,,arrest,2021-02-01,,,\nevent,,,release,2021-01-01,,,",
        "row 4",
        "comes before the arrest",
    ),
    "an end before its start by the month": (
        "person,,J,,,,,\nevent,,,arrest,2021-02,,,\nevent,,,release,by 2021-01,,,",
        "row 4",
        "comes before the arrest",
    ),
    "an event to come": ("person,,J,,,,,\nevent,,,arrest,by 2999-02,,,", "row 3", "is in the future"),
    "a transfer at liberty": (
        "person,,J,,,,,\nevent,,,arrest,2021-02,,,\nevent,,,transfer,2020,,,",
        "row 4",
        "falls outside of every detention",
    ),
    "overlapping detentions": (
        "person,,J,,,,,\nevent,,,arrest,2021-02-01,,,\nevent,,,arrest,2021-03-01,,,",
        "row 4",
        "falls within the detention",
    ),
    "a sentence without a trial": (
        "person,,J,,,,,\nevent,,,sentence,2021-02-01,,1,",
        "row 3",
        "There is no trial or verdict before",
    ),
    "too many cells": ("person,,J,,,,,,x", "row 2", "This row has more cells than there are column names."),
    "following nothing": (
        "person,,J,,,,,\nevent,,,other,unknown,7,,",
        "row 3",
        "Please choose an event from the list.",
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_problems_are_listed_by_row_and_nothing_is_written(team: FlaskClient, app: Flask, case: str) -> None:
    rows, place, message = PROBLEMS[case]
    answer = upload(team, f"{HEAD}\n{rows}\n".encode(), confirmed="y")
    assert answer.status_code == 422 and f"<td>{place}</td>" in answer.text and message in answer.text
    with app.app_context():
        assert not db.session.scalars(select(Person)).all()


def test_an_address_without_a_country_and_a_wish_without_who_said_it(team: FlaskClient) -> None:
    answer = upload(team, b"record,slug,name_en,address_Latn,wish\nperson,,Jana,Colony 1,full\n")
    assert (
        "no letter arrives without it" in answer.text
        and "please say who expressed it and who received it" in answer.text
    )


UNREADABLE = {
    "nothing": b"",
    "blank": b" \n ",
    "an old workbook": b"\xd0\xcf\x11\xe0 old",
    "no columns": b"name\nJana",
    "a column twice": b"record,slug,slug\n",
    "another record": b"record,slug\nthing,x\n",
    "an event of nobody": b"record,slug,kind,date\nevent,,arrest,2021\n",
    "half a JSON": b'{"schema": ',
    "another JSON": b'{"people": []}',
    "people that are none": f'{{"schema": "{SCHEMA}", "people": [7]}}'.encode(),
    "events that are none": f'{{"schema": "{SCHEMA}", "people": [{{"events": 7}}]}}'.encode(),
    "a value that is none": f'{{"schema": "{SCHEMA}", "people": [{{"slug": {{}}}}]}}'.encode(),
    "NUL": b"record,slug\0\n",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_can_not_be_read_is_refused_beside_the_field(team: FlaskClient, case: str) -> None:
    answer = upload(team, UNREADABLE[case])
    assert answer.status_code == 422 and 'id="file-error"' in answer.text


def test_a_file_says_what_changes_and_leaves_the_rest(context: Flask, app: Flask) -> None:
    slug = filled(app)
    plan = plan_import(f"record,slug,role_en,moon\nperson,{slug},editor,full\n".encode())
    assert plan.ignored == ["moon"] and [line.slug for line in plan.changed] == [slug]
    with writing() as session:
        carry_out(session, plan)
    found = db.session.scalars(select(Person)).one()
    assert {text.language: text.role for text in found.texts} == {"en": "editor", "be": "валанцёрка"}
    assert len(found.events) == 5 and sealed_sources(found) == ["a neighbour"] and found.moving


def test_export_asks_for_the_right_and_leaves_a_trace(team: FlaskClient, app: Flask) -> None:
    filled(app)
    for form in ("csv", "json"):
        answer = team.post(f"{SHEET}/export", data={"csrf_token": csrf_of(team.get(SHEET)), "format": form})
        assert answer.status_code == 200 and "case-files-" in answer.headers["Content-Disposition"]
    assert (
        team.post(
            f"{SHEET}/export", data={"csrf_token": csrf_of(team.get(SHEET)), "format": "pdf"}
        ).status_code
        == 400
    )
    with app.app_context():
        assert [row.action for row in db.session.scalars(select(AuditEntry))].count(
            "case files exported"
        ) == 2


def test_the_documentation_names_every_column() -> None:
    documented = (FOLDER.parent.parent.parent / "docs" / "case-files.md").read_text()
    parts = {re.sub(r"_(?:en|be|ru|uk|pl|de|lt|Latn|Cyrl)$", "", column) for column in columns_for(["en"])}
    assert {part for part in parts if f"`{part}" not in documented} == set()


def test_the_sample_holds_the_seven_as_the_facts_have_them(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        load_sample("a password of some length")
    found = {line["slug"]: line for line in client.get("/api/v1/people").get_json()["people"]}
    assert {slug: (line["status"], line["days_detained"], line["as_of"]) for slug, line in found.items()} == {
        "ales-bialiatski": ("released", 1613, "2025-12-15"),
        "uladzimir-labkovich": ("released", 1613, "2025-12-15"),
        "valiantsin-stefanovic": ("serving a sentence", 1615, "2025-12-15"),
        "marfa-rabkova": ("serving a sentence", 1915, "2025-12-15"),
        "andrei-chapiuk": ("released", 699, "2025-12-15"),
        "leanid-sudalenka": ("released", 914, "2025-12-15"),
        "tatsiana-lasitsa": ("released", 611, "2025-12-15"),
    }
    assert {slug for slug, line in found.items() if not line["days_exact"]} >= {"andrei-chapiuk"}
    assert client.get("/api/v1/people/marfa-rabkova").get_json()["campaigns"] == ["free-viasna"]


def test_a_value_that_is_nested_too_deep_is_refused(context: Flask) -> None:
    with pytest.raises(SheetUnreadable):
        plan_import(b'{"a":' * 100_000)
