"""Cells of a CSV file (RFC 4180) that a person opens in a spreadsheet: none that it would run as a
formula.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

BOM = "\ufeff"
# What begins a formula in a spreadsheet, also in the full width of East Asian keyboards (OWASP, "CSV
# injection").
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
# What a spreadsheet, or a person who cleans up a file, takes off the front of a cell.
_IN_FRONT = (
    "".join(char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace() and char not in _FORMULA)
    + "'\"`‘’‚“”„«»\ufeff\u200b"
)
# Where Excel separates cells by semicolons (Russian, Polish, German settings), a formula may also begin
# inside one of ours.
_INSIDE = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
_DISARMED = re.compile(r"([;\t\r\n]\s*)'(?=[=+\-@＝＋－＠])")
_SUSPECT = _FORMULA | frozenset(_IN_FRONT)


def safe(cell: str) -> str:
    """The text of a cell, with an apostrophe before anything that would run as a formula, also after spaces,
    quotes or semicolons.
    """
    if ";" in cell or "\n" in cell or "\t" in cell or "\r" in cell:
        cell = _INSIDE.sub(r"\1'", cell)
    return f"'{cell}" if cell[0] in _SUSPECT and _is_formula(cell) else cell


def unsafe(cell: str) -> str:
    """The text that was given to safe()."""
    if "'" not in cell:
        return cell
    return _DISARMED.sub(r"\1", cell[1:] if cell[:1] == "'" and _is_formula(cell[1:]) else cell)


def csv_file(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A CSV file with these columns, in UTF-8 with BOM and CRLF. A cell that a row lacks is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for cells in rows:
        writer.writerow([(cell := cells.get(column, "")) and safe(cell) for column in columns])
    return (BOM + file.getvalue()).encode()


def _is_formula(cell: str) -> bool:
    return cell.lstrip(_IN_FRONT)[:1] in _FORMULA
