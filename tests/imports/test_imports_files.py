"""Files as people have them: other encodings, workbooks with merged cells and formulas, two hundred
columns, half-empty rows.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.countries import country_of
from campaign.imports.column_mapping import Layout, guess
from campaign.imports.column_vocabulary import Field, field_of
from campaign.imports.row_parser import parsed_signatory
from campaign.sheets.encodings import encoding_of
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.readers import Table, read_file, read_lines
from campaign.signatures.models import SignatoryKind
from tests.imports.lists_of_names import carry_out, post, signatures, upload, words
from tests.support import Campaign
from tests.world.sheets import workbook

pytestmark = pytest.mark.usefixtures("context")
RUSSIAN = "ФИО;Город;Страна\nАнна Пример;Минск;Беларусь\nБорис Образцов;Гомель;Россия\n"
POLISH = "Imię i nazwisko;Miasto;Kraj\nŁukasz Źrebięcy;Łódź;Polska\nŻaneta Gąska;Częstochowa;Polska\n"


def understood(table: Table) -> list[tuple[str, str, str]]:
    """(name, city, country) of each row that is a signatory."""
    rows = list(table.rows)
    layout = guess(rows)
    entries = [parsed_signatory(row, cells, layout)[0] for row, cells in rows if row > layout.header]
    return [(entry.organisation or entry.name, entry.city, entry.country) for entry in entries if entry]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u", "cp866"]
)
def test_cyrillic_files_are_read_in_every_encoding(encoding: str) -> None:
    table = read_file(io.BytesIO(RUSSIAN.encode(encoding)))
    assert understood(table) == [("Анна Пример", "Минск", "BY"), ("Борис Образцов", "Гомель", "RU")]
    assert bool(table.notes) is not encoding.startswith("utf"), table.notes


def test_old_polish_and_german_files_are_read() -> None:
    table = read_file(io.BytesIO(POLISH.encode("cp1250")))
    assert understood(table) == [("Łukasz Źrebięcy", "Łódź", "PL"), ("Żaneta Gąska", "Częstochowa", "PL")]
    assert "Windows-1250 (Central European)" in table.notes[0]
    german = "Name;Ort\nJürgen Müller;Köln\nÄnne Weiß;Lübeck\nBjörn Größer;Gießen\n"
    assert understood(read_file(io.BytesIO(german.encode("cp1252")))) == [
        ("Jürgen Müller", "Köln", ""), ("Änne Weiß", "Lübeck", ""), ("Björn Größer", "Gießen", "")
    ]  # fmt: skip


def test_an_encoding_is_told_from_the_whole_file() -> None:
    late = b"Name\n" + b"Plain Name\n" * 20_000 + "Ганна\n".encode("cp1251")
    assert encoding_of(io.BytesIO(late)) == "cp1251"
    assert encoding_of(io.BytesIO(b"Name\n" + b"Plain Name\n" * 20_000 + "Ганна\n".encode())) == "utf-8"


def test_a_workbook_with_merged_cells_a_title_and_formulas() -> None:
    rows = (
        ("List of signatories, May",),
        (),
        ("No.", "Full name", "Town", "Country"),
        ("1", "Anna Example", "Minsk", "Belarus"),
        ("2", "=B4&C4|Boris Example", "", ""),
        ("3", "=B1", "", ""),
        ("4", "Clara Example", "Vilnius", "Lithuania"),
    )
    table = read_file(workbook(rows, merged=("A1:D1", "D4:D6", "C4:C5"), names=("May", "June")))
    assert understood(table) == [
        ("Anna Example", "Minsk", "BY"),
        ("Boris Example", "Minsk", "BY"),
        ("Clara Example", "Vilnius", "LT"),
    ]
    notes = " ".join(table.notes)
    assert "The file has 2 sheets. Only the first was read: May." in notes
    assert (
        "1 cell contains a formula" in notes
        and "1 formula has no result" in notes
        and "3 cells were merged" in notes
    )


def test_two_hundred_columns_are_no_obstacle() -> None:
    header = [f"Answer {number}" for number in range(200)]
    header[137], header[180] = "Прозвішча, імя", "Краіна"
    row = ["x"] * 200
    row[137], row[180] = "Ганна Прыклад", "Польшча"
    assert understood(read_file(workbook((header, row)))) == [("Ганна Прыклад", "", "PL")]


def test_half_empty_rows_each_have_a_sentence() -> None:
    rows = list(
        read_file(
            workbook(
                (
                    ("Name", "Organisation", "Country"),
                    ("", "", "PL"),
                    ("Anna", "", ""),
                    ("", "League", ""),
                    (),
                )
            )
        ).rows
    )
    layout = guess(rows)
    found = [parsed_signatory(row, cells, layout) for row, cells in rows if row > layout.header]
    assert [entry.kind if entry else [problem.text for problem in problems] for entry, problems in found] == [
        ["The name is empty."], SignatoryKind.PERSON, SignatoryKind.ORGANISATION
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("Анна Пример\nБорис Образцов", [("Анна Пример", "", ""), ("Борис Образцов", "", "")]),
        ("Anna Example, Minsk\nBoris Example, Vilnius", [("Anna Example", "", ""), ("Boris Example", "", "")]),
        ("Anna Example\tPoland\nBoris Example\tГермания", [("Anna Example", "", "PL"), ("Boris Example", "", "DE")]),
        ('"Viasna" Centre; Belarus\nHelsinki Foundation; Poland', [('"Viasna" Centre', "", "BY"), ("Helsinki Foundation", "", "PL")]),
        ("Imported Person\nOther Person", [("Imported Person", "", ""), ("Other Person", "", "")]),
        ("Имя и фамилия\nАнна Пример", [("Анна Пример", "", "")]),
        ("anna@post.example.org;Anna Example\nboris@post.example.org;Boris", [("Anna Example", "", ""), ("Boris", "", "")]),
    ],
)  # fmt: skip
def test_pasted_lines_are_understood(lines: str, found: list[tuple[str, str, str]]) -> None:
    assert understood(read_lines(lines)) == found


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Name", Field.NAME), ("Имя и фамилия", Field.NAME), ("ФИО", Field.NAME), ("Imię i nazwisko", Field.NAME), ("Прізвище", Field.SURNAME),
        ("Прозвішча, імя", Field.NAME), ("Last name", Field.SURNAME), ("Nachname", Field.SURNAME), ("Vorname", Field.NAME), ("Ім'я", Field.NAME),
        ("Organisation name", Field.ORGANISATION), ("Название организации", Field.ORGANISATION), ("Назва арганізацыі", Field.ORGANISATION),
        ("Nazwa organizacji", Field.ORGANISATION), ("Страна организации", Field.COUNTRY), ("Kraj", Field.COUNTRY), ("Land", Field.COUNTRY),
        ("Краіна", Field.COUNTRY), ("Город", Field.CITY), ("Miasto", Field.CITY), ("Wohnort", Field.CITY), ("E-Mail-Adresse", Field.EMAIL),
        ("Электронная почта", Field.EMAIL), ("Сайт організації", Field.WEBSITE), ("Должность", Field.TITLE), ("Пасада", Field.TITLE),
        ("Stanowisko", Field.TITLE), ("Funktion", Field.TITLE), ("Подписаться на новости", Field.UPDATES), ("№", None), ("Comment", None),
    ],
)  # fmt: skip
def test_names_of_columns_are_known_in_six_languages(header: str, field: Field | None) -> None:
    assert field_of(header) is field


@pytest.mark.parametrize(
    ("cell_", "code"),
    [
        ("by", "BY"), ("Belarus", "BY"), ("Беларусь", "BY"), ("Республика Беларусь", "BY"), ("Białoruś", "BY"), ("Польшча", "PL"), ("Polen", "PL"),
        ("Німеччина", "DE"), ("The Netherlands", "NL"), ("USA", "US"), ("США", "US"), ("Чехия", "CZ"), ("Атлантида", None), ("Europe", None),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name_in_six_languages(cell_: str, code: str | None) -> None:
    assert country_of(cell_) == code


def test_a_family_name_in_a_column_of_its_own_is_put_behind() -> None:
    layout = Layout({Field.NAME: 1, Field.SURNAME: 0}, SignatoryKind.PERSON)
    entry, _problems = parsed_signatory(1, ["Example", "Anna"], layout)
    assert entry is not None and entry.name == "Anna Example"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\xd0\xcf\x11\xe0 old", "old workbook (.xls)"),
        (b"%PDF-1.7 a scan", "This is a PDF."),
        (b"PK\x03\x04 cut", "This workbook is damaged."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is not a text list."),
        (b"", "This file is empty."),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(body: bytes, said: str) -> None:
    with pytest.raises(SheetUnreadable, match=said.replace("(", r"\(").replace(")", r"\)")):
        list(read_file(io.BytesIO(body)).rows)


def test_a_document_of_another_program_is_refused_with_a_sentence(app: Flask) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    file.seek(0)
    with pytest.raises(SheetUnreadable, match=r"save the sheet as \.xlsx"):
        read_file(file)


def test_a_workbook_asks_nothing_of_the_outside_and_is_not_blown_up() -> None:
    book = workbook((("Name",), ("&secret; Anna",)))
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    evil = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    sheet = evil.encode() + parts["xl/worksheets/sheet1.xml"].replace(b"&amp;secret;", b"&secret;")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, body)
    file.seek(0)
    cells = [cells for _row, cells in read_file(file).rows]
    with open("/etc/hostname") as host:
        assert host.read().strip() not in str(cells)


OLD_FILES = [
    ("Świętosław Gęś;Łódź\nŻaneta Gąska;Częstochowa\n", "cp1250 iso8859-2 cp852 mac-latin2"),
    ("Šárka Šťastná;Žďár\nJiří Dvořák;Plzeň\n", "cp1250 iso8859-2 cp852 mac-latin2"),
    ("Анна Новик;Минск\nБорис Щукин;Гомель\n", "cp1251 koi8-u koi8-r cp866 iso8859-5 mac-cyrillic"),
    ("АННА НОВИК;МИНСК\nБОРИС ЩУКИН;ГОМЕЛЬ\n", "cp1251 koi8-u cp866 iso8859-5 mac-cyrillic"),
    ("Ганна Ўласава;Мінск\nЗміцер Ільюшэнка;Слуцк\n", "cp1251 iso8859-5 mac-cyrillic"),
    ("Їжакевич Євген;Київ\n", "cp1251 koi8-u iso8859-5 mac-cyrillic"),
    ("Jürgen Müller;Köln\nÄnne Weiß;Lübeck\n", "cp1252 cp850 mac-roman"),
    ("François Hébert;Besançon\nÉloïse Lefèvre;Orléans\n", "cp1252 cp850 mac-roman"),
    ("Şükrü Işık;İzmir\nÇağla Güneş;Eskişehir\n", "cp1254 cp857"),
    ("Ștefan Țurcanu\n".replace("Ș", "Ş").replace("Ț", "Ţ"), "cp1250 iso8859-2"),
]


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, each) for text, encodings in OLD_FILES for each in encodings.split()]
)
def test_row_09_a_file_of_an_older_encoding_is_read_in_it(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    assert raw.decode(encoding_of(io.BytesIO(raw))) == text


@pytest.mark.parametrize(
    "raw",
    [
        "Имя\nАнна Новик\nПётр Щукин\n".encode("cp855"), "姓名\n王小明\n李伟\n".encode("gb18030"),
        "名前\n田中太郎\n".encode("shift_jis"), "Імя\nГанна Новік\nЯн Ліс\n".encode() + b"\xd0\n",
        "Name\n¦ak¶¬§ Now¤k\n".encode("cp1252"),
    ],
)  # fmt: skip
def test_row_09_letters_that_are_no_words_in_any_encoding_are_refused(raw: bytes) -> None:
    with pytest.raises(SheetUnreadable, match="can’t be told for sure"):
        read_file(io.BytesIO(raw))


SHORT_FILES = [
    ("Анна\n", "cp1251"), ("Ян\n", "cp1251"), ("Αθήνα\n", "cp1253"), ("Άννα\n", "cp1253"),
    ("יעל כהן\n", "cp862"), ("אנה\n", "cp862"), ("יעל כהן\n", "cp1255"), ("José\n", "cp1252"),
    ("Müller\n", "cp1252"), ("Ángel\n", "cp1252"), ("Ян Лис\n", "cp866"), ("Ąžuolas\n", "cp1257"),
    ("Şükrü\n", "cp1254"), ("Łucja\n", "cp1250"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "encoding"), SHORT_FILES)
def test_row_09_a_file_of_few_words_is_read_right_or_asked_about(text: str, encoding: str) -> None:
    raw = f"Name\nEwa\n{text}".encode(encoding)
    table = read_file(io.BytesIO(raw), asks=True)
    shown = [cells[0] for _row, cells in table.rows][-1]
    offered = [line for one in table.questions for _name, line in one.about["readings"]]
    assert text.strip() in offered if offered else shown == text.strip()
    assert len(offered) <= 3 and (not offered or offered[0] == shown)


def test_row_09_the_letters_of_a_short_file_are_those_that_a_person_chooses(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    for body, encoding, right in (
        ("Name\nΑθήνα\nEwa\n", "cp1253", "Αθήνα"),
        ("Name;City\nΑθήνα;Rome\n", "cp1253", "Αθήνα"),
        ("Ян\nEwa\n", "cp1251", "Ян"),
    ):
        address = upload(team, body.encode(encoding))
        page = words(team.get(address))
        assert "The letters of this file can’t be told for sure." in page and right in page
        assert team.get(f"{address}/confirm").status_code == 422
        columns = {"header": "1" if body.startswith("Name") else "0", "field-0": "name"}
        post(team, f"{address}/columns", **columns, **{"answer-encoding": encoding})
        assert right in words(team.get(address))
        carry_out(team, campaign, address)
        assert right in [row.name for row in signatures(app)]
