"""Counts over all rows of a list: of a long one once a minute, since they take as long as a search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from campaign.core.remembered import Remembered
from campaign.signatories.queries import SLICE, counts_of

Key = TypeVar("Key")
Value = TypeVar("Value")


def counted(
    remembered: Remembered[Key, Value], key: Key, statement_id: int, count: Callable[[], Value]
) -> Value:
    """The result of `count`, made anew for a list that is quickly counted."""
    if counts_of(statement_id).total <= SLICE:
        return count()
    held = remembered.get(key)
    return remembered.put(key, count()) if held is None else held
