"""Numbers, bullets, headings and totals in lists as people paste them."""

from __future__ import annotations

import pytest

from campaign.imports.column_mapping import guess
from campaign.imports.headings import heading_of
from campaign.imports.list_marks import ListMarks
from campaign.imports.row_parser import ParsedSignatory
from campaign.imports.row_reader import RowReader
from campaign.sheets.questions import Asked
from campaign.signatures.models import SignatoryKind

pytestmark = pytest.mark.usefixtures("context")
ORGANISATION, PERSON = SignatoryKind.ORGANISATION, SignatoryKind.PERSON


def read(*rows: list[str], answers: dict[str, str] | None = None) -> tuple[list[ParsedSignatory], RowReader]:
    """The signatories of a table, and their reader."""
    head = list(enumerate(rows, 1))
    layout = guess(head)
    reader = RowReader(layout, 0, Asked(answers), head=head)
    return [one.entry for one in reader.read(head) if one.entry], reader


@pytest.mark.parametrize(
    ("names", "bare"),
    [
        (["1. Human Rights Test (HRT)"], ["Human Rights Test (HRT)"]),
        (["12) Anna", "(3) Jan", "№ 5 Ewa", "a) Ola", "[4] Iza", "#7 Ala"], ["Anna", "Jan", "Ewa", "Ola", "Iza", "Ala"]),
        (["• Anna", "- Jan", "* Ewa", "– Ola", "o\tIza", "\uf0b7 Ala"], ["Anna", "Jan", "Ewa", "Ola", "Iza", "Ala"]),
        (["① Anna", "2️⃣ Jan", "> > Ewa", "-Ola"], ["Anna", "Jan", "Ewa", "Ola"]),
        (["23.34", "12 Angry Women", "3R Foundation"], ["23.34", "12 Angry Women", "3R Foundation"]),
        (["1. 23.34", "2. 12 Angry Women", "3. 3R Foundation"], ["23.34", "12 Angry Women", "3R Foundation"]),
        (["A. Nowak", "I. Nowak", "#MeToo Coalition", "50/50 Group"], ["A. Nowak", "I. Nowak", "#MeToo Coalition", "50/50 Group"]),
        (["1 Anna", "2 Jan", "3 Ewa"], ["Anna", "Jan", "Ewa"]),
        (["1 Anna", "9 Jan", "3 Ewa"], ["1 Anna", "9 Jan", "3 Ewa"]),
        (["I. Anna", "II. Jan", "III. Ewa"], ["Anna", "Jan", "Ewa"]),
        (["1.1 Anna", "1.2 Jan", "1.3 Ewa"], ["Anna", "Jan", "Ewa"]),
        (["١. محمد", "٢. علي"], ["محمد", "علي"]),
        (["7. Mai-Komitee", "Beta", "Gamma"], ["7. Mai-Komitee", "Beta", "Gamma"]),
        (["§ 218 Bündnis", "7amleh", "1st Amendment Coalition"], ["§ 218 Bündnis", "7amleh", "1st Amendment Coalition"]),
    ],
)  # fmt: skip
def test_row_10_numbers_and_bullets_of_a_list_are_no_part_of_names(names: list[str], bare: list[str]) -> None:
    marks = ListMarks(names)
    assert [marks.without(name) for name in names] == bare


def test_row_10_a_number_that_may_belong_to_a_name_is_asked_about() -> None:
    rows = [["Name"], ["Anna Nowak"], ["8. März Bündnis"], ["Jan Lis"], ["Ewa Kos"]]
    _entries, reader = read(*rows)
    assert [question.name for question in reader.asked.open] == ["numbers"]
    assert read(*rows, answers={"numbers": "keep"})[0][1].name == "8. März Bündnis"
    entries, reader = read(*rows, answers={"numbers": "leave-out"})
    assert (entries[1].name, reader.left_out.marked) == ("März Bündnis", 1)


@pytest.mark.parametrize(
    ("text", "country", "kind"),
    [
        ("BELARUS", "BY", None), ("Poland:", "PL", None), ("— Georgia —", "GE", None), ("Poland (12)", "PL", None),
        ("1. Беларусь", "BY", None), ("**Польшча**", "PL", None), ("THE NETHERLANDS", "NL", None), ("Belarus / Беларусь", "BY", None),
        ("Total: 1 signature", "", None), ("Усяго: 40", "", None), ("Итого", "", None), ("Razem", "", None), ("Summe", "", None),
        ("Total number of signatures: 40", "", None), ("Nombre de signatures : 30", "", None), ("Page 3 of 7", "", None),
        ("стр. 3", "", None), ("Seite 3 von 7", "", None), ("- 3 -", "", None), ("Signatures", "", None), ("Журналісты:", "", None),
        ("Organisations", "", ORGANISATION), ("Individuals", "", PERSON), ("Арганізацыі", "", ORGANISATION),
        ("ORGANISATIONS (12)", "", ORGANISATION), ("Osoby prywatne", "", PERSON), ("Фізичні особи", "", PERSON),
        ("Civil society organisations", "", ORGANISATION), ("Organisations from Poland", "PL", ORGANISATION),
    ],
)  # fmt: skip
def test_row_11_headings_totals_and_pages_are_no_signatories(
    text: str, country: str, kind: SignatoryKind | None
) -> None:
    found = heading_of([text])
    assert found is not None and found.sure and (found.country, found.kind) == (country, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Nowak", "ANNA NOWAK", "Human Rights Watch", "Total Human Rights", "Group 484", "23.34", "People in Need", "Summe Verein",
        "International Memorial", "Georgia Tech", "Women", "Page One Foundation", "Individual Rights Centre", "Names not Numbers",
    ],
)  # fmt: skip
def test_row_11_names_are_no_headings(text: str) -> None:
    assert heading_of([text]) is None


def test_row_11_rows_take_country_and_kind_from_the_headings_above_them() -> None:
    entries, reader = read(
        ["ORGANISATIONS"], ["BELARUS"], ["1. Viasna"], ["Poland:"], ["2. Dom"], ["Total: 2"], ["INDIVIDUALS"], ["Ola"],
        ["Lithuania"], ["Anna"], ["Total", "", "4"],
    )  # fmt: skip
    assert [(one.kind, one.organisation or one.name, one.country) for one in entries] == [
        (ORGANISATION, "Viasna", "BY"), (ORGANISATION, "Dom", "PL"), (PERSON, "Ola", ""), (PERSON, "Anna", "LT"),
    ]  # fmt: skip
    left = reader.left_out
    assert (left.row_count, left.marked, left.under) == (7, 2, 3) and (6, "Total: 2") in left.rows


def test_row_11_kinds_within_countries_keep_the_country() -> None:
    entries, _reader = read(
        ["Belarus"],
        ["Organisations"],
        ["Viasna"],
        ["Individuals"],
        ["Anna"],
        ["Poland"],
        ["Organisations"],
        ["Dom"],
    )
    assert [(one.kind, one.country) for one in entries] == [
        (ORGANISATION, "BY"), (PERSON, "BY"), (ORGANISATION, "PL"),
    ]  # fmt: skip


def test_row_11_a_country_of_its_own_wins_and_headings_of_columns_are_repeated() -> None:
    head = ["Name", "City", "Country"]
    entries, reader = read(
        head,
        ["POLAND"],
        ["Anna Nowak", "", ""],
        ["Georgia", "Tbilisi", ""],
        ["Jan", "", "LT"],
        head,
        ["Ewa", "", ""],
    )
    assert [(one.name, one.country) for one in entries] == [
        ("Anna Nowak", "PL"), ("Georgia", "PL"), ("Jan", "LT"), ("Ewa", "PL"),
    ]  # fmt: skip
    assert reader.left_out.row_count == 2


def test_row_11_a_country_that_may_be_a_name_is_asked_about() -> None:
    rows = [["Name", "City"], ["Anna Nowak", "Minsk"], ["Georgia"], ["Jan Lis", "Lida"]]
    assert [question.name for question in read(*rows)[1].asked.open] == ["heading:Georgia"]
    named = read(*rows, answers={"heading:Georgia": "name"})[0]
    assert [(one.name, one.country) for one in named] == [
        ("Anna Nowak", ""),
        ("Georgia", ""),
        ("Jan Lis", ""),
    ]
    below = read(*rows, answers={"heading:Georgia": "heading"})[0]
    assert [(one.name, one.country) for one in below] == [("Anna Nowak", ""), ("Jan Lis", "GE")]


def test_row_11_names_of_both_kinds_are_asked_about_once() -> None:
    rows = [["Viasna Centre"], ["Anna Nowak"], ["Human Rights House"], ["Jan Lis"]]
    entries, reader = read(*rows)
    assert [question.name for question in reader.asked.open] == ["mixed"]
    assert [one.kind for one in entries] == [ORGANISATION, PERSON] * 2
    assert {one.kind for one in read(*rows, answers={"mixed": "people"})[0]} == {PERSON}
    assert {one.kind for one in read(*rows, answers={"mixed": "organisations"})[0]} == {ORGANISATION}


@pytest.mark.parametrize(
    ("rows", "answer", "found"),
    [
        ([["Nowak", "Anna", "Poland"], ["Lis", "Jan", "Poland"]], "turned", ("Anna Nowak", "", "PL")),
        ([["Anna Nowak", "Minsk", "BY"], ["Jan Lis", "Lida", "BY"]], "city", ("Anna Nowak", "Minsk", "BY")),
        ([["Anna", "Nowak"], ["Jan", "Lis"]], "surname", ("Anna Nowak", "", "")),
        ([["Anna Nowak", "poet"], ["Jan Lis", "writer"]], "leave-out", ("Anna Nowak", "", "")),
    ],
)
def test_row_10_a_column_without_a_name_is_asked_about(
    rows: list[list[str]], answer: str, found: tuple[str, str, str]
) -> None:
    entries, reader = read(*rows)
    assert [question.name for question in reader.asked.open] == ["column:B"] and not entries[0].city
    entries, reader = read(*rows, answers={"column:B": answer})
    assert not reader.asked.open and (entries[0].name, entries[0].city, entries[0].country) == found


@pytest.mark.parametrize(
    "heading",
    ["KURDISTAN", "EXILE (2)", "KRAKÓW", "BELARUS (IN EXILE)", "Беларусь (в изгнании)", "Czeck Republic", "European Union", "— Kurdistan —"],
)  # fmt: skip
def test_row_11_an_unknown_heading_ends_the_country_above_it(heading: str) -> None:
    rows = [["POLAND"], ["Anna"], [heading], ["Jan"]]
    entries, reader = read(*rows)
    assert [(one.name, one.country) for one in entries] == [("Anna", "PL"), ("Jan", "")]
    assert all(question.code == "heading" for question in reader.asked.open)
    asked = reader.asked.open[0].name if reader.asked.open else ""
    assert (3, heading) in reader.left_out.rows or asked == f"heading:{heading}"
    named = read(*rows, answers={f"heading:{heading}": "name"})[0]
    assert [one.country for one in named] == (["PL"] * 3 if asked else ["PL", ""])
    table = [[one, "", ""] if one != "Jan" else [one, "Lida", ""] for (one,) in rows]
    entries, _reader = read(["Name", "City", "Country"], *table)
    assert [(one.name, one.country) for one in entries] == [("Anna", "PL"), ("Jan", "")]


@pytest.mark.parametrize(
    "names", [["Anna Nowak", "Jan Lis"], ["ANNA NOWAK", "JAN LIS"], ["1. OSCE Forum", "2. Viasna"]]
)
def test_row_11_names_below_a_country_are_no_headings(names: list[str]) -> None:
    entries, reader = read(["POLAND"], *([name] for name in names))
    assert [one.country for one in entries] == ["PL", "PL"]
    assert {question.code for question in reader.asked.open} <= {"mixed"}


@pytest.mark.parametrize(
    "text",
    [
        "Sincerely,", "С уважением,", "З павагай", "З повагою", "Yours faithfully", "Mit freundlichen Grüßen", "Z poważaniem",
        "Cordialement,", "Atentamente", "Distinti saluti", "FIRST SIGNATORIES", "Первые подписанты", "Erste Unterzeichner", "— А —",
        "… and 12 others", "+ 12 anonymous", "и ещё 12 человек", "та ще 12 осіб", "i 12 innych", "und 12 weitere", "and many others",
        "Name withheld", "Имя не указано", "12 signatures so far", "40 подписей на сегодня",
    ],
)  # fmt: skip
def test_row_11_what_stands_around_names_in_a_letter_is_no_name(text: str) -> None:
    found = heading_of([text])
    assert found is not None and found.sure and not found.country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("From Belarus", "BY"), ("Из Беларуси", "BY"), ("З Беларусі:", "BY"), ("З України", "UA"), ("Z Polski", "PL"),
        ("Z Niemiec", "DE"), ("Aus der Schweiz", "CH"), ("В Польше", "PL"), ("Арганізацыі з Беларусі", "BY"), ("Z Nami", None),
        ("De Bruyne", None), ("С Новым Годом", None), ("In Memoriam", None),
    ],
)  # fmt: skip
def test_row_11_a_heading_may_decline_its_country(text: str, country: str | None) -> None:
    found = heading_of([text])
    assert (found.country if found else None) == country


@pytest.mark.parametrize(
    "marked",
    [
        "1- {}|2- {}", "1/ {}|2/ {}", "1-{}|2-{}", "1 – {}|2 – {}", "a. {}|b. {}|c. {}", "а. {}|б. {}|в. {}", "I. {}|II. {}",
        "i. {}|ii. {}|iii. {}", "[x] {}|[ ] {}", "[X] {}|[x] {}", "ü {}|ü {}", "Ø {}|Ø {}", "v {}|v {}|v {}", "o {}|o {}", "q {}|q {}",
    ],
)  # fmt: skip
def test_row_10_marks_that_run_or_repeat_are_left_out(marked: str) -> None:
    names = ["Anna Nowak", "Jan Lis", "Ewa Kos"][: marked.count("{}")]
    lines = marked.format(*names).split("|")
    marks = ListMarks(lines)
    assert [marks.without(line) for line in lines] == names


@pytest.mark.parametrize(
    "lines", [["1 Alpha", "2 Beta"], ["A. Alpha", "B. Beta", "C. Gamma"], ["Anna", "3- Jan", "Ewa", "Ola"]]
)
def test_row_10_marks_that_may_be_part_of_names_are_asked_about(lines: list[str]) -> None:
    assert [one.name for one in read(*([line] for line in lines))[1].asked.open] == ["numbers"]
    kept = read(*([line] for line in lines), answers={"numbers": "keep"})[0]
    assert [one.name or one.organisation for one in kept] == lines


@pytest.mark.parametrize(
    "names",
    [
        ["A. Nowak", "B. Lis", "Ewa Kos"],
        ["X Company", "X Group"],
        ["50/50 Group", "24/7 Kyiv"],
        ["3-D Print", "Viasna"],
    ],
)
def test_row_10_initials_and_numbers_of_names_stay(names: list[str]) -> None:
    marks = ListMarks(names)
    assert [marks.without(name) for name in names] == names


ABOUT_THE_LIST = """
    et al.|and others|(signatures continue)|As of 3 November 2026|Last updated 3 May 2026|Prepared by Jan Lis
    по состоянию на 3.05.2026|Stan na 3.05.2026|Stand: 3.5.2026|Обновлено: 3 мая 2026|continued on page 2|и др.
"""


def test_row_11_what_is_said_about_a_list_is_nobody_in_it() -> None:
    for line in ABOUT_THE_LIST.strip().split("\n"):
        for said in line.strip().split("|"):
            assert [one.name for one in read(["Anna Nowak"], ["Jan Lis"], [said])[0]] == [
                "Anna Nowak",
                "Jan Lis",
            ], said
    for name in ("U. A. Kos", "Stan Nowak", "Stand With Us", "Updated Minds", "Prepared Group"):
        assert heading_of([name]) is None, name


@pytest.mark.parametrize("header", ["Name,Sign as,Country", "Name,Kind,Country", "Назва,Тып,Краіна"])
def test_row_05_an_organisation_by_its_kind_needs_no_column_of_its_own(header: str) -> None:
    found, _reader = read(header.split(","), ["Anna Nowak", "person", "PL"], ["Test League", "NGO", "PL"])
    assert [(one.kind, one.name, one.organisation) for one in found] == [
        (PERSON, "Anna Nowak", ""),
        (ORGANISATION, "", "Test League"),
    ]
