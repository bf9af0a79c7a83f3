"""The database as rooms see it: transactions read unless begun by writing().

Only this module knows which database it is.

A transaction reads unless it was begun by writing(): SQLite then refuses every change (`query_only`),
PostgreSQL likewise (`READ ONLY`). On SQLite a write begins IMMEDIATE, because a deferred transaction that
turns from reading to writing fails at once with "database is locked", and waits behind one lock per process,
because SQLite's own waiting polls and is unfair.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any, cast

import psycopg
import pysqlite3.dbapi2 as sqlite
from flask import Flask, current_app
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    Result,
    Table,
    TextClause,
    bindparam,
    event,
    literal,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.config import SettingsError
from campaign.core.private_files import keep_private_database
from campaign.extensions import db

WRITES = "campaign_writes"
SNAPSHOT = "campaign_snapshot"
# Up to 3.51.2 a checkpoint in WAL mode could lose committed writes (sqlite.org, "WAL-reset bug").
_FIRST_SAFE_WAL = (3, 51, 3)
_BUSY_MS = 10_000
_SHED_MS = 250
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    f"busy_timeout = {_BUSY_MS}",
    "cache_size = -32000",
    "temp_store = MEMORY",
)


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Options for create_engine(): our SQLite driver, and a pool as large as the threads that use it.

    The text of an error does not repeat the values of a statement.
    """
    shared = {"pool_size": threads + 4, "max_overflow": threads, "hide_parameters": True}
    if url.startswith("sqlite"):
        return {"module": sqlite, **shared}
    return {**shared, "pool_pre_ping": True}


def init_app(app: Flask) -> None:
    """Bind the listeners that make every transaction read unless it says that it writes."""
    with app.app_context():
        engine = db.engine

    if engine.dialect.name == "sqlite":
        if sqlite.sqlite_version_info < _FIRST_SAFE_WAL:
            raise SettingsError(
                f"SQLite {sqlite.sqlite_version} can lose committed writes: install pysqlite3 0.6.1 or newer."
            )
        keep_private_database(engine.url.database)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        app.extensions["write_lock"] = threading.Lock()
    else:
        event.listen(engine, "begin", _begin_postgresql)
        app.extensions["write_lock"] = nullcontext()


@contextmanager
def writing() -> Generator[Session]:
    """One transaction that writes: commits at the end, rolls back on an error.

    Objects read before it are stale inside.

    Validate before entering: everyone else who writes waits meanwhile.
    """
    session = cast(Session, db.session())
    session.rollback()
    with current_app.extensions["write_lock"]:
        try:
            session.connection(execution_options={WRITES: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def snapshot() -> Generator[Connection]:
    """A separate connection that reads, and sees the database as it was at its first query for as long as it
    is open.

    It needs no app context once open, so a streamed response may hold it. Datetimes cast to text are in UTC.
    """
    with db.engine.connect().execution_options(**{SNAPSHOT: True}) as connection:
        yield connection


def changed_rows(done: Result[Any]) -> int:
    """The number of rows that an UPDATE or DELETE has changed: the session's type does not tell that it
    returns a cursor's result.
    """
    return cast(CursorResult[Any], done).rowcount


def insert_unless_taken(
    session: Session,
    table: Table,
    values: dict[str, Any],
    unique: tuple[str, ...],
    where: TextClause | None = None,
) -> bool:
    """Insert one row unless a row with the same `unique` columns (among those that meet `where`) exists.

    True if inserted.

    `where` is the predicate of the partial unique index that decides, one object for all calls. A concurrent
    insert of the same row is waited for.
    """
    statement = _insert_unless_taken(session.get_bind().dialect.name, table, unique, where)
    # Not rowcount, which psycopg leaves unset here.
    return session.execute(statement, values).first() is not None


@cache
def _insert_unless_taken(
    dialect: str, table: Table, unique: tuple[str, ...], where: TextClause | None
) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite_dialect.insert
    return (
        insert(table)
        .on_conflict_do_nothing(index_elements=list(unique), index_where=where)
        .returning(literal(1))
    )


def as_stored(table: Table, column: str) -> Callable[[Any], Any]:
    """The function that turns a value of this column into what the driver takes, for insert_rows()."""
    dialect = db.engine.dialect
    convert = cast(Any, table.c[column].type.dialect_impl(dialect)).bind_processor(dialect)
    return cast(Callable[[Any], Any], convert) if convert else lambda value: value


def insert_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert many rows of values as_stored(), bypassing the ORM's work for each of them.

    Raises IntegrityError.
    """
    session.flush()
    connection, names = session.connection(), ", ".join(columns)
    if connection.dialect.name == "postgresql":
        _copy_rows(connection, f"COPY {table.name} ({names}) FROM STDIN", rows)
        return
    marks = ", ".join("?" for _column in columns)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608  names of ours


def _copy_rows(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Copy the rows in: one COPY takes a fifth of the time of as many INSERTs."""
    cursor = cast(Any, connection.connection.cursor())
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    finally:
        cursor.close()


def rewrite_rows(session: Session, table: Table, column: str, ids: Sequence[Any]) -> None:
    """Write the rows with these values of `column` again, in this order, so that their physical order does
    not tell in which order they came.

    Their content stays as it is. The old copies are to be swept (sweep) once the transaction has ended.
    """
    session.flush()
    connection, convert = session.connection(), as_stored(table, column)
    if connection.dialect.name == "postgresql":
        # Every update writes a row anew.
        again = (
            update(table).where(table.c[column] == bindparam("row_id")).values({column: bindparam("row_id")})
        )
        for row_id in ids:
            connection.execute(again, {"row_id": row_id})
        return

    # Names of ours.
    highest = f"SELECT coalesce(max(rowid), 0) FROM {table.name}"  # noqa: S608
    found = f"SELECT rowid FROM {table.name} WHERE {column} = ?"  # noqa: S608
    move = f"UPDATE {table.name} SET rowid = ? WHERE rowid = ?"  # noqa: S608
    place = cast(int, connection.exec_driver_sql(highest).scalar())
    for row_id in ids:
        rowids = connection.exec_driver_sql(found, (convert(row_id),)).scalars().all()
        for rowid in rowids:
            place += 1
            connection.exec_driver_sql(move, (place, rowid))


def sweep(*tables: Table) -> None:
    """Remove from the database's files what was erased from these tables: PostgreSQL leaves a row in place
    until it is swept.
    """
    if shed_log() and db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT", **{WRITES: True}
        ) as connection:
            for table in tables:
                connection.execute(text(f"VACUUM {table.name}"))


def shed_log() -> bool:
    """Move SQLite's write-ahead log into the database, so that nothing erased survives in it.

    False while a long read still needs it.
    """
    if db.engine.dialect.name != "sqlite":
        return True

    driver = db.engine.raw_connection()
    cursor = driver.cursor()
    try:
        with current_app.extensions["write_lock"]:
            # Writers wait while this waits for readers: not for as long as a download may take.
            cursor.execute(f"PRAGMA busy_timeout = {_SHED_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _pages, _moved) = cast(tuple[int, int, int], cursor.fetchone())
            return not busy
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        driver.close()


def _prepare_sqlite(connection: DBAPIConnection, record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does.
    cast(Any, connection).isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    record.info["query_only"] = False


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.info.get("query_only") is writes:
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.info["query_only"] = not writes
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(SNAPSHOT, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    elif not options.get(WRITES, False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@contextmanager
def upgrade_connection(engine: Engine) -> Generator[Connection]:
    """A connection for migrations, which write.

    SQLite changes a table by copying and dropping it, and dropping it would delete every row that refers to
    one of its own: so its foreign keys are off meanwhile, and are checked at the end. Raises IntegrityError
    where a row then refers to nothing.
    """
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return

        driver = cast(Any, connection.connection.dbapi_connection)
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            yield connection
            connection.rollback()
            if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
                raise sqlite.IntegrityError(
                    f"the migration left rows that refer to nothing: {sorted({row[0] for row in broken})}"
                )
        finally:
            connection.rollback()
            driver.execute("PRAGMA foreign_keys = ON")
