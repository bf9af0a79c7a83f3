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

from campaign.sheets.cells import Cells
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.withheld import Withheld
from campaign.sheets.xlsx_styles import Styles, is_struck

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
# A text, or its runs with whether they are struck out: None as the cell is.
Text = str | tuple[tuple[str, bool | None], ...]
_TRUE = ("1", "true", "on")
# A column of this width, in characters, or a row of this height, in points, can't be read.
_NO_WIDTH, _NO_HEIGHT = 0.3, 1.0
_COLOURED = re.compile(rb"<(?:\w+:)?(?:tablePart|conditionalFormatting)[ >/]")


@dataclass(slots=True)
class Workbook:
    """The first sheet that is shown. `rows` may be walked through once; `notes` and `withheld` are complete
    only then.
    """

    rows: Rows = field(default_factory=lambda: iter(()))
    notes: list[str] = field(default_factory=list)
    withheld: Withheld = field(default_factory=Withheld)


@dataclass(slots=True)
class _Sheet:
    """What is needed to read the rows of a sheet. `hidden` are the places of columns, None for all others."""

    strings: list[Text]
    merged: dict[tuple[int, int], int]
    styles: Styles
    unseen: frozenset[int]
    withheld: Withheld
    hidden: list[tuple[int, int]] = field(default_factory=list)
    others_hidden: bool = False
    rows_hidden: bool = False
    columns_shown: list[tuple[int, int]] = field(default_factory=list)

    def hides(self, place: int) -> bool:
        """True for a hidden column."""
        if any(first <= place <= last for first, last in self.hidden):
            return True
        return self.others_hidden and not any(first <= place <= last for first, last in self.columns_shown)


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
        sheets, hidden = _sheets(archive)
    except _DAMAGE:
        raise SheetUnreadable(
            _("This workbook is damaged. Please open it in a spreadsheet program and save it again.")
        ) from None

    if not sheets:
        raise SheetUnreadable(_("All sheets of this workbook are hidden. Please show the one to be read."))

    book = Workbook()
    if hidden:
        unread = ngettext(
            "%(num)s hidden sheet was not read.", "%(num)s hidden sheets were not read.", hidden
        )
        book.notes.append(unread)
    if len(sheets) > 1:
        read = _(
            "The file has %(number)s sheets. Only the first was read: %(name)s.",
            number=len(sheets),
            name=sheets[0][0],
        )
        book.notes.append(read)

    book.rows = _guarded(archive, sheets[0][1], book)
    return book


def _sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], int]:
    """(name, path) of each sheet that is not hidden, in the order of the workbook; and how many are."""
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), etree.XMLParser(**_SAFE))
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    book = etree.fromstring(archive.read("xl/workbook.xml"), etree.XMLParser(**_SAFE))

    found, hidden = [], 0
    for sheet in book.iter(f"{{{_MAIN}}}sheet", f"{{{_STRICT}}}sheet"):
        link = next(value for name, value in sheet.attrib.items() if _RELATION.fullmatch(name))
        if sheet.get("state", "visible") != "visible":
            hidden += 1
        else:
            target = targets[link]
            found.append(
                (
                    str(sheet.get("name")),
                    target.removeprefix("/") if target.startswith("/") else f"xl/{target}",
                )
            )

    return (found, hidden) if found or hidden else ([("", "xl/worksheets/sheet1.xml")], 0)


def _guarded(archive: zipfile.ZipFile, path: str, book: Workbook) -> Rows:
    try:
        yield from _rows(archive, path, book)
    except _DAMAGE:
        raise SheetUnreadable(
            _("This workbook is damaged. Please open it in a spreadsheet program and save it again.")
        ) from None


def _rows(archive: zipfile.ZipFile, path: str, book: Workbook) -> Rows:
    styles, merged = Styles.of(archive), _merged(archive, path)
    is_white_unseen = styles.white and not _is_coloured(archive, path)
    unseen = styles.unseen | (styles.white if is_white_unseen else frozenset())
    sheet = _Sheet(_shared_strings(archive), merged, styles, unseen, book.withheld)
    held: dict[int, tuple[int, str]] = {}
    formulas = empty = filled = number = 0
    wanted = ("row", "col", "sheetFormatPr")
    tags = [f"{{{space}}}{name}" for space in (_MAIN, _STRICT) for name in wanted]

    with archive.open(path) as file:
        for _event, part in etree.iterparse(file, events=("end",), tag=tags, **_SAFE):
            if not part.tag.endswith("}row"):
                _arrange(sheet, part)
                continue
            number = int(part.get("r") or number + 1)
            cells, has_formula, without = _cells(part, sheet)
            formulas, empty = formulas + has_formula, empty + without
            filled += _fill_down(cells, number, merged, held)
            yield number, _as_shown(cells, part, sheet)
            part.clear()
            while part.getprevious() is not None:
                del part.getparent()[0]

    book.notes += _said(formulas - empty, empty, filled)


def _arrange(sheet: _Sheet, part: Any) -> None:
    """Take note of hidden columns (§18.3.1.13), and of a sheet that hides what it does not mention
    (§18.3.1.81).
    """
    if part.tag.endswith("}sheetFormatPr"):
        sheet.rows_hidden = part.get("zeroHeight") in _TRUE
        sheet.others_hidden = float(part.get("defaultColWidth", "9")) < _NO_WIDTH
        return

    area = int(part.get("min", "1")) - 1, int(part.get("max", str(_MOST_COLUMNS))) - 1
    is_hidden = part.get("hidden") in _TRUE or float(part.get("width", "9")) < _NO_WIDTH
    (sheet.hidden if is_hidden else sheet.columns_shown).append(area)


def _as_shown(cells: Cells, row: Any, sheet: _Sheet) -> Cells:
    """The cells without those of hidden columns, and none of a hidden row. What is left out is counted."""
    for place, text in enumerate(cells if sheet.hidden or sheet.others_hidden else ()):
        if sheet.hides(place):
            if text.strip() or place in cells.struck:
                sheet.withheld.columns.add(_letters_of(place))
            cells[place] = ""
            cells.struck.pop(place, None)

    if _is_hidden(row, sheet):
        if any(text.strip() for text in cells) or cells.struck:
            sheet.withheld.hides_row(cells)
            return Cells((), cells, cells.struck)
        return Cells()

    for text in cells.struck.values():
        sheet.withheld.strikes(text)
    return cells


def _is_hidden(row: Any, sheet: _Sheet) -> bool:
    """True for a row that a person, a filter or a closed group hides, or that has no height."""
    if "hidden" in row.attrib:
        return row.get("hidden") in _TRUE
    height = row.get("ht")
    return sheet.rows_hidden if height is None else float(height) < _NO_HEIGHT


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


def _cells(row: Any, sheet: _Sheet) -> tuple[Cells, int, int]:
    """The texts of a row, how many come from formulas, and how many formulas have no result."""
    cells = Cells()
    formulas = empty = 0
    for cell in row.iterchildren("{*}c"):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = _column(place[1]) if place else len(cells)
        cells.extend([""] * (column - len(cells)))
        found, formula = _text(cell, sheet)
        style = int(cell.get("s") or 0)
        whole, shown = _parted(found, style in sheet.styles.struck)
        if whole.strip() and style in sheet.unseen:
            sheet.withheld.cells += not sheet.hides(column) and not _is_hidden(row, sheet)
            whole = shown = ""
        if whole != shown:
            cells.struck[column] = whole
        formulas, empty = formulas + formula, empty + (formula and not whole)
        cells.append(shown)
    return cells, formulas, empty


def _parted(text: Text, struck: bool) -> tuple[str, str]:
    """The whole text, and the part of it that is not struck out."""
    runs = ((text, None),) if isinstance(text, str) else text
    shown = "".join(part for part, own in runs if not (struck if own is None else own))
    whole = "".join(part for part, _own in runs)
    return whole, shown if shown.strip() or not whole.strip() else ""


def _text(cell: Any, sheet: _Sheet) -> tuple[Text, bool]:
    """The text that a cell shows, and whether a formula made it. An error such as #REF! shows nothing."""
    kind, formula, text, found = cell.get("t", "n"), False, "", None
    for part in cell.iterchildren("{*}*"):
        tag = part.tag.rpartition("}")[2]
        if tag == "f":
            formula = True
        elif tag == "v":
            text = part.text or ""
        elif tag == "is":
            found = _letters(part)

    if kind == "s" and text:
        found = sheet.strings[int(text)]
    elif kind == "n" and text:
        text = sheet.styles.dates.text(text, cell.get("s")) or text.removesuffix(".0")
    elif kind == "d":
        text = text.removesuffix("T00:00:00")

    return ("" if kind == "e" else text if found is None else found), formula


def _letters(part: Any) -> Text:
    """The text of a string, in runs where they are styled by themselves, without the reading aids of East
    Asian scripts.
    """
    runs = []
    for text in part.iter("{*}t"):
        run = text.getparent()
        if run.tag.endswith("}rPh"):
            continue
        style = run.find("{*}rPr") if run.tag.endswith("}r") else None
        runs.append((text.text or "", None if style is None else is_struck(style)))
    return "".join(text for text, _own in runs) if all(own is None for _text, own in runs) else tuple(runs)


def _shared_strings(archive: zipfile.ZipFile) -> list[Text]:
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


def _is_coloured(archive: zipfile.ZipFile, path: str) -> bool:
    """True where a table or a condition may give cells another ground than their own style."""
    kept = b""
    with archive.open(path) as sheet:
        while piece := sheet.read(_PIECE):
            kept = kept[-_LONGEST_MARK:] + piece
            if _COLOURED.search(kept):
                return True
    return False


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
    cells: Cells, number: int, merged: dict[tuple[int, int], int], held: dict[int, tuple[int, str]]
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


def _letters_of(place: int) -> str:
    """A for 0, AA for 26."""
    above, letter = divmod(place, 26)
    return (_letters_of(above - 1) if above else "") + chr(65 + letter)
