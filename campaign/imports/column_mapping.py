"""Which column of a sheet holds which field: guessed from its name or its content, corrected by a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaign.core.text import clean_line, has_letter
from campaign.core.web_addresses import has_web_address, stands_alone
from campaign.core.yes_and_no import says_yes
from campaign.imports.affiliations import has_degree, is_honorific
from campaign.imports.column_vocabulary import (
    NAMES,
    Field,
    field_of,
    is_citizenship,
    is_full_name,
    is_header_of_names,
    is_ignored,
    is_only_header,
    is_public_name,
    is_question,
    is_withheld_name,
    kind_of,
    names_family,
    names_given,
    rank_of,
)
from campaign.imports.country_cells import CountryCells, is_code, share_of_countries
from campaign.imports.headings import heading_of
from campaign.imports.listing_words import is_answer, is_of_states, is_of_withdrawals, means_no, says_nothing
from campaign.signatures.models import SignatoryKind

# A title and some remarks may stand above the names of the columns.
_HEADER_WITHIN = 12
_LONGEST_NAME, _LONGEST_QUESTION = 60, 300
_LONGEST_SHOWN, _LONGEST_CELL, _EXAMPLES = 120, 40, 3
_MOST = 0.6
# Columns of the exports of Mailchimp and of Microsoft Forms, of which "Name" is an account.
_MAILCHIMP, _MICROSOFT, _LONGEST_ACCOUNT = {"leid", "euid"}, {"start time", "completion time"}, 5
_LETTERS = 26
_LONGEST_COLUMN = 3
# What is longer may be a name: “Regional Initiative for Rights”.
_WORDS_OF_IGNORED = 2
# Words in names of organisations, as beginnings.
_ORGANISATIONAL = (
    "cent", "цент", "цэнт", "found", "fund", "фонд", "фунд", "assoc", "асац", "асоц", "ассоц", "union",
    "союз", "саюз", "спілк", "committ", "камітэт", "комитет", "комітет", "league", "ліга", "лига", "network",
    "сетк", "сеть", "мереж", "initiat", "ініцы", "инициа", "ініціа", "stowarz", "verein", "stift", "human",
    "organi", "органи", "аргані", "group", "груп", "институт", "інстытут", "institut", "rights", "house",
    "univers", "универс", "універс", "uniwers", "academ", "akadem", "академ", "акадэм", "faculty",
    "societ", "allian", "coalit", "movement", "watch", "forum", "federat", "council", "memorial", "associaz",
    "таварыств", "обществ", "товариств", "движен", "форум", "хаўрус", "коалиц", "кааліц", "коаліц", "клуб",
    "федерац", "федэрац",
)  # fmt: skip

Head = Sequence[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The column (from 0) of each field.

    `header`: the row with the names of columns, up to which nothing is read; 0 without one. `kind` is that of
    all rows; without it the column says it, else whether a row names an organisation.
    """

    columns: Mapping[Field, int] = field(default_factory=dict)
    kind: SignatoryKind | None = None
    header: int = 0

    def as_json(self) -> dict[str, Any]:
        """The layout as JSON, to be stored between two steps."""
        return {
            "columns": {str(name): place for name, place in self.columns.items()},
            "kind": self.kind,
            "header": self.header,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Layout:
        """The layout that as_json() stored."""
        kind = SignatoryKind(kept["kind"]) if kept["kind"] else None
        return cls({Field(name): place for name, place in kept["columns"].items()}, kind, kept["header"])


def guess(head: Head) -> Layout:
    """The layout that the first rows of a sheet suggest."""
    header, columns = _header(head)
    names = next((cells for row, cells in head if row == header), [])
    samples = {
        place: sample
        for place, sample in _samples(
            [cells for row, cells in head if row > header and not heading_of(cells)]
        ).items()
        if place >= len(names) or not _says_what_it_is(clean_line(names[place]))
    }
    headers = [clean_line(name) for name in names]
    withheld = [
        part
        for part, place in columns.items()
        if part in NAMES and place < len(headers) and is_withheld_name(headers[place])
    ]
    for part in withheld:
        del columns[part]
    # A citizenship is no residence; countries by name come before codes, which may be states.
    for place in sorted(
        samples,
        key=lambda at: (
            at < len(headers) and is_citizenship(headers[at]),
            not CountryCells(samples[at]).names(),
        ),
    ):
        found = _content(samples[place])
        if found and found not in columns and place not in columns.values():
            columns[found] = place
    if not withheld and not {*NAMES} & columns.keys():
        unnamed = {
            place: sample
            for place, sample in samples.items()
            if Field.AFFILIATION not in columns or place >= len(names) or not names[place].strip()
        }
        _guess_names(unnamed, columns)
    if Field.AFFILIATION in columns and not {*NAMES} & columns.keys():
        # An "Institution" by itself signs.
        columns[Field.ORGANISATION] = columns.pop(Field.AFFILIATION)
    return Layout(columns, None, header)


def _says_what_it_is(header: str) -> bool:
    """True for a column whose name tells what its cells are not."""
    return is_ignored(header) or field_of(header) in (Field.CONSENT, Field.ANONYMOUS)


def labels(head: Head, header: int) -> list[str]:
    """The name of each column in a form: its letter, its header, and an example of its content."""
    names = next((cells for row, cells in head if row == header), [])
    samples = _samples([cells for row, cells in head if row > header])
    width = max((len(cells) for _row, cells in head), default=0)
    return [_label(place, names, samples) for place in range(width)]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column as a person sees it: its letter, its name, some of its cells."""

    letter: str
    name: str
    examples: list[str]


def sheet_columns(head: Head, header: int) -> list[SheetColumn]:
    """All columns of a sheet, with up to three different examples each."""
    names = next((cells for row, cells in head if row == header), [])
    samples = _samples([cells for row, cells in head if row > header])
    width = max((len(cells) for _row, cells in head), default=0)
    return [
        SheetColumn(
            column_letter(place),
            clean_line(names[place])[:_LONGEST_SHOWN] if place < len(names) else "",
            [cell[:_LONGEST_CELL] for cell in dict.fromkeys(samples.get(place, ()))][:_EXAMPLES],
        )
        for place in range(width)
    ]


def column_letter(place: int) -> str:
    """A for 0, AA for 26, as a spreadsheet calls its columns."""
    above, letter = divmod(place, _LETTERS)
    return (column_letter(above - 1) if above else "") + chr(65 + letter)


def column_place(letters: str) -> int | None:
    """0 for A, 26 for AA: the other way round. None for what is no column of a spreadsheet."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= _LONGEST_COLUMN):
        return None
    place = 0
    for letter in letters.upper():
        place = place * _LETTERS + ord(letter) - 64
    return place - 1


def _label(place: int, names: Sequence[str], samples: Mapping[int, list[str]]) -> str:
    name = clean_line(names[place])[:40] if place < len(names) else ""
    example = samples[place][0][:40] if place in samples else ""
    return f"{column_letter(place)}" + (f": {name}" if name else "") + (f" — {example}" if example else "")


def _header(head: Head) -> tuple[int, dict[Field, int]]:
    """The row in which most cells are names of columns, and the fields they name.

    Two names make a header, or one above a single column.
    """
    best, found = 0, dict[Field, int]()
    for row, cells in head[:_HEADER_WITHIN]:
        # A list that was exported here has our own names, which come before what others may mean by the same
        # word.
        named = {Field(cell): place for place, cell in enumerate(cells) if cell in set(Field)}
        own = set(named)
        samples = _samples([below for number, below in head if number > row])
        for said, place in _ranked(cells, samples):
            if place not in named.values():
                named.setdefault(said, place)
        count = len(named)
        if not own:
            _leave_parts(named, [clean_line(cell) for cell in cells])
        filled = sum(1 for cell in cells if cell.strip())
        if filled == 1 and (heading := heading_of(cells)) and (heading.kind or heading.country):
            continue
        alone = filled == 1 and all(is_only_header(cell) for cell in cells if cell.strip())
        # "Full name, State": one of two names says a field, and the other one that it is none.
        said_in_all = count + sum(
            is_ignored(cell) for cell in map(clean_line, cells) if len(cell.split()) <= _WORDS_OF_IGNORED
        )
        # "Ф.И.О." beside a column of another name.
        alone = alone or (not found and any(map(is_header_of_names, map(clean_line, cells))))
        is_header = len(named) > len(found) and (said_in_all > 1 or alone)
        if is_header and said_in_all * 5 >= min(filled, 10):
            best, found = row, named

    return best, found


def _leave_parts(named: dict[Field, int], headers: Sequence[str]) -> None:
    """Leave out the parts of a name of which the whole has a column."""
    place = named.get(Field.NAME)
    whole = headers[place] if place is not None else ""
    if is_full_name(whole):
        for part in (Field.MIDDLE, Field.SURNAME, Field.SECOND_SURNAME):
            if part in named and not is_public_name(headers[named[part]]):
                del named[part]


def _ranked(cells: Sequence[str], samples: Mapping[int, list[str]]) -> list[tuple[Field, int]]:
    """(field, column) of all names of columns, the best first. What cells hold has a second say in names."""
    given = any(names_given(clean_line(cell)) for cell in cells)
    has_family = any(field_of(clean_line(cell)) is Field.SURNAME for cell in cells)
    found = []
    for place, cell in enumerate(cells):
        header = clean_line(cell)
        said = field_of(header) if len(cell) <= _LONGEST_QUESTION else None
        if is_of_states(header, samples.get(place, ())):
            said = Field.CONSENT
        elif is_of_withdrawals(header):
            said = Field.ANONYMOUS
        elif said in (Field.CONSENT, Field.ANONYMOUS):
            said = _said_of_answers(said, header, samples.get(place, ()))
        elif said is Field.NAME and is_public_name(header) and _holds_no_names(samples.get(place, ())):
            # "Public name": yes.
            said = Field.CONSENT
        if said and len(cell) > _LONGEST_NAME and not is_question(header):
            said = None
        if said is Field.NAME and given and names_family(header) and not has_family:
            said = Field.SURNAME
        if header.casefold() == "cc" and {cell.casefold() for cell in cells} >= _MAILCHIMP:
            said = Field.COUNTRY
        if said and not _holds_something_else(said, samples.get(place, ())):
            # A form that knows who fills it in has columns for that, which are often empty.
            is_account = len(cell) <= _LONGEST_ACCOUNT and {name.casefold() for name in cells} >= _MICROSOFT
            # Where nobody filled in the name for the list, the other one is not for it.
            is_empty = bool(samples) and place not in samples and not is_public_name(header)
            rank = rank_of(header, said) + 300 * is_account + 500 * is_empty
            # "Name" beside "First name" and "Last name" is of no use.
            rank += 100 * (said is Field.NAME and given and has_family and names_family(header))
            found.append((rank, place, said))
    return [(said, place) for _rank, place, said in sorted(found)]


def _holds_something_else(said: Field, sample: Sequence[str]) -> bool:
    """True for a column whose cells are not what its name says."""
    if said in NAMES:
        return _holds_no_names(sample)
    if said is Field.TITLE:
        salutations = sum(map(is_honorific, sample)) > len(sample) / 2
        # "Dr" and "Prof." belong to the name.
        return salutations and not any(map(has_degree, sample))
    if said is Field.KIND:
        return bool(sample) and sum(kind_of(cell) is None for cell in sample) > len(sample) / 2
    return False


def _said_of_answers(said: Field, header: str, sample: Sequence[str]) -> Field | None:
    """The field of a column about being listed, whose cells may be no answers: "Name (will be published)"."""
    if sum(len(cell) > 1 and kind_of(cell) is not None for cell in sample) > len(sample) / 2:
        # "Sign as": organisation.
        return Field.KIND
    other = [cell for cell in sample if not is_answer(cell) and not says_nothing(cell)]
    if len(other) <= len(sample) / 2:
        is_name = not sample and is_public_name(header) and field_of(header, answers=False) is Field.NAME
        return Field.NAME if is_name else said
    plain = field_of(header, answers=False)
    differ = len(set(other)) > len(sample) / 2
    if plain:
        return plain if differ or plain not in NAMES else said
    # "Consent date" has dates, "Diagnosis (confidential)" texts.
    is_text = said is Field.ANONYMOUS and differ and len(other) >= _EXAMPLES
    return None if is_text or not any(map(has_letter, other)) else said


def _holds_no_names(sample: Sequence[str]) -> bool:
    """True for a column of yes, no, dates and numbers."""
    said = [cell for cell in sample if not says_nothing(cell)] or sample
    nothing = sum(says_yes(cell) or means_no(cell) or not has_letter(cell) for cell in said)
    return bool(said) and nothing > len(said) / 2


def _samples(rows: Sequence[list[str]]) -> dict[int, list[str]]:
    """The contents of each column."""
    samples: dict[int, list[str]] = {}
    for cells in rows:
        for place, cell in enumerate(cells):
            if line := clean_line(cell):
                samples.setdefault(place, []).append(line)
    return samples


def _content(sample: Sequence[str]) -> Field | None:
    tests: tuple[tuple[Field, Callable[[str], bool]], ...] = (
        (Field.EMAIL, lambda cell: "@" in cell and "." in cell.rpartition("@")[2]),
        (
            Field.WEBSITE,
            lambda cell: (
                "@" not in cell and " " not in cell and (has_web_address(cell) or stands_alone(cell))
            ),
        ),
        (Field.KIND, lambda cell: len(cell) > 2 and kind_of(cell) is not None and " " not in cell),
    )
    found = next((found for found, test in tests if sum(map(test, sample)) >= _MOST * len(sample)), None)
    of_countries = found in (None, Field.KIND) and share_of_countries(sample) >= _MOST
    return Field.COUNTRY if of_countries else found


def _guess_names(samples: Mapping[int, list[str]], columns: dict[Field, int]) -> None:
    """Without names of columns, the first text is the signatory, and one that sounds so their organisation.

    What else is there, such as a city or a post, only a person can say.
    """
    texts = [
        place
        for place in sorted(samples)
        if place not in columns.values()
        and sum(map(has_letter, samples[place])) >= _MOST * len(samples[place])
        and not all(is_code(cell) for cell in samples[place])
    ]
    for place in texts[:3]:
        of_organisations = sum(map(sounds_organised, samples[place])) * 2 >= len(samples[place])
        free = Field.ORGANISATION if of_organisations else Field.NAME
        if free not in columns and (place == texts[0] or of_organisations or _are_people(samples[place])):
            columns[free] = place


def _are_people(sample: Sequence[str]) -> bool:
    return sum(len(cell.split()) > 1 and cell.istitle() for cell in sample) >= _MOST * len(sample)


def sounds_organised(cell: str) -> bool:
    """True for a text with a word that names of organisations have."""
    return any(
        word.startswith(_ORGANISATIONAL)
        for word in cell.casefold().replace("“", " ").replace("«", " ").replace('"', " ").split()
    )
