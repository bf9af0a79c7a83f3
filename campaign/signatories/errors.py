"""What can go wrong with a list."""

from __future__ import annotations


class NoListYet(Exception):
    """A draft has no list."""
