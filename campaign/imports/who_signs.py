"""Whether the people or the organisations of a list sign it, as far as its columns say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from campaign.core.text import clean_line
from campaign.imports.affiliation_words import (
    is_in_charge,
    is_optional,
    is_represented,
    names_institution,
)
from campaign.imports.affiliations import is_of_people, organisation_in
from campaign.imports.column_mapping import Head, Layout
from campaign.imports.column_vocabulary import Field
from campaign.sheets.questions import Asked, SheetQuestion
from campaign.signatures.models import SignatoryKind
from campaign.statements.models import Signers

_QUESTION = "who-signs"
_NAMES = (Field.NAME, Field.MIDDLE, Field.SURNAME)


class WhoSigns(StrEnum):
    """The signatories of a list without a column that says their kind."""

    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    # A row that names an organisation is that organisation.
    BY_ROW = "by-row"


def who_signs(head: Head, layout: Layout, signers: Signers | str) -> WhoSigns | None:
    """Who signs in a list; None where only a person can say whether people sign, with their organisation
    beside them, or organisations, through these people.
    """
    columns = layout.columns
    named = next((field for field in _NAMES if field in columns), None)
    of = next((field for field in (Field.ORGANISATION, Field.AFFILIATION) if field in columns), None)
    if layout.kind or Field.KIND in columns:
        return WhoSigns.BY_ROW
    if of is None:
        return WhoSigns.PEOPLE
    if named is None:
        return WhoSigns.BY_ROW

    headers = next((cells for row, cells in head if row == layout.header), [])
    said = {field: clean_line(headers[place]) for field, place in columns.items() if place < len(headers)}
    of_organisations = is_in_charge(said.get(named, "")) or (
        is_represented(said.get(of, "")) and not is_optional(said.get(of, ""))
    )
    if of_organisations:
        return WhoSigns.BY_ROW

    held = _signs_for_them([cells for row, cells in head if row > layout.header], columns, of)
    if of is Field.AFFILIATION and not (held and names_institution(said.get(of, ""))):
        return WhoSigns.PEOPLE
    if of is Field.ORGANISATION and held:
        return WhoSigns.BY_ROW
    return {Signers.PEOPLE: WhoSigns.PEOPLE, Signers.ORGANISATIONS: WhoSigns.BY_ROW}.get(Signers(signers))


def asked_kind(read: Mapping[Field, str], who: WhoSigns | None, asked: Asked | None) -> SignatoryKind | None:
    """The kind of a row's signatory; None while the question about the list is open."""
    organisation = organisation_in(read)
    if who is None and asked is not None:
        is_asked = bool(organisation and read.get(Field.NAME))
        said = asked.answer(_QUESTION, example=_example(read)) if is_asked else _answer(asked)
        if is_asked and said is None:
            return None
        who = WhoSigns(said) if said else None
    if who in (WhoSigns.PEOPLE, WhoSigns.ORGANISATIONS):
        return SignatoryKind.PERSON if who is WhoSigns.PEOPLE else SignatoryKind.ORGANISATION
    return SignatoryKind.ORGANISATION if organisation else SignatoryKind.PERSON


def _answer(asked: Asked) -> str | None:
    """The answer to the question, from a row that does not raise it."""
    return asked.choice(SheetQuestion(_QUESTION))


def _example(read: Mapping[Field, str]) -> str:
    return " · ".join((read[Field.NAME], organisation_in(read)))


def _signs_for_them(rows: Collection[Sequence[str]], columns: Mapping[Field, int], of: Field) -> bool:
    """True where a column has positions of people who sign for organisations: none is there twice, and few
    are professors.
    """
    title, place = columns.get(Field.TITLE), columns[of]
    if title is None:
        return False
    cells = [clean_line(row[title]) for row in rows if title < len(row) and row[title].strip()]
    organisations = [clean_line(row[place]).casefold() for row in rows if place < len(row)]
    named = [name for name in organisations if name]
    return sum(map(is_of_people, cells)) * 3 < len(cells) and len(set(named)) == len(named)
