"""Reading any spreadsheet or pasted table, as rows of cells. It knows no room."""

from __future__ import annotations

from flask import Flask

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "readers",  # any spreadsheet as rows of cells
)


def register(_app: Flask) -> None:
    """Bind the room to the app: it has no pages, jobs or rules of its own."""
