"""The reader of the rows of a list: it sees what is no signatory, and what headings say of the rows below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from campaign.core.text import clean_line
from campaign.imports.column_mapping import Head, Layout, column_letter, sounds_organised
from campaign.imports.column_vocabulary import NAMES, Field, field_of, kind_of
from campaign.imports.country_cells import CountryCells
from campaign.imports.heading_style import HeadingStyle
from campaign.imports.headings import Heading, heading_of, is_decorated
from campaign.imports.left_out import LeftOut
from campaign.imports.list_marks import ListMarks
from campaign.imports.listed_names import listed_names, names_nobody
from campaign.imports.name_sounds import is_text, sounds_personal
from campaign.imports.row_parser import ParsedSignatory, asked_country, cell_of, parsed_signatory
from campaign.imports.several_names import split_row
from campaign.imports.who_signs import WhoSigns
from campaign.sheets.plan import Problem
from campaign.sheets.questions import Asked, SheetQuestion
from campaign.signatures.models import SignatoryKind

# A code alone in the column of countries is a row without a name.
_LONGEST_CODE = 3
# What a column of a list without names of columns may be.
COLUMN_FIELDS = (Field.CITY, Field.AFFILIATION, Field.ORGANISATION, Field.TITLE, Field.SURNAME)
# So many rows below the names of columns may be their translation, of few words each.
_SECOND_HEADINGS, _WORDS_OF_HEADING = 2, 3


class ReadRow(NamedTuple):
    """A row of the file, as it was read.

    Without entry and problems it is no signatory, such as a heading, or waits for the answer to a question.
    """

    row: int
    entry: ParsedSignatory | None
    problems: list[Problem]


class RowReader:
    """The reader of the rows of a list, fed with them part by part, in their order.

    `head`: the first rows, which tell how names are numbered and headings are written. `left_out` is complete
    when all rows were read.
    """

    def __init__(
        self,
        layout: Layout,
        width: int,
        asked: Asked,
        who: WhoSigns | None = WhoSigns.BY_ROW,
        *,
        head: Head = (),
    ) -> None:
        below = [cells for row, cells in head if row > layout.header]
        said = [heading_of(cells) for cells in below]
        names = [cells for cells, heading in zip(below, said, strict=True) if heading is None]
        layout = layout if layout.header or width else _with_answers(layout, names, asked)
        self.layout, self.width, self.asked, self.who = layout, width, asked, who
        self.left_out = LeftOut()
        self._country = ""
        self._kind: SignatoryKind | None = None
        self._outer: str | None = None
        self._places = sorted(place for name in NAMES if (place := layout.columns.get(name)) is not None)
        self._names_of_columns = next((_plain(cells) for row, cells in head if row == layout.header), [])
        self._countries = CountryCells(cell_of(cells, layout, Field.COUNTRY) for cells in below)
        listed = [cells[place] for cells in names if (place := self._name_in(cells)) is not None]
        self._marks = ListMarks(listed)
        self._names = listed_names(head, layout)
        self._is_mixed = not layout.header and self._names_both_kinds(listed)
        self._has_parts = any(found and found.divides and (found.country or found.asks) for found in said)
        self._written = HeadingStyle([(row, cells) for row, cells in head if row > layout.header])
        self._above = layout.header
        # "Georgia" in a list with "Armenia" above other names is a country, too.
        self._has_plain_headings = any(
            found and found.sure and found.country and not is_decorated(found.text) for found in said
        )

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[ReadRow]:
        """Each row below the names of columns."""
        for row, cells in rows:
            if row > self.layout.header:
                is_somebody = self._names_somebody(row, cells)
                found = split_row(cells, self._signing(cells), self.asked) if is_somebody else []
                for part, each in enumerate(found):
                    read = self._signatory(row, each)
                    yield read._replace(entry=read.entry._replace(part=part)) if read.entry else read
                if not found:
                    yield ReadRow(row, None, [])
                self._above = row

    def _signing(self, cells: Sequence[str]) -> int | None:
        """The column with the name of whoever signs, where that name is in a single column."""
        columns = self.layout.columns
        of, name = columns.get(Field.ORGANISATION), columns.get(Field.NAME)
        kind = self.layout.kind or kind_of(cell_of(cells, self.layout, Field.KIND)) or self._kind
        organisation = cell_of(cells, self.layout, Field.ORGANISATION)
        has_both = bool(organisation and cell_of(cells, self.layout, Field.NAME))
        is_of_organisation = of is not None and (
            kind is SignatoryKind.ORGANISATION
            or (kind is None and (not has_both or self.who in (WhoSigns.BY_ROW, WhoSigns.ORGANISATIONS)))
        )
        if is_of_organisation and organisation:
            return of
        is_whole = not {Field.SURNAME, Field.SECOND_SURNAME, Field.MIDDLE} & columns.keys()
        return name if is_whole else None

    def _signatory(self, row: int, cells: list[str]) -> ReadRow:
        bare = self._without_marks(cells)
        named = self._names.columns_for(bare, self.asked)
        if named is None:
            self.left_out.unnamed += 1
            return ReadRow(row, None, [])
        layout = self._layout_under_heading(bare, named)
        entry, problems = parsed_signatory(
            row, bare, layout, self.width, self.asked, self.who, self._countries
        )
        if entry and self._country and not entry.country and not cell_of(bare, layout, Field.COUNTRY):
            self.left_out.under += 1
            entry = entry._replace(country=self._country)
        return ReadRow(row, entry, problems)

    def _names_somebody(self, row: int, cells: list[str]) -> bool:
        """False for a heading, whose country and kind hold for the rows below it, and the like."""
        if self._names_of_columns and _plain(cells) == self._names_of_columns:
            self.left_out.add(row, " · ".join(cell for cell in cells if cell.strip()))
            return False
        if self._repeats_headings(row, cells) or self._names_nobody(cells):
            self.left_out.add(row, " · ".join(cell for cell in cells if cell.strip()))
            return False
        heading = heading_of(cells)
        if (
            heading is None
            and self._has_parts
            and self._written.is_like_heading(cells, row - self._above > 1)
        ):
            text = clean_line(" ".join(cells))
            return self._is_name(row, Heading(text, asks=text.strip(" :–—-=*#_"), sure=False))
        if heading is None:
            return True
        has_no_name = bool(heading.country) and self._name_in(cells) is None and bool(self._places)
        if has_no_name and len(heading.text) <= _LONGEST_CODE:
            return True
        is_like_others = self._has_plain_headings and not heading.text.isupper()
        is_sure = not has_no_name or is_decorated(heading.text)
        if not is_sure or not (heading.sure or heading.asks or is_like_others):
            return self._is_name(row, heading)
        self._leave_out(row, heading)
        return False

    def _repeats_headings(self, row: int, cells: Sequence[str]) -> bool:
        """True for the names of the columns in a second language, below the first ones."""
        if not self.layout.header or row > self.layout.header + _SECOND_HEADINGS:
            return False
        said = {field: cell_of(cells, self.layout, field).strip("()[]") for field in self.layout.columns}
        filled = [(field, cell) for field, cell in said.items() if cell]
        return len(filled) > 1 and all(_is_heading_for(field, cell) for field, cell in filled)

    def _names_nobody(self, cells: Sequence[str]) -> bool:
        """True where nothing but "-" and "N/A" stands in the place of the names."""
        if self._names.others:
            return False
        filled = [clean_line(cells[place]) for place in self._places if place < len(cells)]
        names = [cell for cell in filled if cell]
        return bool(names) and all(map(names_nobody, names))

    def _is_name(self, row: int, heading: Heading) -> bool:
        """True where a person says that it is a name. As long as they say nothing, no country holds for the
        rows below.
        """
        choice = self.asked.answer("heading", heading.text, heading.text)
        if choice is None and heading.divides:
            self._country = ""
        elif choice == "heading":
            self._leave_out(row, heading)
        return choice == "name"

    def _leave_out(self, row: int, heading: Heading) -> None:
        self.left_out.add(row, heading.text)
        if heading.divides:
            self._begin(heading)

    def _begin(self, heading: Heading) -> None:
        """Begin a part of the list. Under the first sort of heading, another sort is within it."""
        country = heading.country or (asked_country(heading.asks, self.asked) if heading.asks else "") or ""
        says = "country" if country or heading.asks else "kind" if heading.kind else ""
        self._outer = self._outer or says or None
        if heading.kind or (says == "country" and self._outer == "country"):
            self._kind = heading.kind
        if says == "country" or not heading.kind or self._outer == "kind":
            self._country = country

    def _layout_under_heading(self, cells: Sequence[str], layout: Layout) -> Layout:
        """The layout for a row that does not say itself whether it is a person or an organisation."""
        columns = layout.columns
        if by_kind := self._layout_by_own_kind(cells, layout):
            return by_kind
        kind = self._kind or self._kind_by_sound(cells)
        if kind is None or layout.kind or cell_of(cells, layout, Field.KIND):
            return layout
        own, other = Field.ORGANISATION, Field.NAME
        if kind is SignatoryKind.PERSON:
            own, other = other, own
        if cell_of(cells, layout, own) or not cell_of(cells, layout, other):
            return replace(layout, kind=kind)
        others = {field: place for field, place in columns.items() if field not in (own, other)}
        return replace(layout, kind=kind, columns={**others, own: columns[other]})

    def _names_both_kinds(self, listed: Sequence[str]) -> bool:
        """True for a list without names of columns in which some names sound like organisations, and not all
        of the others can be some.
        """
        columns = self.layout.columns
        if (
            self.layout.kind
            or Field.KIND in columns
            or len({*NAMES, Field.AFFILIATION} & columns.keys()) != 1
        ):
            return False
        bare = [self._marks.without(name) for name in listed]
        organised = [name for name in bare if sounds_organised(name)]
        people = [name for name in bare if name not in organised and sounds_personal(name)]
        return bool(organised) and (bool(people) or (Field.NAME in columns and len(organised) < len(bare)))

    def _layout_by_own_kind(self, cells: Sequence[str], layout: Layout) -> Layout | None:
        """The layout for a row that says its own kind, in a list with one column for the names of both."""
        named = {*NAMES} & layout.columns.keys()
        kind = kind_of(cell_of(cells, layout, Field.KIND))
        own = Field.ORGANISATION if kind is SignatoryKind.ORGANISATION else Field.NAME
        other = Field.NAME if own is Field.ORGANISATION else Field.ORGANISATION
        if not kind or named != {other} or cell_of(cells, layout, Field.AFFILIATION):
            return None
        rest = {field: place for field, place in layout.columns.items() if field is not other}
        return replace(layout, columns={**rest, own: layout.columns[other]})

    def _kind_by_sound(self, cells: Sequence[str]) -> SignatoryKind | None:
        """The kind of a row in a list that names people and organisations; None in any other list."""
        place = self._name_in(cells)
        if not self._is_mixed or place is None:
            return None
        question, name = SheetQuestion("mixed"), clean_line(cells[place])
        is_organised = sounds_organised(name)
        said = self.asked.answer("mixed", example=name) if is_organised else self.asked.choice(question)
        if said in ("people", "organisations"):
            return SignatoryKind.PERSON if said == "people" else SignatoryKind.ORGANISATION
        if is_organised or not (Field.NAME in self.layout.columns or sounds_personal(name)):
            return SignatoryKind.ORGANISATION
        return SignatoryKind.PERSON

    def _without_marks(self, cells: list[str]) -> list[str]:
        """The row without the number or bullet before its first name."""
        place = self._name_in(cells)
        if place is None:
            return cells
        bare = self._marks.without(cells[place], self._ask_number)
        if bare == cells[place].strip():
            return cells
        self.left_out.marked += 1
        return [*cells[:place], bare, *cells[place + 1 :]]

    def _ask_number(self, name: str) -> str | None:
        return self.asked.answer("numbers", example=name)

    def _name_in(self, cells: Sequence[str]) -> int | None:
        """The place of the first name of a row."""
        return next((place for place in self._places if place < len(cells) and cells[place].strip()), None)


def _with_answers(layout: Layout, rows: Sequence[Sequence[str]], asked: Asked) -> Layout:
    """The layout with what a person says about the texts of a list without names of columns."""
    columns = dict(layout.columns)
    name = columns.get(Field.NAME)
    # Asked beside the question whether there are columns at all: nobody should be stopped twice.
    is_doubtful = asked.is_raised("separators") and asked.chosen("separators") is None
    if name is None and Field.ORGANISATION not in columns:
        return layout
    for place in range(max(map(len, rows), default=0)):
        cells = {row[place]: row for row in rows if place < len(row) and row[place].strip()}
        texts = [cell for cell in cells if is_text(cell)]
        if place in columns.values() or not texts or len(texts) * 2 < len(cells):
            continue
        first = cells[texts[0]]
        turned = f"{texts[0]} {first[name]}" if name is not None and name < place else ""
        about = {"example": clean_line(texts[0])[:60], "turned": clean_line(turned)[:120]}
        about |= {"unsure": "y"} if is_doubtful else {}
        said = asked.answer("column", column_letter(place), **about)
        if said == "turned" and name is not None:
            columns |= {Field.NAME: place, Field.SURNAME: name}
        elif said in COLUMN_FIELDS:
            columns.setdefault(Field(said), place)
    return replace(layout, columns=columns)


def _is_heading_for(field: Field, cell: str) -> bool:
    """True where a cell of this column is a name of it. First and family names may be one name."""
    said = field_of(cell) if len(cell.split()) <= _WORDS_OF_HEADING else None
    return said is field or (said in NAMES and field in NAMES)


def _plain(cells: Sequence[str]) -> list[str]:
    return [clean_line(cell).casefold() for cell in cells]
