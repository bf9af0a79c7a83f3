"""What a workbook does not show plainly: counted while it is read, and asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaign.sheets.questions import Asked, SheetQuestion, Wording, register_questions

HIDDEN, STRUCK = "hidden", "struck"
LEAVE_OUT, TAKE_ROWS, KEEP = "leave-out", "take-rows", "keep"
_MOST_EXAMPLES = 3
_LETTERS_SHOWN = 8


@dataclass(slots=True)
class Withheld:
    """The numbers of what is hidden or struck out, complete when all rows were read.

    `columns` are letters of hidden columns with content; `rows` and `cells` are numbers of hidden rows, and
    of other cells in which nothing is to be seen.
    """

    columns: set[str] = field(default_factory=set)
    rows: int = 0
    cells: int = 0
    struck: int = 0
    of_rows: list[str] = field(default_factory=list)
    of_struck: list[str] = field(default_factory=list)

    def hides_row(self, cells: list[str]) -> None:
        """Count a hidden row."""
        self.rows += 1
        if len(self.of_rows) < _MOST_EXAMPLES:
            self.of_rows.append(" · ".join(cell for cell in cells if cell.strip())[:120])

    def strikes(self, text: str) -> None:
        """Count a cell with struck-out text."""
        self.struck += 1
        if len(self.of_struck) < _MOST_EXAMPLES:
            self.of_struck.append(text[:120])

    def questions(self) -> Iterator[SheetQuestion]:
        """What a person has to decide about it."""
        if self.columns or self.rows or self.cells:
            columns = sorted(self.columns, key=lambda letters: (len(letters), letters))
            about = {"columns": columns, "rows": self.rows, "cells": self.cells}
            yield SheetQuestion(HIDDEN, about=about, examples=tuple(self.of_rows))
        if self.struck:
            yield SheetQuestion(STRUCK, count=self.struck, examples=tuple(self.of_struck))


def takes_hidden(asked: Asked) -> bool:
    """True where a person said that hidden rows belong to the list."""
    return asked.chosen(HIDDEN) == TAKE_ROWS


def keeps_struck(asked: Asked) -> bool:
    """True where a person said that struck-out text is to be read like any other."""
    return asked.chosen(STRUCK) == KEEP


def _hidden(about: Mapping[str, Any]) -> str:
    columns = about["columns"]
    letters = ", ".join(columns[:_LETTERS_SHOWN]) + ("…" if len(columns) > _LETTERS_SHOWN else "")
    parts = (
        ngettext(
            "%(num)s column (%(letters)s)", "%(num)s columns (%(letters)s)", len(columns), letters=letters
        ),
        ngettext("%(num)s row", "%(num)s rows", about["rows"]),
        ngettext("%(num)s single cell", "%(num)s single cells", about["cells"]),
    )
    counts = (len(columns), about["rows"], about["cells"])
    said = "; ".join(part for part, count in zip(parts, counts, strict=True) if count)
    return str(
        _(
            "Hidden in this workbook, and left out: %(said)s. If they belong to the list, show them in the "
            "spreadsheet program and choose the file again.",
            said=said,
        )
    )


def _choices_of_hidden(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield LEAVE_OUT, _("Leave out all that is hidden")
    if about["rows"]:
        yield TAKE_ROWS, _("Take in the hidden rows, for example those of a filter that was forgotten")


def _struck(about: Mapping[str, Any]) -> str:
    return str(
        ngettext("%(num)s cell has struck-out text.", "%(num)s cells have struck-out text.", about["count"])
    )


def init_app(app: Flask) -> None:
    """Register the words of these questions."""
    words = {
        HIDDEN: Wording(_hidden, _choices_of_hidden),
        STRUCK: Wording(
            _struck,
            {
                LEAVE_OUT: _l("Leave out what is struck out, and rows without a name"),
                KEEP: _l("Read it like any other text"),
            },
        ),
    }
    register_questions(app, words)
