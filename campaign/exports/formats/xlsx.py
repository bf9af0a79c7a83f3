"""A list as a workbook (Office Open XML): every cell is a string or a whole number, so that none can be a
formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import current_app
from flask_babel import gettext as _

from campaign.core.formats import moment, number
from campaign.core.private_files import private_folder
from campaign.exports.columns import ListTable, table_of
from campaign.exports.rows import Source
from campaign.exports.vocabulary import Contents

# A sheet holds 1,048,576 rows with its heading.
_MOST_ROWS = 1_000_000
_CHUNK = 1 << 16
_WIDTHS = {
    "number": 7, "position": 9, "kind": 14, "country": 9, "revision": 7, "signed_on": 12, "language": 14,
    "country_name": 20, "city": 20, "message": 50, "email": 34, "website": 30, "group": 24,
}  # fmt: skip
_WIDTH = 32
# Excel cuts nothing off: it refuses the file.
_LONGEST_CELL = 32_767


def xlsx_chunks(source: Source) -> Iterator[bytes]:
    """The workbook: the list, and a sheet that says what it is. Memory stays flat: rows go to a file in a
    folder of this process alone. Addresses never touch a disk, so a contact list is made in memory.
    """
    return _chunks(table_of(source), _about(source), Path(current_app.instance_path))


def _chunks(table: ListTable, about: list[tuple[str, str]], instance: Path) -> Iterator[bytes]:
    with ExitStack() as held:
        folder = held.enter_context(private_folder(instance))
        in_memory = table.source.wishes.contents is Contents.CONTACTS
        options: dict[str, Any] = {"in_memory": True} if in_memory else {"constant_memory": True}
        options |= {"tmpdir": str(folder), "use_zip64": True}
        options |= dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        made = folder / "list.xlsx"
        if in_memory:
            buffer = BytesIO()
            _write(xlsxwriter.Workbook(buffer, options), table, about)
            yield buffer.getvalue()
            return
        _write(xlsxwriter.Workbook(str(made), options), table, about)
        with made.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _write(workbook: Any, table: ListTable, about: list[tuple[str, str]]) -> None:
    source = table.source
    workbook.set_properties({"title": source.title, "created": source.moment.replace(tzinfo=None)})
    bold = workbook.add_format({"bold": True})
    sheet, row = _new_sheet(workbook, table, bold), 0
    for rows in table.batches():
        for cells in rows:
            if row >= _MOST_ROWS:
                sheet.autofilter(0, 0, row, len(table.keys) - 1)
                sheet, row = _new_sheet(workbook, table, bold), 0
            row += 1
            for column, cell in enumerate(cells):
                if type(cell) is int:
                    sheet.write_number(row, column, cell)
                elif cell:
                    sheet.write_string(row, column, str(cell)[:_LONGEST_CELL])
    sheet.autofilter(0, 0, row, len(table.keys) - 1)
    for sentence in table.not_named:
        row += 1
        for column, cell in enumerate(table.not_named_row(sentence)):
            if cell:
                sheet.write_string(row, column, cell)
    told = workbook.add_worksheet("i")
    told.set_column(0, 0, 24)
    told.set_column(1, 1, 80)
    for place, (name, value) in enumerate(about):
        told.write_string(place, 0, name, bold)
        told.write_string(place, 1, value)
    workbook.close()


def _new_sheet(workbook: Any, table: ListTable, bold: Any) -> Any:
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    # On paper: wide, as wide as the page, with the heading on each.
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, (key, heading) in enumerate(zip(table.keys, table.headings, strict=True)):
        sheet.set_column(column, column, _WIDTHS.get(key, _WIDTH))
        sheet.write_string(0, column, heading, bold)
    return sheet


def _about(source: Source) -> list[tuple[str, str]]:
    return [
        (_("Statement"), source.title),
        (_("List as of"), f"{moment(source.moment)} UTC"),
        (_("Organisations"), number(source.organisations)),
        (_("People"), number(source.people)),
        (_("Text"), f"{source.revision}, SHA-256 {source.sha256}"),
    ]
