"""The rows of a list that are to be read: nothing hidden or struck out, and nobody who does not want to be
listed, unless a person says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from campaign.imports.column_mapping import Layout
from campaign.imports.column_vocabulary import NAMES, Field
from campaign.imports.headings import heading_of
from campaign.imports.left_out import LeftOut
from campaign.imports.listing_words import (
    asks_not_to_be_listed,
    is_named_with_refusal,
    says_listed,
    says_nothing,
)
from campaign.sheets.cells import Cells
from campaign.sheets.questions import Asked
from campaign.sheets.withheld import keeps_struck, takes_hidden


def wanted_rows(
    rows: Iterable[tuple[int, Cells]], layout: Layout, asked: Asked, left_out: LeftOut
) -> Iterator[tuple[int, list[str]]]:
    """The rows that a person wants to be read, until then those that are shown, without struck-out text.

    A row of which no name is left was struck out itself.
    """
    hidden, struck = takes_hidden(asked), keeps_struck(asked)
    for row, cells in rows:
        read = cells.read(hidden=hidden, struck=struck) if cells.withheld else cells
        names = (read[place] for name in NAMES if (place := layout.columns.get(name, len(read))) < len(read))
        is_left = struck or not cells.struck or any(name.strip() for name in names)
        if is_left and any(cell.strip() for cell in read) and _agreed(row, read, layout, asked, left_out):
            yield row, read


def _agreed(row: int, cells: list[str], layout: Layout, asked: Asked, left_out: LeftOut) -> bool:
    """False for a row that says no to being listed, or nothing, unless a person wants it all the same."""
    if row <= layout.header:
        return True
    place, hidden = (layout.columns.get(said, len(cells)) for said in (Field.CONSENT, Field.ANONYMOUS))
    example = " · ".join(cell for cell in cells if cell.strip())
    refusal = cells[hidden] if hidden < len(cells) else ""
    consent = cells[place] if place < len(cells) else ""
    shown = None if says_nothing(consent) else says_listed(consent)
    kept = True if says_nothing(refusal) else says_listed(refusal, asks_to_hide=True)
    agreed = True
    if kept is False:
        agreed = False
    elif Field.CONSENT in layout.columns and shown is False:
        agreed = asked.answer("consent", example=example) == "take-in"
    elif kept is None or (Field.CONSENT in layout.columns and shown is None):
        agreed = bool(heading_of(cells)) or asked.answer("unsaid", example=example) == "take-in"
    elif _asks_otherwise(cells, layout):
        agreed = asked.answer("remark", example=example) == "take-in"
    left_out.declined += not agreed
    return agreed


def _asks_otherwise(cells: Sequence[str], layout: Layout) -> bool:
    """True where a cell that nothing is read of, or what stands behind the name, says that this name is not
    to be listed.
    """
    read = set(layout.columns.values())
    if any(asks_not_to_be_listed(cell) for place, cell in enumerate(cells) if place not in read):
        return heading_of(cells) is None
    places = (layout.columns.get(name, len(cells)) for name in NAMES)
    return any(is_named_with_refusal(cells[place]) for place in places if place < len(cells))
