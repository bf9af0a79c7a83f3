"""The cells of a row, with what a spreadsheet shows otherwise than as text: hidden rows, struck-out words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Cells(list[str]):
    """The texts that a row shows.

    `hidden`: those of a row that is hidden, which shows none. `struck`: the whole text, by column from 0, of
    cells of which a part is struck out; the struck part is not among the texts.
    """

    __slots__ = ("hidden", "struck")

    def __init__(
        self,
        shown: Iterable[str] = (),
        hidden: Iterable[str] | None = None,
        struck: dict[int, str] | None = None,
    ) -> None:
        super().__init__(shown)
        self.hidden: list[str] | None = None if hidden is None else list(hidden)
        self.struck: dict[int, str] = struck or {}

    @classmethod
    def of(cls, cells: list[str]) -> Cells:
        """The same cells; any list shows all of its texts."""
        return cells if isinstance(cells, cls) else cls(cells)

    @property
    def withheld(self) -> bool:
        """True for a row of which something is not shown as it stands in the file."""
        return self.hidden is not None or bool(self.struck)

    def read(self, *, hidden: bool, struck: bool) -> list[str]:
        """The texts of the row, with those of a hidden row, or with struck-out ones, where wanted."""
        cells = list(self) if self.hidden is None else list(self.hidden) if hidden else []
        if struck and (self.hidden is None or hidden):
            for place, text in self.struck.items():
                cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = text
        return cells

    def shortened(self, most: int) -> Cells:
        """The same cells, none longer than this; a longer one ends with “…”."""
        hidden = None if self.hidden is None else [_cut(text, most) for text in self.hidden]
        return Cells(
            (_cut(text, most) for text in self),
            hidden,
            {place: _cut(text, most) for place, text in self.struck.items()},
        )

    def as_json(self) -> list[Any]:
        """The cells as a list, to be kept between two steps; Cells(*kept) would be the same."""
        if not self.withheld:
            return [list(self)]
        return [list(self), self.hidden, [[place, text] for place, text in self.struck.items()]]

    @classmethod
    def kept(cls, shown: list[str], hidden: list[str] | None = None, struck: Iterable[Any] = ()) -> Cells:
        """The cells that as_json() stored."""
        return cls(shown, hidden, dict(struck))


def _cut(cell: str, most: int) -> str:
    return cell if len(cell) <= most else cell[:most] + "…"
