"""What was uploaded or pasted, as rows of cells, whatever the program that wrote it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO

from flask_babel import gettext as _

from campaign.sheets.encodings import OLDER, as_text, encoding_of
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.xlsx import Rows, read_workbook

MOST_ROWS = 200_000
MOST_COLUMNS = 300
_LONGEST_CELL = 2_000
_SNIFFED = 200
# In the order in which a draw is decided.
_BETWEEN = ("\t", ";", "|", ",")
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


@dataclass(slots=True)
class Table:
    """`rows` are (row, cells) and may be walked through once; `notes` say what a person should know, complete only then.

    A row counts as a spreadsheet does, from 1. Rows without content are left out.
    """

    rows: Rows
    notes: list[str] = field(default_factory=list)


def read_file(file: IO[bytes]) -> Table:
    """A CSV file in whatever encoding, or a workbook (.xlsx). Raises SheetUnreadable, also while its rows are read."""
    start = file.read(4)
    file.seek(0)
    if not start:
        raise SheetUnreadable(_("This file is empty."))
    if start == _OLE:
        raise SheetUnreadable(_("This is an old workbook (.xls), or one with a password. Please save it as .xlsx without one, or as “CSV UTF-8”."))
    if start == _PDF:
        raise SheetUnreadable(_("This is a PDF. Please copy the names out of it and paste them here."))
    if start == _ZIP:
        book = read_workbook(file)
        return Table(_checked(book.rows), book.notes)
    encoding = encoding_of(file)
    table = Table(_checked(_csv(as_text(file, encoding))))
    if encoding in OLDER:
        table.notes.append(
            _("The file is not in UTF-8. It was read as %(encoding)s: please check that the names are right.", encoding=_named(encoding))
        )
    return table


def read_lines(text: str) -> Table:
    """Pasted lines: copied from a spreadsheet, parted by signs, or a name on each line. Raises SheetUnreadable."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not any(line.strip() for line in lines):
        raise SheetUnreadable(_("Nothing was pasted."))
    between = _separator(lines)
    try:
        rows = list(_split(lines, between, strict=True))
    except csv.Error:
        # A name may begin with a quotation mark: nobody pastes by the rules of CSV.
        try:
            rows = list(_split(lines, between, strict=False))
        except csv.Error:
            raise SheetUnreadable(_("A line is too long for a list of names.")) from None
    return Table(_checked(iter(rows)))


def _csv(lines: Iterable[str]) -> Rows:
    stream = iter(lines)
    head = list(islice(stream, _SNIFFED))
    if any("\0" in line for line in head):
        raise SheetUnreadable(_("This is not a text list. Please save the sheet as .xlsx or as “CSV UTF-8”."))
    try:
        yield from _split(chain(head, stream), _separator(head), strict=True)
    except csv.Error as error:
        raise SheetUnreadable(_("The file is not well-formed CSV: %(error)s. Please save it again in a spreadsheet program.", error=error)) from None


def _split(lines: Iterable[str], between: str, *, strict: bool) -> Rows:
    reader = csv.reader(lines, delimiter=between, strict=strict, quoting=csv.QUOTE_MINIMAL if strict else csv.QUOTE_NONE)
    return enumerate(reader, 1)


def _separator(lines: Iterable[str]) -> str:
    """What parts most lines into the same number of cells."""
    filled = [line for line in lines if line.strip()]
    best, found = 0.0, ","
    for sign in _BETWEEN:
        counts = Counter(count for line in filled if (count := line.count(sign)))
        share = max(counts.values(), default=0) / len(filled) if filled else 0
        if share > best + 0.1:
            best, found = share, sign
    return found


def _checked(rows: Rows) -> Rows:
    """Without empty rows and empty cells at their ends. Raises SheetUnreadable for what can't be a list of signatories."""
    count = 0
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MOST_ROWS:
            raise SheetUnreadable(_("This list has more than %(most)s rows. Please import it in parts.", most=MOST_ROWS))
        if len(cells) > MOST_COLUMNS:
            raise SheetUnreadable(_("Row %(row)s has more than %(most)s cells: this is not a list of signatories.", row=number, most=MOST_COLUMNS))
        yield number, [cell if len(cell) <= _LONGEST_CELL else cell[:_LONGEST_CELL] + "…" for cell in cells]
    if not count:
        raise SheetUnreadable(_("This file contains nothing."))


def _named(encoding: str) -> str:
    names = {
        "cp1251": _("Windows-1251 (Cyrillic)"),
        "cp1250": _("Windows-1250 (Central European)"),
        "cp1252": _("Windows-1252 (Western European)"),
    }
    return str(names.get(encoding, encoding.upper()))


def peeked(table: Table, most: int) -> tuple[list[tuple[int, list[str]]], Iterator[tuple[int, list[str]]]]:
    """The first rows, and all of them."""
    head = list(islice(table.rows, most))
    return head, chain(head, table.rows)
