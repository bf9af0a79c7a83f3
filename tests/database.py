"""The databases under the tests: on which of them a test runs, and how the one of this process is made and
emptied.

PostgreSQL judges by day. Where SQL, locks, migrations, crashes or the files themselves are the subject, a
module says `pytestmark = pytest.mark.databases("sqlite", "postgresql")`; what asks a database nothing of its
own says `databases("sqlite")`, which is the quicker. At night (NIGHT=1, `make test-night`) each runs on both,
but for `databases(…, only=True)`: what the other has not got. docs/testing.md has the reasons.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, event, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from campaign.core.database import writing
from campaign.extensions import db

DATABASES = ("sqlite", "postgresql")
NIGHT = os.environ.get("NIGHT") == "1"
# `make quick` asks one of a test's databases.
QUICK = os.environ.get("QUICK") == "1"
BY_DAY = ("postgresql",)
# The flows of the browser walk on the database that an installation has unless told otherwise; nearly all
# else is on the other.
SITES_BY_DAY = ("sqlite",)


def chosen(metafunc: pytest.Metafunc, by_day: tuple[str, ...] = BY_DAY) -> tuple[str, ...]:
    """The databases that a test runs on."""
    marker = metafunc.definition.get_closest_marker("databases")
    if NIGHT and not (marker and marker.kwargs.get("only")):
        return DATABASES
    found: tuple[str, ...] = marker.args if marker else by_day
    return found[-1:] if QUICK else found


def lose_in_a_power_cut(app: Flask) -> None:
    """Let SQLite wait for no disk: a test database need not outlive the machine. That ours does,
    tests/core/test_durability.py shows.
    """
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _wait_for_no_disk)


def _wait_for_no_disk(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


def empty(app: Flask) -> None:
    """Empty every table, whoever filled it and by whatever way."""
    names = [table.name for table in reversed(db.metadata.sorted_tables)]
    with app.app_context(), writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            # It takes all in one go, in less time than it needs to say which are filled.
            session.execute(text("; ".join(f'DELETE FROM "{name}"' for name in names)))
            return
        filled = text(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
        )
        found = set(session.scalars(filled))
        for name in names:
            if name in found:
                session.execute(text(f'DELETE FROM "{name}"'))


Rows = list[tuple[Table, list[dict[str, Any]]]]


def all_rows(app: Flask) -> Rows:
    """All that stands in all tables, to be put back for another test."""
    with app.app_context(), db.engine.connect() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in db.metadata.sorted_tables
        ]
    return [(table, values) for table, values in found if values]


def put_back(app: Flask, rows: Rows) -> None:
    """Fill empty tables with rows that stood in them before."""
    with app.app_context(), writing() as session:
        for table, values in rows:
            session.execute(table.insert(), values)
