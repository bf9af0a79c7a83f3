"""The figures beside a statement on the desk.

Rooms above count them; this room only knows which function to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaign.core.registration import Registry


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of listed organisations, of listed people, and of organisations waiting for review."""

    organisations: int = 0
    people: int = 0
    review: int = 0


# The figures of statements by their ids.
statement_figures: Registry[Callable[[Sequence[int]], dict[int, Figures]]] = Registry("figures of statements")


def figures_of(ids: Sequence[int]) -> dict[int, Figures]:
    """The figures by statement, one for each of `ids`."""
    counted: dict[int, Figures] = {}
    for count in statement_figures.answers():
        counted |= count(ids)
    return {statement_id: counted.get(statement_id, Figures()) for statement_id in ids}
