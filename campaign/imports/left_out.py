"""What was left out of a list that was read, for the person who imports it: shown, never silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_MOST_SHOWN = 200
_LONGEST = 80


@dataclass(slots=True)
class LeftOut:
    """What was left out: `rows` (row, text) that name nobody, the first of `row_count`; numbers and bullets
    before the names of `marked` rows; `declined` rows that say no to being listed; `unnamed` rows
    that lack the name for the list. `under` rows have the country of the heading above them.
    """

    rows: list[tuple[int, str]] = field(default_factory=list)
    row_count: int = 0
    marked: int = 0
    declined: int = 0
    unnamed: int = 0
    under: int = 0

    def add(self, row: int, text: str) -> None:
        """Note a row that names nobody."""
        self.row_count += 1
        if len(self.rows) < _MOST_SHOWN:
            self.rows.append((row, text[:_LONGEST]))

    def as_json(self) -> dict[str, Any]:
        """The same as JSON, to be stored between two steps."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> LeftOut:
        """What as_json() stored."""
        return cls(**{**kept, "rows": [(row, text) for row, text in kept.get("rows", ())]})
