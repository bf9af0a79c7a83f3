"""Reading a sheet of signatories collected elsewhere: every row is checked before anything is written."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.core.cells import unsafe
from campaign.core.formats import country_codes
from campaign.core.text import clean_line, has_hidden_characters, has_letter, has_web_address
from campaign.handover.errors import SheetUnreadable
from campaign.signing.models import SignatoryKind

COLUMNS = ("kind", "name", "country", "city", "organisation", "title", "website")
_LONGEST = {"website": 500}
_LONGEST_TEXT = 200
_NAMES = ("name", "city", "organisation")
_OF_ORGANISATIONS = ("organisation", "title", "website")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be imported. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    kind: SignatoryKind
    name: str
    country: str
    city: str
    organisation: str
    title: str
    website: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row can't be imported."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds. `ignored` names the columns that an import does not read."""

    entries: list[Entry]
    problems: list[Problem]
    ignored: list[str]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file, UTF-8 with or without BOM, as an export writes it. Raises SheetUnreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _sheet(csv.reader(file, strict=True))
    except UnicodeDecodeError:
        raise SheetUnreadable("The file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise SheetUnreadable(f"The file is not well-formed CSV: {error}.") from None
    except OSError as error:
        raise SheetUnreadable(f"The file can't be read: {error.strerror}.") from None


def _sheet(lines: Iterator[list[str]]) -> Sheet:
    header = [clean_line(cell).lower() for cell in next(lines, [])]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise SheetUnreadable(f"The first row must name the columns {','.join(COLUMNS)}. Missing: {', '.join(missing)}.")
    if len(set(header)) < len(header):
        raise SheetUnreadable("The first row names a column twice.")
    sheet = Sheet([], [], [column for column in header if column not in COLUMNS])
    for row, cells in enumerate(lines, 2):
        if not any(cells):
            continue
        if len(cells) > len(header):
            sheet.problems.append(Problem(row, "has more cells than the first row"))
            continue
        entry, texts = _entry(row, dict(zip(header, cells, strict=False)))
        sheet.problems.extend(Problem(row, text) for text in texts)
        if entry and not texts:
            sheet.entries.append(entry)
    return sheet


def _entry(row: int, raw: dict[str, str]) -> tuple[Entry | None, list[str]]:
    cells = {column: clean_line(unsafe(raw.get(column, ""))) for column in COLUMNS}
    cells |= {"kind": cells["kind"].lower(), "country": cells["country"].upper()}
    texts = [text for column in COLUMNS if (text := _wrong_with(column, cells[column]))]
    if cells["kind"] not in set(SignatoryKind):
        return None, ["kind must be “person” or “organisation”", *texts]
    kind = SignatoryKind(cells.pop("kind"))
    texts += _wrong_for(kind, cells)
    return Entry(row=row, kind=kind, **cells), texts


def _wrong_with(column: str, cell: str) -> str:
    """What is wrong with one cell by itself; empty when nothing is."""
    longest = _LONGEST.get(column, _LONGEST_TEXT)
    if len(cell) > longest:
        return f"{column} is {len(cell)} characters long, at most {longest} are allowed"
    if has_hidden_characters(cell):
        return f"{column} holds invisible characters"
    if column in _NAMES and has_web_address(cell):
        return f"{column} holds a web address"
    if column in _NAMES and cell and not has_letter(cell):
        return f"{column} has no letters"
    if column == "country" and cell and cell not in country_codes():
        return "country must be a code of ISO 3166-1 such as PL, or empty"
    if column == "website" and cell and not cell.startswith(("https://", "http://")):
        return "website must begin with https:// or http://"
    return ""


def _wrong_for(kind: SignatoryKind, cells: dict[str, str]) -> list[str]:
    """What is wrong for who signs."""
    if kind is SignatoryKind.ORGANISATION:
        return [] if cells["organisation"] else ["organisation is empty"]
    texts = [] if cells["name"] else ["name is empty"]
    filled = [column for column in _OF_ORGANISATIONS if cells[column]]
    return texts + ([f"{' and '.join(filled)} must be empty for a person"] if filled else [])
