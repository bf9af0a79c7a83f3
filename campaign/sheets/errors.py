"""Errors of reading a sheet."""

from __future__ import annotations


class SheetUnreadable(Exception):
    """The file can't be read as the expected sheet; the message says why, in the reader's language."""
