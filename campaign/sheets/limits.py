"""Limits of a sheet: how much of it is read."""

from __future__ import annotations

from dataclasses import dataclass

from babel.units import format_unit
from flask_babel import get_locale
from flask_babel import gettext as _

from campaign.sheets.errors import SheetUnreadable


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a sheet: rows below column names, cells in a row, characters in a cell.

    `size` is in bytes, of the file and again of its text in UTF-8. A longer cell ends with “…”; anything else
    that is beyond a limit is refused.
    """

    rows: int = 200_000
    columns: int = 300
    cell: int | None = None
    size: int | None = None

    def check_size(self, size: int) -> None:
        """Refuse a file, or the text of one, that is too large. Raises SheetUnreadable."""
        if self.size is not None and size > self.size:
            most = _in_words(self.size)
            raise SheetUnreadable(
                _("This file is larger than %(most)s. Please import it in parts.", most=most)
            )


def _in_words(size: int) -> str:
    """The size with its unit, such as “4 MB”."""
    unit, divisor = ("digital-megabyte", 1_000_000) if size >= 1_000_000 else ("digital-kilobyte", 1_000)
    return str(format_unit(size // divisor, unit, "short", locale=get_locale()))
