"""Sheets as people have them: workbooks made by hand, and one table as every kind of file."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from campaign.imports.column_mapping import column_letter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
QUOTE = {'"': "&quot;"}
Rows = Sequence[Sequence[str]]


def cell(place: str, value: str) -> str:
    """A cell of a sheet: text, a number, one in a format (`44391@2`), or a formula with its result
    (`=A1|result`).
    """
    if value.startswith("="):
        formula, _bar, result = value[1:].partition("|")
        return f'<c r="{place}" t="str"><f>{escape(formula)}</f>{f"<v>{escape(result)}</v>" if result else ""}</c>'
    if (number := value.partition("@"))[2].isdigit():
        return f'<c r="{place}" s="{number[2]}"><v>{number[0]}</v></c>'
    if value.replace(".", "").isdigit():
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><r><t>{escape(value)}</t></r></is></c>'


def workbook(
    rows: Rows,
    *,
    merged: Sequence[str] = (),
    names: Sequence[str] = ("List",),
    formats: Sequence[str] = (),
    since_1904: bool = False,
) -> io.BytesIO:
    """A workbook as ECMA-376 has it; further sheets are empty. Empty cells are left out, as spreadsheets do.

    `formats` are styles from 1, and two known ones come after them.
    """
    lines = "".join(
        f'<row r="{row}">'
        + "".join(cell(f"{column_letter(place)}{row}", value) for place, value in enumerate(cells) if value)
        + "</row>"
        for row, cells in enumerate(rows, 1)
    )
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="r{number}" Type="x" Target="worksheets/sheet{number}.xml"/>'
        for number, _name in enumerate(names, 1)
    )
    own = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escape(code, QUOTE)}"/>'
        for number, code in enumerate(formats, 164)
    )
    styles = "".join(
        f'<xf numFmtId="{number}"/>'
        for number in (0, *(164 + place for place in range(len(formats))), 14, 20)
    )
    counted = '<workbookPr date1904="1"/>' if since_1904 else ""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{counted}<sheets>{sheets}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        body = f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData><mergeCells>{areas}</mergeCells></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", body)
    file.seek(0)
    return file


def separated(rows: Rows, sign: str, encoding: str, before: str = "") -> bytes:
    """The table as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows(rows)
    return (before + text.getvalue()).encode(encoding)


# Every kind of file that is read, by name, with what writes a table as such a file.
KINDS: dict[str, Callable[[Rows], bytes]] = {
    "commas": lambda rows: separated(rows, ",", "utf-8"),
    "semicolons": lambda rows: separated(rows, ";", "utf-8-sig"),
    "tabs in UTF-16": lambda rows: separated(rows, "\t", "utf-16"),
    "UTF-16 without a mark": lambda rows: separated(rows, ";", "utf-16-be"),
    "told what parts the cells": lambda rows: separated(rows, ";", "utf-8", "sep=;\r\n"),
    "told so in UTF-16": lambda rows: codecs.BOM_UTF16_LE + separated(rows, "|", "utf-16-le", "sep=|\r\n"),
    "Windows-1251": lambda rows: separated(rows, ";", "cp1251"),
    "KOI8-U": lambda rows: separated(rows, ",", "koi8-u"),
    "workbook": lambda rows: workbook(rows).getvalue(),
}
