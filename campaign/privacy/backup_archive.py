"""The contents of a backup: a tar of `manifest.json` and of the rows of each table, in parts, at one moment.

It is written and read as a stream, in one go. A part is whole rows: of PostgreSQL as COPY writes them, of
SQLite as a line of JSON for each row, followed by the bytes of its cells that are no text. Backups of
earlier
releases hold one `.copy` for each table, or the file of SQLite, and are restored as well.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

from sqlalchemy import Connection, text

from campaign.core import clock
from campaign.core.database import snapshot
from campaign.extensions import db

MANIFEST, OLD_SQLITE = "manifest.json", "database.sqlite"
_PART = 1 << 20
_ROWS = "rows"


def pack(plain: IO[bytes]) -> None:
    """Write the archive of the whole database into a stream, from one snapshot."""
    sqlite = db.engine.dialect.name == "sqlite"
    with tarfile.open(fileobj=plain, mode="w|") as tar, snapshot() as connection:
        manifest = {
            "made_at": clock.now().isoformat(),
            "database": db.engine.dialect.name,
            "revision": connection.scalar(text("SELECT version_num FROM alembic_version")),
            **(_of_sqlite(connection) if sqlite else _of_postgresql()),
        }
        _add(tar, MANIFEST, json.dumps(manifest).encode())
        for table, columns in manifest["tables"].items():
            rows = _sqlite_rows if sqlite else _postgresql_rows
            for number, part in enumerate(_parts(rows(connection, table, columns))):
                _add(tar, f"{_ROWS}/{table}/{number:06}", part)


def table_of(entry: tarfile.TarInfo) -> str | None:
    """The table whose rows are in this entry; None for an entry of another kind."""
    if entry.name.endswith(".copy"):
        return entry.name.removesuffix(".copy")
    kind, _slash, rest = entry.name.partition("/")
    return rest.partition("/")[0] if kind == _ROWS else None


def sqlite_rows_in(part: IO[bytes]) -> Iterator[list[Any]]:
    """The rows of a part that was written from SQLite."""
    while line := part.readline():
        yield [part.read(cell["bytes"]) if isinstance(cell, dict) else cell for cell in json.loads(line)]


def quoted(names: Iterable[str]) -> str:
    """Names of columns for SQL."""
    return ", ".join(f'"{name}"' for name in names)


def _of_sqlite(connection: Connection) -> dict[str, Any]:
    """The tables with their columns, and all that makes them, tables first."""
    cursor = cast(Any, connection.connection.cursor())
    made = cursor.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'"
        " ORDER BY type <> 'table', rowid"
    ).fetchall()
    tables = [name for kind, name, _sql in made if kind == "table"]
    columns = {
        name: [row[0] for row in cursor.execute("SELECT name FROM pragma_table_info(?)", (name,))]
        for name in tables
    }
    return {"tables": columns, "schema": [sql for _kind, _name, sql in made]}


def _of_postgresql() -> dict[str, Any]:
    return {
        "tables": {
            table.name: [column.name for column in table.columns] for table in db.metadata.sorted_tables
        }
    }


def _sqlite_rows(connection: Connection, table: str, columns: list[str]) -> Iterator[bytes]:
    cursor = cast(Any, connection.connection.cursor())
    # In the order in which they are stored, which at high safety was shuffled.
    for row in cursor.execute(f'SELECT {quoted(columns)} FROM "{table}" ORDER BY rowid'):  # noqa: S608  names of ours
        cells = [{"bytes": len(cell)} if isinstance(cell, bytes) else cell for cell in row]
        line = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
        yield b"".join((line.encode(), b"\n", *(cell for cell in row if isinstance(cell, bytes))))


def _postgresql_rows(connection: Connection, table: str, columns: list[str]) -> Iterator[bytes]:
    cursor = cast(Any, connection.connection.cursor())
    # The server sends each row as a message of its own.
    with cursor.copy(f"COPY {table} ({quoted(columns)}) TO STDOUT") as rows:
        for row in rows:
            yield bytes(row)


def _parts(rows: Iterable[bytes]) -> Iterator[bytes]:
    part = bytearray()
    for row in rows:
        part += row
        if len(part) >= _PART:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))
