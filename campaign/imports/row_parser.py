"""Rows of a sheet as signatories: every row is checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from campaign.core.countries import country_of
from campaign.core.csv_cells import unsafe
from campaign.core.forms import normal_address
from campaign.core.names import NameKind, name_trouble
from campaign.core.text import clean_line, has_hidden_characters, has_letter
from campaign.core.web_addresses import WebsiteRefused, website
from campaign.imports.column_mapping import Layout
from campaign.imports.column_vocabulary import NO_COUNTRY, Field, kind_of, means_yes
from campaign.sheets.plan import Problem
from campaign.sheets.questions import Asked
from campaign.signatures.models import SignatoryKind

_LONGEST = {Field.WEBSITE: 500}
_LONGEST_TEXT = 200
_TEXTS = (Field.NAME, Field.CITY, Field.ORGANISATION, Field.TITLE, Field.WEBSITE)
_NAMES = {
    Field.NAME: NameKind.PERSON,
    Field.CITY: NameKind.PLACE,
    Field.ORGANISATION: NameKind.ORGANISATION,
    Field.TITLE: NameKind.ROLE,
}
_OF_ORGANISATIONS = (Field.ORGANISATION, Field.TITLE, Field.WEBSITE)
_FORMULA = re.compile(r"=\s*[A-Z][A-Z.]*\(")


class ParsedSignatory(NamedTuple):
    """A row that can be imported.

    `country` is an ISO 3166-1 code; `email` is set only where it may be used.
    """

    row: int
    kind: SignatoryKind
    name: str = ""
    country: str = ""
    city: str = ""
    organisation: str = ""
    title: str = ""
    website: str = ""
    email: str = ""
    updates: bool = False

    @classmethod
    def of(cls, kept: Sequence[Any]) -> ParsedSignatory:
        """The signatory that was stored as a list between two steps."""
        row, kind, *cells = kept
        return cls(row, SignatoryKind(kind), *cells)


class ReadRow(NamedTuple):
    """A row of the file, as it was read.

    Without entry and problems it is no signatory, such as a heading, or waits for the answer to a question.
    """

    row: int
    entry: ParsedSignatory | None
    problems: list[Problem]


class RowReader:
    """The reader of the rows of a list, fed with them part by part, in their order."""

    def __init__(self, layout: Layout, width: int, asked: Asked) -> None:
        self.layout, self.width, self.asked = layout, width, asked

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[ReadRow]:
        """Each row below the names of columns."""
        for row, cells in rows:
            if row > self.layout.header:
                yield ReadRow(row, *parsed_signatory(row, cells, self.layout, self.width, self.asked))


def parsed_signatory(
    row: int, cells: Sequence[str], layout: Layout, width: int = 0, asked: Asked | None = None
) -> tuple[ParsedSignatory | None, list[Problem]]:
    """A row read by the layout, and its problems.

    `width`: the number of named columns, 0 without a header.
    """
    if width and len(cells) > width:
        return None, [Problem(row, "longer")]

    read = {
        field: clean_line(unsafe(cells[place])) if place < len(cells) and cells[place] else ""
        for field, place in layout.columns.items()
    }
    if Field.SURNAME in read or Field.MIDDLE in read:
        parts = (read.get(part, "") for part in (Field.NAME, Field.MIDDLE, Field.SURNAME))
        read[Field.NAME] = " ".join(part for part in parts if part)

    kind = layout.kind or _kind(read)
    country, website = _country(read), _website(read)
    problems = [
        problem
        for field in _TEXTS
        if (cell := read.get(field)) and (problem := _wrong_with(row, field, cell))
    ]
    waits = False
    if country is None:
        spelling = read[Field.COUNTRY][:60]
        country = _asked_country(spelling, asked)
        waits = country is None and asked is not None and asked.is_raised("country", spelling)
        if country is None and not waits:
            problems.append(Problem(row, "country", {"cell": spelling}, Field.COUNTRY))
    if website is None:
        problems.append(Problem(row, "website", column=Field.WEBSITE))
    if kind is None:
        return None, [Problem(row, "kind", column=Field.KIND), *problems]

    problems += _wrong_for(row, kind, read)
    updates = means_yes(read.get(Field.UPDATES, ""))
    email = _email(read)
    if updates and not email:
        cell = read.get(Field.EMAIL, "")
        problems.append(
            Problem(row, "email", {"cell": cell[:60]}, Field.EMAIL)
            if cell
            else Problem(row, "no email", column=Field.EMAIL)
        )

    if problems or waits:
        return None, problems

    city, organisation, title = (
        read.get(field, "") for field in (Field.CITY, Field.ORGANISATION, Field.TITLE)
    )

    return ParsedSignatory(
        row,
        kind,
        read.get(Field.NAME, ""),
        country or "",
        city,
        organisation,
        title,
        website or "",
        email,
        updates,
    ), []


def _kind(read: dict[Field, str]) -> SignatoryKind | None:
    """The kind in its column; without one, a row that names an organisation is that organisation."""
    if Field.KIND in read:
        return kind_of(read[Field.KIND])
    return SignatoryKind.ORGANISATION if read.get(Field.ORGANISATION) else SignatoryKind.PERSON


def _country(read: dict[Field, str]) -> str | None:
    cell = read.get(Field.COUNTRY, "")
    found = country_of(cell)
    # A dash says that there is none.
    return found if found or has_letter(cell) else ""


def _asked_country(spelling: str, asked: Asked | None) -> str | None:
    """The country that a person has chosen for this spelling, "" for none; None while they have not."""
    choice = asked.answer("country", spelling, spelling) if asked else None
    return "" if choice == NO_COUNTRY else choice


def _website(read: dict[Field, str]) -> str | None:
    """The address in its normal form, empty where it says that there is none; None for one that is no
    address.
    """
    try:
        return website(read.get(Field.WEBSITE, ""))
    except WebsiteRefused:
        return None


def _email(read: dict[Field, str]) -> str:
    try:
        return normal_address(cell) if (cell := read.get(Field.EMAIL)) else ""
    except ValueError:
        return ""


def _wrong_with(row: int, field: Field, cell: str) -> Problem | None:
    """The problem of one cell by itself, if it has one."""
    if len(cell) > (most := _LONGEST.get(field, _LONGEST_TEXT)):
        return Problem(row, "long", {"length": len(cell), "most": most}, field)
    if has_hidden_characters(cell):
        return Problem(row, "hidden", column=field)
    if _FORMULA.match(cell):
        return Problem(row, "formula", column=field)
    if field in _NAMES and (trouble := name_trouble(cell, _NAMES[field])):
        return Problem(row, str(trouble), column=field)
    return None


def _wrong_for(row: int, kind: SignatoryKind, read: dict[Field, str]) -> list[Problem]:
    """The problems of a row for a signatory of this kind."""
    if kind is SignatoryKind.ORGANISATION:
        return (
            []
            if read.get(Field.ORGANISATION)
            else [Problem(row, "no organisation", column=Field.ORGANISATION)]
        )
    problems = [] if read.get(Field.NAME) else [Problem(row, "no name", column=Field.NAME)]
    return problems + [Problem(row, "person", column=field) for field in _OF_ORGANISATIONS if read.get(field)]
