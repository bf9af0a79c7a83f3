"""What a cell may hold that is going to be public, by the rules of docs/names.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from campaign.imports.column_mapping import guess
from campaign.imports.column_vocabulary import Field
from campaign.imports.row_parser import parsed_signatory
from tests.support import Campaign
from tests.world.lists import HEADER, PAPER, run, sheet, written

COLUMNS = HEADER.split(",")
PERSON = {"kind": "person", "name": "Anna Nowak", "country": "PL"}
HOUSE = {"kind": "organisation", "organisation": "Test House", "country": "PL"}

REFUSED = [
    (2, PERSON, "name", "anna.nowak@uni.kz", "mail"),
    (2, PERSON, "name", "Anna Nowak (anna@post.example.org)", "mail"),
    (2, PERSON, "name", "Anna Nowak +375 29 123-45-67", "phone"),
    (2, PERSON, "city", "Warszawa, tel. 22 555 12 34", "phone"),
    (2, HOUSE, "organisation", "Test House test@house.museum", "mail"),
    (2, HOUSE, "title", "Chair, chair@house.example.org", "mail"),
    (12, PERSON, "name", "Anna \u202eelpmaxE", "hidden"),
    (12, HOUSE, "organisation", "Test \u2066House", "hidden"),
    (14, HOUSE, "website", "//x", "website"),
    (14, HOUSE, "website", "mailto:a@post.example.org", "website"),
    (24, PERSON, "name", "Anna \U0001f468\u200d\U0001f469\u200d\U0001f467", "emoji"),
    (24, PERSON, "name", "A" + "\u0301" * 12 + "nna", "marks"),
]
TAKEN = [
    (12, PERSON, "name", "\u200eAnna\u00ad Now\u200bak\ufeff", "Anna Nowak"),
    (12, PERSON, "name", "محمد\u200f بن سلمان", "محمد بن سلمان"),
    (12, PERSON, "name", "علی\u200cرضا", "علی\u200cرضا"),
    (13, PERSON, "name", "Prof.De Smet", "Prof.De Smet"),
    (13, HOUSE, "title", "Editor of Zerkalo.io", "Editor of Zerkalo.io"),
    (13, HOUSE, "organisation", "23.34", "23.34"),
    (14, HOUSE, "website", "Https://Spring96.org", "https://spring96.org"),
    (14, HOUSE, "website", "no website", ""),
    (14, HOUSE, "website", "-", ""),
    (24, PERSON, "city", "ул. Ленина", "ул. Ленина"),
    (24, PERSON, "name", "Dr h.c. mult. Anna Nowak", "Dr h.c. mult. Anna Nowak"),
    (24, PERSON, "name", "Ö", "Ö"),
    (24, PERSON, "name", "Anna " + "n" * 115, "Anna " + "n" * 115),
]


def _read(filled: dict[str, str], column: str, cell: str) -> tuple[object, list[str]]:
    cells = [(filled | {column: cell}).get(name, "") for name in COLUMNS]
    layout = guess([(1, COLUMNS), (2, cells)])
    entry, problems = parsed_signatory(2, cells, layout)
    return getattr(entry, column, None), [problem.code for problem in problems]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("row", "filled", "column", "cell", "code"), REFUSED)
def test_rows_02_12_14_24_what_is_refused_in_a_table(
    row: int, filled: dict[str, str], column: str, cell: str, code: str
) -> None:
    assert _read(filled, column, cell) == (None, [code]), row


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("row", "filled", "column", "cell", "kept"), TAKEN)
def test_rows_12_13_14_24_what_is_taken_in_a_table(
    row: int, filled: dict[str, str], column: str, cell: str, kept: str
) -> None:
    assert _read(filled, column, cell) == (kept, []), row


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("row", "cell"), [(15, "ivan@gmail.сom"), (15, "anna@@post.example.org"), (15, "anna at post")]
)
def test_row_15_an_address_for_news_that_mail_can_not_reach_is_refused(row: int, cell: str) -> None:
    rows = [(1, ["name", "country", "updates", "email"]), (2, ["Anna", "PL", "yes", cell])]
    _entry, problems = parsed_signatory(2, rows[1][1], guess(rows))
    assert [problem.code for problem in problems] == ["email"], row


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "domain", ["spring96.org", "www.example.org", "https://example.org/about", "ФОНД.рф"]
)
def test_row_14_a_column_of_bare_domains_is_one_of_websites(domain: str) -> None:
    rows = [(row, [f"Test House {row}", "Poland", domain]) for row in range(1, 9)]
    assert guess(rows).columns.get(Field.WEBSITE) == 2


def test_the_command_says_what_is_asked_and_what_is_wrong_in_one_run(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    path = sheet(tmp_path, "person,Bella,Narnia,,,,", "person,anna@post.example.org,PL,,,,")
    result = run(app, "import", "free", path, *PAPER, "--yes")
    assert result.exit_code == 1 and written(app) == 0
    assert "--answer country:Narnia=none" in result.output
    assert "row 3: Name: it contains an e-mail address" in result.output
    assert "1 question(s) without an answer. 1 row(s) with problems. Nothing was written." in result.output
