"""Rows of a sheet as signatories: every row is checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from campaign.core.countries import country_of
from campaign.core.csv_cells import unsafe
from campaign.core.mail_addresses import sole_address
from campaign.core.names import NameKind, name_trouble
from campaign.core.text import clean_line, has_hidden_characters, has_letter
from campaign.core.web_addresses import WebsiteRefused, website
from campaign.imports.affiliations import addressed, affiliation_in, belongs_nowhere, organisation_in
from campaign.imports.column_mapping import Layout
from campaign.imports.column_vocabulary import NO_COUNTRY, Field, kind_of, means_yes
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
    affiliation: str = ""

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

    def __init__(
        self, layout: Layout, width: int, asked: Asked, who: WhoSigns | None = WhoSigns.BY_ROW
    ) -> None:
        self.layout, self.width, self.asked, self.who = layout, width, asked, who

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[ReadRow]:
        """Each row below the names of columns."""
        for row, cells in rows:
            if row > self.layout.header:
                read = parsed_signatory(row, cells, self.layout, self.width, self.asked, self.who)
                yield ReadRow(row, *read)


def parsed_signatory(
    row: int,
    cells: Sequence[str],
    layout: Layout,
    width: int = 0,
    asked: Asked | None = None,
    who: WhoSigns | None = WhoSigns.BY_ROW,
) -> tuple[ParsedSignatory | None, list[Problem]]:
    """A row read by the layout, and its problems.

    `width`: the number of named columns, 0 without a header. `who` as who_signs() found it.
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

    if read.get(Field.NAME):
        for field in (Field.ORGANISATION, Field.AFFILIATION):
            if field in read and belongs_nowhere(read[field]):
                read[field] = ""

    says_kind = bool(layout.kind) or Field.KIND in read
    kind = layout.kind or (kind_of(read[Field.KIND]) if says_kind else asked_kind(read, who, asked))
    country, website = _country(read), _website(read)
    problems = [
        problem
        for field in _TEXTS
        if (cell := read.get(field)) and (problem := _wrong_with(row, field, cell))
    ]
    waits = kind is None and not says_kind
    if country is None:
        spelling = read[Field.COUNTRY][:60]
        country = _asked_country(spelling, asked)
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
