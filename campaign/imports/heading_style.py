"""How the names and the headings of a list are written: what is written like its headings is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from campaign.core.text import clean_line, has_letter
from campaign.imports.column_mapping import Head
from campaign.imports.headings import heading_of, is_decorated, nearly_names_country
from campaign.imports.list_marks import begins_with_mark


class HeadingStyle:
    """How the names and the headings of a list are written: in capitals, with numbers, below an empty row."""

    def __init__(self, rows: Head) -> None:
        names, headings, above = list[tuple[str, bool]](), list[bool](), 0
        for row, cells in rows:
            filled = [clean_line(cell) for cell in cells if cell.strip()]
            found, is_apart = heading_of(cells), row - above > 1 or above == 0
            if found and found.divides:
                headings.append(is_apart)
            elif filled and not found:
                names.append((next((text for text in filled if has_letter(text)), ""), is_apart))
            above = row
        self._is_loud = _most(is_decorated(name) for name, _apart in names)
        self._is_marked = _most(begins_with_mark(name) for name, _apart in names)
        few_apart = sum(is_apart for _name, is_apart in names) <= 0.4 * len(names)
        self._is_apart = len(headings) > 1 and all(headings) and few_apart

    def is_like_heading(self, cells: Sequence[str], is_apart: bool) -> bool:
        """True for a row of one text that is written like the headings, and unlike the names."""
        filled = [clean_line(cell) for cell in cells if cell.strip()]
        if len(filled) != 1 or not has_letter(filled[0]):
            return False
        text = filled[0]
        is_framed = text[-1:] in ":-–—=*_#" and is_decorated(text)
        if begins_with_mark(text) and not is_framed:
            return False
        return (
            self._is_marked
            or is_framed
            or (is_apart and self._is_apart)
            or (is_decorated(text) and not self._is_loud)
            or nearly_names_country(text)
        )


def _most(said: Iterable[bool]) -> bool:
    """True for more than half."""
    all_ = list(said)
    return sum(all_) * 2 > len(all_)
