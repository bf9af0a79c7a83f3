"""A list as CSV (RFC 4180) for spreadsheets: UTF-8 with BOM, CRLF, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator

from campaign.handover.exports import Source, batches

HEADER = (
    "position", "kind", "name", "organisation", "title", "country", "country_name", "city", "website", "message",
    "visibility", "signed_on", "revision", "provenance", "source",
)  # fmt: skip
BOM = "\ufeff"
# What begins a formula in a spreadsheet, also in the full width of East Asian keyboards (OWASP, "CSV injection").
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
# What a spreadsheet, or a person who cleans up a file, takes off the front of a cell.
_IN_FRONT = "".join(char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace() and char not in _FORMULA) + "'\"`‘’‚“”„«»\ufeff\u200b"
# Where Excel divides cells by semicolons (Russian, Polish, German settings), a formula may also begin inside of ours.
_INSIDE = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
_DISARMED = re.compile(r"([;\t\r\n]\s*)'(?=[=+\-@＝＋－＠])")
_SUSPECT = _FORMULA | frozenset(_IN_FRONT)


def csv_chunks(source: Source) -> Iterator[bytes]:
    """The file, with a header line. Names that are not public are empty; `visibility` says why."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    buffer.write(BOM)
    buffer.write(",".join(HEADER) + "\r\n")
    countries, revisions = source.country_names, source.revisions
    for batch in batches(source):
        # One expression for a row: this loop decides how long a million rows take.
        writer.writerows(
            (
                position, kind, name and safe(name), organisation and safe(organisation), title and safe(title),
                country, countries.get(country, country), city and safe(city), website and safe(website), message and safe(message),
                visibility, day, revisions.get(revision), provenance, origin and safe(origin),
            )
            for position, kind, visibility, name, organisation, title, country, city, website, message, provenance, origin, day, revision in batch
        )  # fmt: skip
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def safe(cell: str) -> str:
    """The text of a cell, with an apostrophe before what would run as a formula, also behind spaces, quotes or semicolons."""
    if ";" in cell or "\n" in cell or "\t" in cell or "\r" in cell:
        cell = _INSIDE.sub(r"\1'", cell)
    return f"'{cell}" if cell[0] in _SUSPECT and _is_formula(cell) else cell


def unsafe(cell: str) -> str:
    """What safe() was given."""
    return _DISARMED.sub(r"\1", cell[1:] if cell[:1] == "'" and _is_formula(cell[1:]) else cell)


def _is_formula(cell: str) -> bool:
    return cell.lstrip(_IN_FRONT)[:1] in _FORMULA
