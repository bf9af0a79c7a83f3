"""Errors of importing a list."""

from __future__ import annotations


class ListRepeated(Exception):
    """The same list was imported into this statement before."""


class NotNow(Exception):
    """The import has moved to another state, or was removed; the page shows which."""


class RowsRefused(Exception):
    """Some rows can't be imported, and nobody agreed to leave them out."""


class UndoOver(Exception):
    """A day has passed since the import, or it was undone before."""


class QuestionsOpen(Exception):
    """A question about the list has no answer yet."""
