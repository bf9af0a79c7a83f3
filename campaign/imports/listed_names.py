"""Names in the cells of a table that are nobody's, and the column with the name for the list beside another
one: whoever left it empty did not say that the other name may be shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from campaign.core.text import clean_line, has_letter
from campaign.core.yes_and_no import says_yes
from campaign.imports.column_mapping import Head, Layout, guess
from campaign.imports.column_vocabulary import NAMES, Field, field_of, is_public_name
from campaign.imports.headings import is_nameless
from campaign.imports.listing_words import ANONYMOUS, CONSENT, means_no
from campaign.sheets.questions import Asked

UNNAMED, OTHER_NAME = "unnamed", "other-name"
_OF_PEOPLE = tuple(field for field in NAMES if field is not Field.ORGANISATION)
# What people write in the place of a name that they do not give.
_NONE = frozenset(
    """
    n/a; na; n.a; none; nil; null; nan; no name; no; not applicable; not given; unknown; #n/a; #ref!; #value!;
    #name?; tbd; tba; to be confirmed; xxx; нет; нет имени; без имени; не указано; не указан; неизвестно;
    няма; без імя; не пазначана; невядома; немає; без імені; не вказано; невідомо; brak;
    nie podano; bez nazwy; brak danych; keine angabe; k.a; ohne namen; unbekannt; aucun; sans nom; inconnu;
    ninguno; sin nombre;
    nessuno; senza nome
    """.replace("\n", " ").split(";")
)
_DASHES = re.compile(r"[\s\-–—_.?…/]*")
_NOBODY = frozenset(" ".join(said.split()) for said in _NONE)
# "The same as in the column of the other name."
_SAME = re.compile(
    r"(?:the )?same(?: (?:name|as (?:above|before|on the left)))?|as above|ditto|idem|see (?:name|left)"
    r"|то же(?: самое)?|так же|та же|тот же|то ж|тое ж(?: самае)?|те ж(?: саме)?|так само|to samo|jak wyżej"
    r"|j\.w\.?|dasselbe|gleich(?:er name)?|wie oben|le même|même|el mismo|lo mismo|lo stesso|come sopra"
)


def names_nobody(cell: str) -> bool:
    """True for "N/A", "-", "Anonymous", "Name withheld": nobody is listed by it."""
    said = " ".join(clean_line(cell).casefold().strip(" .!?*()[]").split())
    return bool(_DASHES.fullmatch(said)) or said in _NOBODY or is_nameless(cell)


def says_the_same(cell: str) -> bool:
    """True for "same" and "as above" in the column of another name."""
    return bool(_SAME.fullmatch(clean_line(cell).casefold().strip(" .!()")))


@dataclass(frozen=True, slots=True)
class ListedNames:
    """The names of a table in which people may be listed by another name than their own.

    `others`: the columns of their own names; empty where there is no second name.
    """

    layout: Layout
    others: dict[Field, int]

    def columns_for(self, cells: list[str], asked: Asked) -> Layout | None:
        """The layout by which this row is read; None for one that is left out, or waits for an answer."""
        place = self.layout.columns.get(Field.NAME)
        if not self.others or place is None:
            return self.layout
        listed = cells[place] if place < len(cells) else ""
        if not _is_no_name(listed):
            return self.layout
        filled = [cells[at] for at in self.others.values() if at < len(cells) and cells[at].strip()]
        if not filled or all(map(names_nobody, filled)):
            return self.layout
        if not says_the_same(listed):
            example = " · ".join(cell for cell in cells if cell.strip())
            if asked.answer(UNNAMED, example=example) != OTHER_NAME:
                return None
        kept = {field: at for field, at in self.layout.columns.items() if field not in _OF_PEOPLE}
        return replace(self.layout, columns={**kept, **self.others})


def listed_names(head: Head, layout: Layout) -> ListedNames:
    """The columns of names in the first rows of a table."""
    place = layout.columns.get(Field.NAME)
    headers = next((cells for row, cells in head if row == layout.header), [])
    if not layout.header or place is None or place >= len(headers) or not is_public_name(headers[place]):
        return ListedNames(layout, {})
    without = [(row, [*cells[:place], "", *cells[place + 1 :]]) for row, cells in head]
    own = guess(without)
    others: dict[Field, int] = {field: at for field, at in own.columns.items() if field in _OF_PEOPLE}
    taken = {at for field, at in layout.columns.items() if field not in _OF_PEOPLE}
    are_names = all(at < len(headers) and field_of(headers[at]) in _OF_PEOPLE for at in others.values())
    is_usable = (
        are_names
        and own.header == layout.header
        and Field.NAME in others
        and not taken & set(others.values())
    )
    return ListedNames(layout, others) if is_usable else ListedNames(layout, {})


def _is_no_name(cell: str) -> bool:
    """True for what is no name to be listed by: nothing, an answer, or a wish to be hidden."""
    said = clean_line(cell).casefold()
    return (
        names_nobody(cell)
        or says_the_same(cell)
        or not has_letter(said)
        or says_yes(said)
        or means_no(said)
        or bool(ANONYMOUS.search(said) or CONSENT.search(said) or re.search(r"\binitials\b|инициал", said))
    )
