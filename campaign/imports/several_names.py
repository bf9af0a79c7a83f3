"""Several names in one cell of a table: a person says once for the list whether they are one name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign.core.text import clean_line, has_letter
from campaign.imports.affiliations import is_honorific
from campaign.imports.name_lines import parted
from campaign.imports.name_sounds import sounds_personal
from campaign.sheets.questions import Asked

SEVERAL, SPLIT, KEEP = "several", "split", "keep"
_LINES = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]+")
_STROKES = re.compile(r"\s+(?:/{1,2}|\||\+|[•·])\s+|\s*[／；]\s*")
# Signs and words that stand in one name as well: between two names that sound so, they separate.
_PERHAPS = re.compile(
    r"\s*/\s*|\s*,\s*|\s+(?:&|and|und|oraz|et|и|і|та|ды|y|e|i)\s+(?=\w+\s+\w)", re.IGNORECASE
)


def names_in_cell(cell: str) -> list[str]:
    """The names that a cell may hold, a single one in most cells."""
    lines = [part for line in _LINES.split(cell) if (part := line.strip(" \t,;"))]
    if len(lines) > 1 and all(map(has_letter, lines)):
        return lines
    text = clean_line(cell)
    for parts in (parted(text, ";"), _STROKES.split(text)):
        if len(parts) > 1 and all(map(has_letter, parts)):
            return parts
    parts = [part for part in _PERHAPS.split(text) if part]
    are_people = all(sounds_personal(part) and not is_honorific(part) for part in parts)
    return parts if len(parts) > 1 and are_people else [text]


def split_row(cells: Sequence[str], place: int | None, asked: Asked) -> list[list[str]]:
    """The rows that a row is, one for each name in its cell at `place`; none as long as nobody has said.

    Another cell with as many lines or parts has one for each of them.
    """
    cell = cells[place] if place is not None and place < len(cells) else ""
    names = names_in_cell(cell) if cell else []
    if place is None or len(names) < 2:
        return [list(cells)]
    said = asked.answer(SEVERAL, example=" | ".join(names))
    if said != SPLIT:
        return [list(cells)] if said == KEEP else []
    beside = {
        at: parts
        for at, other in enumerate(cells)
        if at != place and len(parts := _parts_beside(other)) == len(names)
    }
    return [
        [
            name if at == place else beside[at][number] if at in beside else other
            for at, other in enumerate(cells)
        ]
        for number, name in enumerate(names)
    ]


def _parts_beside(cell: str) -> list[str]:
    lines = [line.strip() for line in _LINES.split(cell) if line.strip()]
    return lines if len(lines) > 1 else [part.strip() for part in re.split(r";|\s/\s", cell)]
