"""Why a sheet can't be read."""

from __future__ import annotations


class SheetUnreadable(Exception):
    """The file can't be read as the sheet that is wanted; the message says why, in the reader's language."""
