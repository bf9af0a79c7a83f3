"""What can go wrong when lists come and go."""

from __future__ import annotations


class NothingToExport(Exception):
    """A draft has no list."""


class ListRepeated(Exception):
    """The same list was imported into this statement before."""


class SheetUnreadable(Exception):
    """The file can't be read as a sheet of signatories; the message says why."""
