"""Sheets: any spreadsheet or pasted table as rows of cells, and the plan of an import.

Independent of every other room.
"""

from __future__ import annotations

from flask import Flask

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "cells",  # the cells of a row, with what is hidden or struck out
    "headed",  # a sheet with names of columns
    "heading_words",  # names of columns as people write them
    "limits",  # how large a sheet may be
    "plan",  # what an import would do, and what is wrong with its rows
    "questions",  # what only a person can answer about a list
    "readers",  # any spreadsheet as rows of cells
    "readings",  # what a text says in each encoding that it may have
    "upload",  # the file of a form, and its text on the way back
    "withheld",  # what a workbook hides or strikes out
)


def register(app: Flask) -> None:
    """Bind the room to the app: it has no pages, jobs or rules of its own."""
    from campaign.sheets import readings, withheld
    from campaign.sheets.plan import place_of

    readings.init_app(app)
    withheld.init_app(app)
    app.add_template_global(place_of)
