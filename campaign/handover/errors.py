"""What can go wrong when lists come and go."""

from __future__ import annotations


class NothingToExport(Exception):
    """A draft has no list."""


class ListRepeated(Exception):
    """The same list was imported into this statement before."""


class SheetUnreadable(Exception):
    """The file can't be read as a sheet of signatories; the message says why, in the reader's language."""


class NotNow(Exception):
    """The import is in another state by now, or was removed; the page shows which."""


class RowsRefused(Exception):
    """Some rows can't be imported, and nobody said that they may be left out."""


class UndoOver(Exception):
    """A day has passed since the import, or it was undone before."""
