"""Inserting many rows at once, past the ORM and its parameters, which would take longer than the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session


def as_stored(session: Session, table: Table, column: str) -> Callable[[Any], Any]:
    """A function from a value of this column to the value that the driver takes."""
    dialect = session.get_bind().dialect
    convert = cast(Any, table.c[column].type.dialect_impl(dialect)).bind_processor(dialect)
    return cast(Callable[[Any], Any], convert) if convert else lambda value: value


def insert_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows of driver values: COPY on PostgreSQL, one prepared statement on SQLite.

    In the transaction of `session`.
    """
    connection = session.connection()
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        with cast(Any, connection.connection.cursor()).copy(
            f"COPY {table.name} ({names}) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", cast(Any, rows))
