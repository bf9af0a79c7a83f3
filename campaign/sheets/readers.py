"""Readers of what was uploaded or pasted: rows of cells, whatever the program that wrote them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO

from flask_babel import gettext as _

from campaign.sheets.cells import Cells
from campaign.sheets.encodings import OLDER, as_text, encoding_of, readings_in
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.limits import Limits
from campaign.sheets.questions import SheetQuestion
from campaign.sheets.readings import KEEPS_BYTES, encoding_question
from campaign.sheets.withheld import Withheld
from campaign.sheets.xlsx import Rows, read_workbook

LIST_OF_NAMES = Limits(cell=2_000)
_SNIFFED = 200
_LONGEST_TEXT = 2_000_000
# The order decides a draw.
_BETWEEN = ("\t", ";", "|", ",")
# The line that tells Excel which character separates the cells; it is no row.
_SEP = re.compile(r'"?sep=([\t;|,])"?', re.IGNORECASE)
# A table of a web page that calls itself .xls.
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|meta|head)\b", re.IGNORECASE)
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_RTF, _PICTURES = b"{\\rt", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1")


@dataclass(slots=True)
class Table:
    """A table: `rows` are (row, cells) and may be walked through once; `notes` and `questions` are complete
    only then.

    Rows are numbered as in a spreadsheet, from 1. Rows without content are left out. Cells that a workbook
    hides or strikes out are empty; `Cells` has what was withheld. `lines`: all lines of a text, which may be
    no table at all; empty for a workbook and for a text that is too long for a list of names. `read_as`: the
    encoding, where it is one of several that are `asked` about.
    """

    rows: Rows
    notes: list[str] = field(default_factory=list)
    withheld: Withheld = field(default_factory=Withheld)
    lines: Callable[[], list[str]] = field(default=list)
    read_as: str = ""
    asked: list[SheetQuestion] = field(default_factory=list)

    @property
    def questions(self) -> list[SheetQuestion]:
        """What the file itself leaves to a person."""
        return [*self.asked, *self.withheld.questions()]


def read_file(
    file: IO[bytes], limits: Limits = LIST_OF_NAMES, *, headed: bool = False, asks: bool = False
) -> Table:
    """The table in a CSV file of any encoding, or in a workbook (.xlsx).

    Raises SheetUnreadable, also from its rows.

    `headed`: its first row names the columns, and so shows what separates cells. `asks`: a person can be
    asked about an encoding that can't be told; otherwise the likeliest is taken, or the file refused.
    """
    start, beginning = file.read(4), file.read(200)
    file.seek(0)
    if not start:
        raise SheetUnreadable(_("This file is empty."))
    if start == _OLE:
        message = _(
            "This is an old workbook (.xls), or one with a password. Please save it as .xlsx without one, "
            "or as “CSV UTF-8”."
        )
        raise SheetUnreadable(message)
    if start == _PDF:
        raise SheetUnreadable(
            _("This is a PDF. Please copy its table into a spreadsheet program, and save that as .xlsx.")
        )
    if _HTML.match(start + beginning):
        raise SheetUnreadable(
            _("This is not an Excel workbook. Please save the sheet as .xlsx or as “CSV UTF-8”.")
        )
    if start.startswith(_PICTURES) or beginning[:8] in _HEIC:
        message = _("This is not a text list but a picture. Please type the names, or paste them as lines.")
        raise SheetUnreadable(message)
    if start == _RTF:
        raise SheetUnreadable(_document())
    if start == _ZIP:
        _refuse_other_archives(file)
        book = read_workbook(file)
        return Table(_checked(book.rows, limits, headed), book.notes, book.withheld)

    try:
        readings = readings_in(file) if asks else {}
        encoding = next(iter(readings)) if readings else encoding_of(file)
    except UnicodeError:
        message = _(
            "The letters of this file can’t be told for sure. Please save it as .xlsx or as “CSV UTF-8”."
        )
        raise SheetUnreadable(message) from None
    text = as_text(file, encoding, KEEPS_BYTES if readings else "replace")
    table = Table(_checked(_csv(text, headed=headed), limits, headed))
    # A text that nobody refers to any more would close the file.
    table.lines = lambda: _all_lines(file, text.encoding, text.errors or "replace")
    if readings:
        table.read_as, table.asked = encoding, [encoding_question(readings)]
    elif encoding in OLDER:
        named = _named(encoding)
        note = _(
            "The file is not in UTF-8. It was read as %(encoding)s: please check that the names are right.",
            encoding=named,
        )
        table.notes.append(note)
    return table


def read_lines(text: str) -> Table:
    """The table in pasted lines: copied from a spreadsheet, separated by characters, or plain names.

    Raises SheetUnreadable.
    """
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

    return Table(_checked(iter(rows), LIST_OF_NAMES), lines=lambda: lines)


def _all_lines(file: IO[bytes], encoding: str, errors: str) -> list[str]:
    """The lines of a text, none of a long one. The file stays where it is."""
    place = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    text = file.read().decode(encoding, errors) if size <= _LONGEST_TEXT else ""
    file.seek(place)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []


def _document() -> str:
    return str(
        _(
            "This is a document. Please paste its list of names as lines, or copy its table into a "
            "spreadsheet program, and save the sheet as .xlsx."
        )
    )


def _refuse_other_archives(file: IO[bytes]) -> None:
    """Raise SheetUnreadable, with what to do, for a packed file of another program."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            told = archive.read("mimetype")[:80].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error):
        names, told = set(), ""
    file.seek(0)
    if "opendocument.spreadsheet" in told:
        message = _(
            "This is a sheet of LibreOffice (.ods), in which hidden cells can’t be told from others. Please "
            "save it as .xlsx, or as “CSV UTF-8”."
        )
        raise SheetUnreadable(message)
    if any(name.startswith(("Index/", "Index.zip")) for name in names):
        message = _(
            "This is a sheet or document of Apple. Please export it from Numbers as Excel (.xlsx) or as CSV."
        )
        raise SheetUnreadable(message)
    if "word/document.xml" in names or "opendocument.text" in told:
        raise SheetUnreadable(_document())
    if "xl/workbook.bin" in names:
        raise SheetUnreadable(_("This is a binary workbook (.xlsb). Please save it as .xlsx."))


def _csv(lines: Iterable[str], *, headed: bool) -> Rows:
    stream = map(_without_nul, lines)
    head = list(islice(stream, _SNIFFED))
    told = _SEP.fullmatch(head[0].strip("\r\n")) if head else None
    if told:
        del head[0]

    between = told[1] if told else _separator_of_names(head) if headed else _separator(head)
    try:
        yield from _split(chain(head, stream), between, strict=True)
    except csv.Error as error:
        message = _(
            "The file is not well-formed CSV: %(error)s. Please save it again in a spreadsheet program.",
            error=error,
        )
        raise SheetUnreadable(message) from None


def _without_nul(line: str) -> str:
    if "\0" in line:
        raise SheetUnreadable(_("This is not a text list. Please save the sheet as .xlsx or as “CSV UTF-8”."))
    return line


def _split(lines: Iterable[str], between: str, *, strict: bool) -> Rows:
    reader = csv.reader(
        lines, delimiter=between, strict=strict, quoting=csv.QUOTE_MINIMAL if strict else csv.QUOTE_NONE
    )
    return enumerate(reader, 1)


def _separator(lines: Iterable[str]) -> str:
    """The character that separates most lines into the same number of cells."""
    filled = [line for line in lines if line.strip()]
    best, found = 0.0, ","
    for sign in _BETWEEN:
        counts = Counter(count for line in filled if (count := line.count(sign)))
        share = max(counts.values(), default=0) / len(filled) if filled else 0
        if share > best + 0.1:
            best, found = share, sign
    return found


def _separator_of_names(lines: Iterable[str]) -> str:
    """The separator that occurs most often between names of columns, in the first line with content."""
    names = next((line for line in lines if line.strip()), "")
    return max((",", *_BETWEEN), key=names.count)


def _checked(rows: Rows, limits: Limits, headed: bool = False) -> Rows:
    """The rows with content, without empty cells at their ends. Raises SheetUnreadable beyond the limits."""
    count = size = 0
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()

        withheld = isinstance(cells, Cells) and cells.withheld and not headed
        if not cells and not withheld:
            continue

        count += 1
        if count > limits.rows + headed:
            raise SheetUnreadable(
                _("This file has more than %(most)s rows. Please import it in parts.", most=limits.rows)
            )

        if len(cells) > limits.columns:
            message = _(
                "Row %(row)s has more than %(most)s cells. Please remove the columns that are not needed.",
                row=number,
                most=limits.columns,
            )
            raise SheetUnreadable(message)

        if limits.size is not None:
            size += len(",".join(cells).encode())
            limits.check_size(size)

        yield number, Cells.of(cells).shortened(limits.cell) if limits.cell else cells

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
