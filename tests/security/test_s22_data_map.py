"""S22: the map of personal data for operators leaves out no table and no column, and names none that is
not there.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from campaign.core import retention
from campaign.core.base import PERSONAL
from campaign.extensions import db

MAP = Path(__file__).resolve().parent.parent.parent / "docs/privacy.md"


def mapped() -> set[tuple[str, str]]:
    """(table, column) of each row of the map."""
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in MAP.read_text().splitlines()
        if line.startswith("| `")
    ]
    return {
        (table.strip("`"), column)
        for table, columns, *_rest in rows
        for column in re.findall(r"`(\w+)`", columns)
    }


def test_the_map_names_what_is_personal_and_nothing_else(app: Flask) -> None:
    assert app
    personal = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.info == PERSONAL
    }
    assert len(personal) > 30
    assert mapped() == personal


def test_each_table_of_the_map_has_a_rule_that_says_how_long(context: Flask) -> None:
    assert context
    assert {table for table, _column in mapped()} - set(retention.rules()) == set()
