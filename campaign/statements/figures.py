"""The numbers that the team reads beside a statement. Rooms above count; this room only knows whom to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app


@dataclass(frozen=True, slots=True)
class Figures:
    """Listed organisations and people, each by itself, and organisations waiting for review."""

    organisations: int = 0
    people: int = 0
    review: int = 0


Source = Callable[[Sequence[int]], dict[int, Figures]]


def register(app: Flask, source: Source) -> None:
    """Say who counts."""
    app.extensions["statement_figures"] = source


def figures_of(ids: Sequence[int]) -> dict[int, Figures]:
    """The figures by statement, one for each of `ids`."""
    counted = cast(Source, current_app.extensions["statement_figures"])(ids)
    return {statement_id: counted.get(statement_id, Figures()) for statement_id in ids}
