"""Registry and case files as spreadsheet programs save them, with headings as people write them."""

from __future__ import annotations

import pytest

from campaign.organisations.registry_sheet import plan_import as registry_plan
from campaign.people.sheet_import import plan_import as people_plan

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.databases("sqlite")]
SAVED = [
    (";", "utf-8", ""),
    ("\t", "utf-16", ""),
    (";", "cp1251", ""),
    (",", "utf-8-sig", ""),
    ("|", "utf-8", "sep=|\r\n"),
    ("\t", "utf-16-le", ""),
    (";", "utf-8", "sep=;\n"),
]


def saved(rows: list[list[str]], sign: str, encoding: str, start: str) -> bytes:
    """The rows as a file."""
    return (start + "".join(sign.join(row) + "\r\n" for row in rows)).encode(encoding)


@pytest.mark.parametrize(("sign", "encoding", "start"), SAVED)
def test_row_09_the_registry_reads_every_kind_of_file(sign: str, encoding: str, start: str) -> None:
    rows = [["name_ru", "country"], ["Тестовый союз", "Польша"], ["Пробный центр", "BY"]]
    plan = registry_plan(saved(rows, sign, encoding, start))
    assert [line.name for line in plan.new] == ["Тестовый союз", "Пробный центр"] and not plan.problems


@pytest.mark.parametrize(("sign", "encoding", "start"), SAVED)
def test_row_09_case_files_are_read_from_every_kind_of_file(sign: str, encoding: str, start: str) -> None:
    rows = [["record", "slug", "name_ru"], ["person", "anna-test", "Анна Тестова"]]
    plan = people_plan(saved(rows, sign, encoding, start))
    assert len(plan.new) == 1 and not plan.problems


@pytest.mark.parametrize(
    "header",
    [
        ["NAME_EN", " Country ", "Web site"],
        ["Name (EN)", "COUNTRY", "Website"],
        ["Organisation", "country", "URL"],
        ["Название", "Страна", "Сайт"],
        ["Назва арганізацыі", "Краіна", "Вэб-сайт"],
        ["Назва організації", "Країна", "Вебсайт"],
        ["Nazwa", "Kraj", "Strona internetowa"],
        ["Bezeichnung", "Land", "Webseite"],
    ],
)
def test_row_09_headings_of_the_registry_are_known_as_people_write_them(header: list[str]) -> None:
    rows = [header, ["Test Union", "PL", "https://union.example.org"]]
    [line] = registry_plan(saved(rows, ";", "utf-8", "")).new
    assert (line.name, line.entry.facts["country"]) == ("Test Union", "PL")
    assert line.entry.facts["website"] == "https://union.example.org"


def test_row_09_a_heading_that_is_there_exactly_keeps_its_column() -> None:
    rows = [["name_en", "Organisation", "country"], ["Test Union", "Somebody else", "PL"]]
    plan = registry_plan(saved(rows, ",", "utf-8", ""))
    assert [line.name for line in plan.new] == ["Test Union"] and plan.ignored == ["Organisation"]
