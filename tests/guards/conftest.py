"""A database of our own, for migrations to go up and down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from campaign import create_app
from campaign.config import Settings
from campaign.extensions import db


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of our own, beside the one of the other tests."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/schema.db"
        return
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS schema_test WITH (FORCE)")
        connection.execute("CREATE DATABASE schema_test")
    yield re.sub(r"/test_\w+\?", "/schema_test?", database_url)


@pytest.fixture
def fresh(environment: dict[str, str], empty_url: str) -> Iterator[Flask]:
    """An app on the empty database."""
    app = create_app(Settings.from_environment(environment | {"DATABASE_URL": empty_url}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
