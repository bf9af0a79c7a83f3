"""Workbooks of Excel or LibreOffice (.xlsx, ECMA-376 part 1, §18), row by row.

The results of formulas are read, and nothing is run.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel import ngettext
from lxml import etree

from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.xlsx_dates import DateFormats

# The most that it may hold unpacked: a hundred thousand rows take a tenth of it.
_LARGEST = 400_000_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = re.compile(
    r"\{http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/(?:2006/)?relationships\}id"
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_PIECE = 262_144
_LONGEST_MARK = 200
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}

# The errors of reading a file that is cut off, locked with a password, packed otherwise, or made to do harm.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, LookupError, ValueError, EOFError, RuntimeError,
    NotImplementedError, OverflowError, StopIteration,
)  # fmt: skip
# XFD, the last column that Excel has.
_MOST_COLUMNS = 16_384

Rows = Iterator[tuple[int, list[str]]]


@dataclass(slots=True)
class Workbook:
    """The first sheet with content. `rows` may be walked through once; `notes` is complete only then."""

    rows: Rows = field(default_factory=lambda: iter(()))
    notes: list[str] = field(default_factory=list)


def read_workbook(file: IO[bytes]) -> Workbook:
    """Open a workbook. Raises SheetUnreadable, also while its rows are read."""
    try:
        archive = zipfile.ZipFile(file)
        if sum(member.file_size for member in archive.infolist()) > _LARGEST:
            raise SheetUnreadable(
                _("This workbook is too large when unpacked. Please save its first sheet as “CSV UTF-8”.")
            )
        if "xl/workbook.xml" not in archive.namelist():
            raise SheetUnreadable(
                _("This is not an Excel workbook. Please save the sheet as .xlsx or as “CSV UTF-8”.")
            )
        sheets = _sheets(archive)
    except _DAMAGE:
        raise SheetUnreadable(
            _("This workbook is damaged. Please open it in a spreadsheet program and save it again.")
        ) from None

    book = Workbook()
    if len(sheets) > 1:
        read = _(
            "The file has %(number)s sheets. Only the first was read: %(name)s.",
            number=len(sheets),
            name=sheets[0][0],
        )
        book.notes.append(read)

    book.rows = _guarded(archive, sheets[0][1], book)
    return book


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(name, path) of each sheet that is not hidden, in the order of the workbook."""
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), etree.XMLParser(**_SAFE))
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    book = etree.fromstring(archive.read("xl/workbook.xml"), etree.XMLParser(**_SAFE))

    found = []
    for sheet in book.iter(f"{{{_MAIN}}}sheet", f"{{{_STRICT}}}sheet"):
        link = next(value for name, value in sheet.attrib.items() if _RELATION.fullmatch(name))
        if sheet.get("state", "visible") == "visible":
            target = targets[link]
            found.append(
                (
                    str(sheet.get("name")),
                    target.removeprefix("/") if target.startswith("/") else f"xl/{target}",
                )
            )

    return found or [("", "xl/worksheets/sheet1.xml")]


def _guarded(archive: zipfile.ZipFile, path: str, book: Workbook) -> Rows:
    try:
        yield from _rows(archive, path, book)
    except _DAMAGE:
        raise SheetUnreadable(
            _("This workbook is damaged. Please open it in a spreadsheet program and save it again.")
        ) from None


def _rows(archive: zipfile.ZipFile, path: str, book: Workbook) -> Rows:
    strings, merged, dates = _shared_strings(archive), _merged(archive, path), DateFormats.of(archive)
    held: dict[int, tuple[int, str]] = {}
    formulas = empty = filled = number = 0

    with archive.open(path) as sheet:
        for _event, row in etree.iterparse(
            sheet, events=("end",), tag=(f"{{{_MAIN}}}row", f"{{{_STRICT}}}row"), **_SAFE
        ):
            number = int(row.get("r") or number + 1)
            cells, has_formula, without = _cells(row, strings, dates)
            formulas, empty = formulas + has_formula, empty + without
            filled += _fill_down(cells, number, merged, held)
            yield number, cells
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]

    book.notes += _said(formulas - empty, empty, filled)


def _said(formulas: int, empty: int, filled: int) -> list[str]:
    read = ngettext(
        "%(num)s cell contains a formula: its last result was read.",
        "%(num)s cells contain formulas: their last results were read.",
        formulas,
    )
    without = ngettext(
        "%(num)s formula has no result in the file: its cell is empty.",
        "%(num)s formulas have no result in the file: their cells are empty.",
        empty,
    )
    merged = ngettext(
        "%(num)s cell was merged with the one above, and takes its value.",
        "%(num)s cells were merged with those above, and take their values.",
        filled,
    )

    return [sentence for sentence, count in ((read, formulas), (without, empty), (merged, filled)) if count]


def _cells(row: Any, strings: list[str], dates: DateFormats) -> tuple[list[str], int, int]:
    """The texts of a row, how many come from formulas, and how many formulas have no result."""
    cells: list[str] = []
    formulas = empty = 0
    for cell in row.iterchildren("{*}c"):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = _column(place[1]) if place else len(cells)
        cells.extend([""] * (column - len(cells)))
        text, formula = _text(cell, strings, dates)
        formulas, empty = formulas + formula, empty + (formula and not text)
        cells.append(text)
    return cells, formulas, empty


def _text(cell: Any, strings: list[str], dates: DateFormats) -> tuple[str, bool]:
    """The text that a cell shows, and whether a formula made it. An error such as #REF! shows nothing."""
    kind, formula, text = cell.get("t", "n"), False, ""
    for part in cell.iterchildren("{*}*"):
        tag = part.tag.rpartition("}")[2]
        if tag == "f":
            formula = True
        elif tag == "v":
            text = part.text or ""
        elif tag == "is":
            text = _letters(part)

    if kind == "s" and text:
        text = strings[int(text)]
    elif kind == "n" and text:
        text = dates.text(text, cell.get("s")) or text.removesuffix(".0")
    elif kind == "d":
        text = text.removesuffix("T00:00:00")

    return ("" if kind == "e" else text), formula


def _letters(part: Any) -> str:
    """The text of a string, with its differently styled runs, without the reading aids of East Asian
    scripts.
    """
    return "".join(text.text or "" for text in part.iter("{*}t") if not text.getparent().tag.endswith("}rPh"))


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """All texts that cells refer to: the one part of a workbook that has to be held whole."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []

    strings = []
    with archive.open("xl/sharedStrings.xml") as file:
        for _event, item in etree.iterparse(
            file, events=("end",), tag=(f"{{{_MAIN}}}si", f"{{{_STRICT}}}si"), **_SAFE
        ):
            strings.append(_letters(item))
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]

    return strings


def _merged(archive: zipfile.ZipFile, path: str) -> dict[tuple[int, int], int]:
    """The last row of each area merged over several rows, by (row, column) of its first cell.

    Areas stand after all rows of the file.
    """
    found, kept = {}, b""
    with archive.open(path) as sheet:
        while piece := sheet.read(_PIECE):
            kept = kept[-_LONGEST_MARK:] + piece
            for first, top, _last, bottom in _MERGED.findall(kept):
                if int(bottom) > int(top):
                    found[int(top), _column(first.decode())] = int(bottom)
    return found


def _fill_down(
    cells: list[str], number: int, merged: dict[tuple[int, int], int], held: dict[int, tuple[int, str]]
) -> int:
    """Give the cells of an area the value of its first one. `held` maps columns to (last row, value).

    Returns how many were filled.
    """
    filled = 0
    for column, (bottom, value) in list(held.items()):
        if number > bottom:
            del held[column]
        elif value and (column >= len(cells) or not cells[column]):
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column], filled = value, filled + 1

    for column, cell in enumerate(cells if merged else ()):
        if (bottom_row := merged.get((number, column))) is not None:
            held[column] = (bottom_row, cell)

    return filled


def _column(letters: str) -> int:
    """The index of a column: 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
        if number > _MOST_COLUMNS:
            raise ValueError(letters)
    return number - 1
