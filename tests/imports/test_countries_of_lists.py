"""Countries in lists: known by any name, and asked about once for each spelling that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.imports.column_mapping import guess
from campaign.imports.column_vocabulary import Field
from campaign.imports.row_reader import RowReader
from campaign.sheets.questions import Asked
from tests.imports.lists_of_names import carry_out, post, signatures, upload, words
from tests.support import Campaign
from tests.world.lists import PAPER, run

LIST = (
    "Name,Country\nAnna,Нямеччына\nBella,U.S.A.\nCyril,Narnia\nDora,Narnia\nEmil,Poland / Belarus\nFlora,-\n"
    "Georg,Korea\n"
)
LAYOUT = {"header": "1", "column-name": "0", "column-country": "1"}


def test_row_08_an_unknown_country_is_asked_once_per_spelling_and_refuses_nothing(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    address = upload(team, LIST)
    page = words(team.get(address))
    assert page.count("“Narnia” is not a country that we know. Which one is it?") == 1
    assert "“Poland / Belarus” names several countries. Which one should be shown?" in page
    assert "“Korea” can be" in page and "can’t be imported" not in page and "Go on" not in page
    answers = {"answer-country:Narnia": "none", "answer-country:Poland / Belarus": "BY"}
    post(team, f"{address}/columns", **LAYOUT, **answers, **{"answer-country:Korea": "KR"})
    carry_out(team, campaign, address)
    assert [(row.name, row.country) for row in signatures(app)] == [
        ("Anna", "DE"), ("Bella", "US"), ("Cyril", None), ("Dora", None), ("Emil", "BY"), ("Flora", None),
        ("Georg", "KR"),
    ]  # fmt: skip


def test_row_08_the_command_takes_the_country_as_an_answer(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    path = tmp_path / "list.csv"
    path.write_text("Name,Country\nAnna,Wales\nBella,Narnia\n")
    refused = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert refused.exit_code == 1 and "--answer country:Narnia=none" in refused.output
    assert signatures(app) == []
    taken = run(app, "import", "free", str(path), *PAPER, "--answer", "country:Narnia=PL", "--yes")
    assert taken.exit_code == 0, taken.output
    assert [(row.name, row.country) for row in signatures(app)] == [("Anna", "GB"), ("Bella", "PL")]


def test_row_08_a_column_of_forty_unknown_countries_and_more_is_no_column_of_countries(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    rows = "".join(f"Person {number:c},Place {number:c}\n" for number in range(0x430, 0x430 + 45))
    page = words(team.get(upload(team, f"Name,Country\n{rows}")))
    assert "5 rows can’t be imported as they are" in page


def _guessed(text: str) -> dict[Field, int]:
    head = [(row, [cell.strip() for cell in line.split(",")]) for row, line in enumerate(text.split("\n"), 1)]
    return dict(guess(head).columns)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Nowak, MD", "Anna Nowak, MA\nJan Lis, BA", "Anna Nowak, BA", "Anna Nowak, SJ", "Nowak, Georgia",
        "Anna Nowak, Atlanta, GA", "Anna Nowak, Atlanta, GA\nJohn Doe, Boston, MA\nJane Roe, Albany, NY",
        "Name,St,Nation\nAnna Nowak,GA,x", "Name,Kanton\nAnna Nowak,BE", "Nome,UF\nAnna Nowak,PA",
        "Nome,Prov\nAnna Nowak,MT", "Name,Lang\nAnna Nowak,be\nJan Lis,uk", "Name,Landkreis\nAnna Nowak,DE",
        "Name,Code\nAnna Nowak,be\nJan Lis,uk", "Name,X\nAnna Nowak,EN\nJan Lis,RU\nEwa Lis,BE",
        "Anna Nowak, California\nJohn Doe, Georgia", "Anna Nowak, ZH\nJan Lis, BE", "Anna Nowak, MP",
        "Anna Nowak, no\nJan Lis, no", "Name,Estado\nAnna Nowak,PA", "Name,Canton\nAnna Nowak,GE",
    ],
)  # fmt: skip
def test_row_08_codes_that_mean_something_else_make_no_column_of_countries(text: str) -> None:
    found = _guessed(text)
    assert Field.COUNTRY not in found and found.get(Field.CITY, 0) < 2


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Anna Nowak, CA, USA", 2), ("Anna Nowak, MD, Moldova", 2), ("Anna Nowak, PL\nJan Lis, DE", 1),
        ("Anna Nowak, DE", 1), ("Anna Nowak, Poland", 1), ("Anna Nowak, Tbilisi, Georgia\nJan Lis, Łódź, Poland", 2),
        ("Name,St,Nation\nAnna Nowak,GA,Poland", 2), ("Anna Nowak, BY\nJan Lis, MD", 1), ("Anna Nowak, IT", 1),
        ("Anna Nowak, BE", 1), ("Anna Nowak, be, Belarus", 2),
    ],
)  # fmt: skip
def test_row_08_countries_by_name_come_before_codes(text: str, column: int) -> None:
    assert _guessed(text)[Field.COUNTRY] == column


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ("no", "no"), ("NA", "NA"), ("No|PL", "No"), ("is|in|it|be|so", "is|in|it|be|so"), ("GA", "GA"), ("DE", ""),
        ("DE|NO|PL", "NO"), ("DE|NO|PL|UA", ""), ("NA|ZA|ZW|ZM", ""), ("de|no|pl|ua|it", ""), ("by|Poland", "by"),
        ("GA|NY", "GA|NY"), ("CA|USA", "CA"), ("MD|RO", ""), ("Poland|GA", "GA"), ("Georgia|Ohio", "Georgia|Ohio"),
        ("Georgia|Armenia", ""), ("NO|Poland|Germany|Ukraine", "NO"), ("PL|UA|BY|NO|no", "NO|no"), ("us|me|to", "us|me|to"),
        ("pl|ru", ""),
    ],
)  # fmt: skip
def test_row_08_codes_that_are_words_or_states_are_asked_about(
    context: Flask, cells: str, asked: str
) -> None:
    rows = [
        (1, ["Name", "Country"]),
        *((row, [f"Person {row:c}", cell]) for row, cell in enumerate(cells.split("|"), 65)),
    ]
    questions = Asked()
    list(RowReader(guess(rows), 2, questions, head=rows).read(rows))
    found = {question.subject.casefold() for question in questions.questions if question.code == "country"}
    assert found == {cell.casefold() for cell in asked.split("|") if cell}
