"""Sheets with names of columns: what parts their cells, dates of workbooks, limits."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask

from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.headed import read_headed
from campaign.sheets.limits import Limits
from campaign.sheets.plan import Plan, Problem, place_of
from campaign.sheets.readers import read_file
from tests.world.sheets import KINDS, workbook

pytestmark = pytest.mark.usefixtures("context")
LIMITS = Limits(rows=3, columns=4, size=200)


@pytest.mark.parametrize("kind", KINDS)
def test_one_table_is_read_from_every_kind_of_file(kind: str) -> None:
    rows = [
        ["slug", "name_be", "aliases"],
        ["liga", "Беларуская ліга", "БЛ | Ліга; старая, новая"],
        ["", "Суполка", ""],
    ]
    sheet = read_headed(io.BytesIO(KINDS[kind](rows)), Limits())
    assert list(sheet.cells()) == [
        (row, dict(zip(rows[0], cells, strict=True))) for row, cells in enumerate(rows[1:], 2)
    ]
    assert bool(sheet.notes) == (kind in ("Windows-1251", "KOI8-U"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_sheet_is_the_same_sheet_again(kind: str) -> None:
    rows = [[], ["slug", "name_be"], ["a", 'Першы\nрадок, ды "другі"'], [], [], ["б", ""], ["'=1+1", "x;y"]]
    sheet = read_headed(io.BytesIO(KINDS[kind](rows)), Limits())
    again = read_headed(io.BytesIO(sheet.as_csv().encode()), Limits())
    assert (again.columns, again.rows) == (sheet.columns, sheet.rows)
    assert [row for row, _cells in again.rows] == [3, 6, 7]


def test_the_names_of_columns_say_what_parts_the_cells() -> None:
    lines = "slug,aliases\n" + "".join(f"s{number},a;b | c{',d' * (number % 3)}\n" for number in range(9))
    assert read_headed(io.BytesIO(lines.replace(",d", "").encode()), Limits()).columns == ["slug", "aliases"]
    assert [cells for _row, cells in read_headed(io.BytesIO(b"name\na;b"), Limits()).cells()] == [
        {"name": "a;b"}
    ]


def test_a_list_of_names_may_also_say_what_parts_its_cells() -> None:
    assert [cells for _row, cells in read_file(io.BytesIO(b'"sep=;"\r\nName;City\r\nA, B;C')).rows] == [
        ["Name", "City"],
        ["A, B", "C"],
    ]


def test_a_row_that_is_too_long_has_no_cells_and_a_short_one_empty_ones() -> None:
    sheet = read_headed(io.BytesIO(b"slug,name\na\nb,c,d\n"), LIMITS)
    assert list(sheet.cells()) == [(2, {"slug": "a", "name": ""}), (3, None)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"a,b\n1\n2\n3\n4\n", "This file has more than 3 rows."),
        (b"a,b\n1,2,3,4,5\n", "Row 2 has more than 4 cells."),
        (b"a,b\n" + b"x" * 200, "This file is larger than 0 kB"),
        (b"a,a\n", "The first row names a column twice."),
    ],
)
def test_what_is_beyond_a_limit_is_refused_with_a_sentence(body: bytes, said: str) -> None:
    with pytest.raises(SheetUnreadable) as refused:
        read_headed(io.BytesIO(body), LIMITS)
    assert said in str(refused.value)


def test_a_workbook_that_is_small_only_when_packed_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="larger than 2 MB"):
        read_headed(workbook([["a"], ["x" * 3_000_000]]), Limits(size=2_000_000))


def test_a_zero_anywhere_in_a_text_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="This is not a text list"):
        read_headed(io.BytesIO(b"a,b\n" * 600 + b"1,\0\n"), Limits())


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_of_a_workbook_are_as_precise_as_they_are_shown(since_1904: bool) -> None:
    formats = (
        "dd/mm/yyyy",
        "mmm yyyy",
        "yyyy",
        "h:mm AM/PM",
        'd" day" mmmm yy h:mm',
        "[$-423]d mmmm yyyy;@",
        "0.00",
        "[Red]0",
        '0 "days"',
    )
    days = 44391 - 1462 * since_1904
    shown = {
        f"{days}@1": "2021-07-14", f"{days}@2": "2021-07", f"{days}@3": "2021", "0.4375@4": "10:30", f"{days}.4375@5": "2021-07-14 10:30",
        f"{days}@6": "2021-07-14", "1996@7": "1996", "1996@8": "1996", "1996@9": "1996", f"{days}@10": "2021-07-14", "0.4375@11": "10:30",
        "1996@0": "1996", "99999999999@1": "99999999999",
    }  # fmt: skip
    [(_row, cells)] = read_file(workbook([list(shown)], formats=formats, since_1904=since_1904)).rows
    assert cells == list(shown.values())


def test_a_problem_is_said_with_its_place_and_is_the_same_after_it_was_kept(app: Flask) -> None:
    problem = Problem(5, "slug twice", {"first": place_of(2)}, "slug")
    assert (problem.place, problem.text) == ("row 5", "slug: row 2 has the same")
    assert Problem("people[2]", "longer").place == "people[2]"
    assert Problem(*problem.as_json()) == problem
    assert Problem(1, "letters", column="name").text == "Name: it contains no letters."
    assert (
        Plan[str](similar=[Problem(1, "similar", {"name": "A"}), Problem(2, "similar")]).similar_to(1)[0].text
        == "similar: A"
    )


def test_row_03_a_web_page_that_calls_itself_a_workbook_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="This is not an Excel workbook"):
        read_file(io.BytesIO(b"<html><table><tr><td>Name</td></tr></table></html>"))


def test_row_03_a_table_of_records_has_nothing_of_hidden_rows_and_says_so() -> None:
    book = workbook([["slug", "name_be"], ["a", "A"], ["b", "Secret"]])
    file = io.BytesIO()
    with zipfile.ZipFile(book) as archive, zipfile.ZipFile(file, "w") as new:
        for name in archive.namelist():
            new.writestr(name, archive.read(name).replace(b'<row r="3">', b'<row r="3" hidden="1">'))
    sheet = read_headed(file, Limits())
    assert [cells for _row, cells in sheet.rows] == [["a", "A"]]
    assert "Hidden in this workbook, and left out: 1 row." in sheet.notes[-1]
