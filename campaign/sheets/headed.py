"""A sheet with names of columns in its first row: each further row is read by these names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _

from campaign.core.text import clean_line
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.limits import Limits
from campaign.sheets.plan import Problem, Row, place_of
from campaign.sheets.readers import read_file

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 120


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet: the names of its columns, and the rows below them as (row, cells). `notes` are for people."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str]
    header: int

    def cells(self) -> Iterator[tuple[int, dict[str, str] | None]]:
        """Each row by column; None for one with too many cells. Cells missing at its end are empty."""
        for row, cells in self.rows:
            padded = cells + [""] * (len(self.columns) - len(cells))
            yield (
                row,
                dict(zip(self.columns, padded, strict=True)) if len(cells) <= len(self.columns) else None,
            )

    def as_csv(self) -> str:
        """The same sheet as CSV with commas, each row where it was."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        last = 0
        for row, cells in ((self.header, self.columns), *self.rows):
            text.write("\r\n" * (row - last - 1))
            writer.writerow(cells)
            last = row
        return text.getvalue()


def read_headed(
    file: IO[bytes], limits: Limits, known: Callable[[str], str] = lambda heading: heading
) -> HeadedSheet:
    """Read a CSV file or a workbook whose first row names its columns, of which `known` says which are meant.

    Raises SheetUnreadable.
    """
    limits.check_size(file.seek(0, io.SEEK_END))
    file.seek(0)
    table = read_file(file, limits, headed=True)
    header, names = next(table.rows)
    columns: list[str] = []
    for name in map(clean_line, names):
        # What another column says exactly is not what this one means.
        meant = known(name)
        columns.append(name if meant in columns or (meant != name and meant in names) else meant)
    if len(set(columns)) < len(columns):
        raise SheetUnreadable(_("The first row names a column twice."))
    rows = list(table.rows)
    # Nothing hidden or struck out gets in here; the plan says what was left out.
    notes = [*table.notes, *(question.text for question in table.questions)]
    return HeadedSheet(columns, rows, notes, header)


def slug_problems(slug: str, row: Row, seen: dict[str, Row]) -> list[Problem]:
    """The problems with the address of a record. `seen` has those of earlier rows, and gets this one."""
    if not slug:
        return []
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        return [Problem(row, "slug", column="slug")]
    first = seen.setdefault(slug, row)
    return [Problem(row, "slug twice", {"first": place_of(first)}, "slug")] if first != row else []
