"""A row of a list as a signatory: each of its cells is checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from campaign.core.countries import country_of_cell
from campaign.core.csv_cells import unsafe
from campaign.core.mail_addresses import sole_address
from campaign.core.names import NameKind, name_trouble
from campaign.core.text import clean_line, has_hidden_characters, has_letter
from campaign.core.web_addresses import WebsiteRefused, website
from campaign.core.yes_and_no import says_yes
from campaign.imports.affiliations import (
    addressed,
    affiliation_in,
    belongs_nowhere,
    has_degree,
    is_honorific,
    organisation_in,
)
from campaign.imports.column_mapping import Layout
from campaign.imports.column_vocabulary import NAMES, NO_COUNTRY, Field, kind_of
from campaign.imports.country_cells import CountryCells
from campaign.imports.listed_names import names_nobody
from campaign.imports.who_signs import WhoSigns, asked_kind
from campaign.sheets.plan import Problem
from campaign.sheets.questions import Asked
from campaign.signatures.models import SignatoryKind

_LONGEST = {Field.WEBSITE: 500}
_LONGEST_TEXT = 200
_TEXTS = (Field.NAME, Field.CITY, Field.ORGANISATION, Field.AFFILIATION, Field.TITLE, Field.WEBSITE)
_NAMES = {
    Field.NAME: NameKind.PERSON,
    Field.CITY: NameKind.PLACE,
    Field.ORGANISATION: NameKind.ORGANISATION,
    Field.AFFILIATION: NameKind.ORGANISATION,
    Field.TITLE: NameKind.ROLE,
}
_FORMULA = re.compile(r"=\s*[A-Z][A-Z.]*\(")


class ParsedSignatory(NamedTuple):
    """A row that can be imported. Of several names in its cell, each is one, with its number as `part`.

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
    affiliation: str = ""
    part: int = 0

    @property
    def at(self) -> tuple[int, int]:
        """The row and the part of it, which no other signatory of the list has."""
        return self.row, self.part

    @classmethod
    def of(cls, kept: Sequence[Any]) -> ParsedSignatory:
        """The signatory that was stored as a list between two steps."""
        row, kind, *cells = kept
        return cls(row, SignatoryKind(kind), *cells)


def parsed_signatory(
    row: int,
    cells: Sequence[str],
    layout: Layout,
    width: int = 0,
    asked: Asked | None = None,
    who: WhoSigns | None = WhoSigns.BY_ROW,
    countries: CountryCells | None = None,
) -> tuple[ParsedSignatory | None, list[Problem]]:
    """A row read by the layout, and its problems.

    `width`: the number of named columns, 0 without a header. `who` as who_signs() found it.
    `countries`: the column of countries, by which its codes are judged.
    """
    if width and len(cells) > width:
        return None, [Problem(row, "longer")]

    read = {
        field: clean_line(unsafe(cells[place])) if place < len(cells) and cells[place] else ""
        for field, place in layout.columns.items()
    }
    if {Field.SURNAME, Field.SECOND_SURNAME, Field.MIDDLE} & read.keys():
        parts = (read.get(part, "") for part in NAMES if part is not Field.ORGANISATION)
        read[Field.NAME] = " ".join(part for part in parts if part)

    if read.get(Field.ORGANISATION) and names_nobody(read.get(Field.NAME, "")):
        read[Field.NAME] = ""
    if read.get(Field.NAME):
        for field in (Field.ORGANISATION, Field.AFFILIATION):
            if field in read and belongs_nowhere(read[field]):
                read[field] = ""

    if is_honorific(title := read.get(Field.TITLE, "")) and not has_degree(title):
        read[Field.TITLE] = ""
    says_kind = bool(layout.kind) or Field.KIND in read
    kind = layout.kind or (kind_of(read[Field.KIND]) if says_kind else asked_kind(read, who, asked))
    country, website = _country(read, countries), _website(read)
    problems = [
        problem
        for field in _TEXTS
        if (cell := read.get(field)) and (problem := _wrong_with(row, field, cell))
    ]
    waits = kind is None and not says_kind
    if country is None:
        spelling = read[Field.COUNTRY][:60]
        spelling = _same_spelling(spelling, asked)
        country = asked_country(spelling, asked)
        is_raised = country is None and asked is not None and asked.is_raised("country", spelling)
        waits = waits or is_raised
        if country is None and not is_raised:
            problems.append(Problem(row, "country", {"cell": spelling}, Field.COUNTRY))
    if website is None:
        problems.append(Problem(row, "website", column=Field.WEBSITE))
    if kind is None:
        return None, [Problem(row, "kind", column=Field.KIND), *problems] if says_kind else problems

    problems += _wrong_for(row, kind, read)
    if kind is SignatoryKind.PERSON and not says_kind and who is WhoSigns.BY_ROW:
        problems += _stray_title(row, read)
    updates = says_yes(read.get(Field.UPDATES, ""))
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

    is_person = kind is SignatoryKind.PERSON

    return ParsedSignatory(
        row,
        kind,
        addressed(read) if is_person else read.get(Field.NAME, ""),
        country or "",
        read.get(Field.CITY, ""),
        "" if is_person else organisation_in(read),
        "" if is_person else read.get(Field.TITLE, ""),
        website or "",
        email,
        updates,
        affiliation_in(read) if is_person else "",
    ), []


def cell_of(cells: Sequence[str], layout: Layout, field: Field) -> str:
    """The text of the column with this field; empty where there is none."""
    place = layout.columns.get(field, len(cells))
    return cells[place].strip() if place < len(cells) else ""


def _country(read: dict[Field, str], countries: CountryCells | None) -> str | None:
    cell = read.get(Field.COUNTRY, "")
    if countries and countries.is_doubtful(cell):
        return None
    found = country_of_cell(cell)
    # A dash says that there is none.
    return found if found or has_letter(cell) else ""


def _same_spelling(spelling: str, asked: Asked | None) -> str:
    """The first of the spellings that differ only in case: they are one question."""
    raised = [one.subject for one in asked.questions if one.code == "country"] if asked else []
    return next((first for first in raised if first.casefold() == spelling.casefold()), spelling)


def asked_country(spelling: str, asked: Asked | None) -> str | None:
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
        return sole_address(cell) if (cell := read.get(Field.EMAIL)) else ""
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
        if read.get(Field.ORGANISATION) and read.get(Field.AFFILIATION):
            return [Problem(row, "organisation", column=Field.AFFILIATION)]
        return [] if organisation_in(read) else [Problem(row, "no organisation", column=Field.ORGANISATION)]
    problems = [] if read.get(Field.NAME) else [Problem(row, "no name", column=Field.NAME)]
    if read.get(Field.WEBSITE):
        problems.append(Problem(row, "person", column=Field.WEBSITE))
    if (length := len(affiliation_in(read))) > _LONGEST_TEXT:
        problems.append(Problem(row, "long", {"length": length, "most": _LONGEST_TEXT}, Field.AFFILIATION))
    return problems


def _stray_title(row: int, read: dict[Field, str]) -> list[Problem]:
    """The problem of a position without its organisation, in a list of organisations."""
    is_stray = Field.ORGANISATION in read and bool(read.get(Field.TITLE))
    return [Problem(row, "person", column=Field.TITLE)] if is_stray else []
