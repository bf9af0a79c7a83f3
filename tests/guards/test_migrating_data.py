"""A migration keeps what is in the database: letters keep their addressees, revisions and keys, on the way there and back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from campaign.core.database import upgrade_connection
from campaign.extensions import db

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ROWS = (
    "INSERT INTO statements (id, slug, kind, status, signers, safety, created_at, sample, version)"
    " VALUES (1, 'letter', 'open letter', 'draft', 'both', 'standard', CURRENT_TIMESTAMP, false, 1)",
    "INSERT INTO revisions (id, statement_id, number, change) VALUES (1, 1, 1, 'first')",
    "INSERT INTO translations (revision_id, language, rank, title, body) VALUES (1, 'en', 0, 'A letter', 'Words')",
    "INSERT INTO addressees (id, statement_id, rank) VALUES (7, 1, 0)",
    "INSERT INTO addressee_names (addressee_id, language, name, role) VALUES (7, 'en', 'Minister Example', 'Minister')",
    "INSERT INTO organisations (id, slug, created_at) VALUES (1, 'example', CURRENT_TIMESTAMP)",
    "INSERT INTO statement_owners (statement_id, organisation_id, rank) VALUES (1, 1, 0)",
)


def _values(query: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_book_of_addressees_takes_over_those_of_each_statement(fresh: Flask) -> None:
    upgrade(revision="0002")
    with upgrade_connection(db.engine) as connection:
        for row in ROWS:
            connection.execute(text(row))
        connection.commit()
    upgrade()
    link = "SELECT l.rank, n.name, n.role, n.institution FROM statement_addressees l JOIN addressee_names n ON n.addressee_id = l.addressee_id"
    assert _values(link) == [(0, "Minister Example", "Minister", "")]
    assert _values("SELECT title FROM translations") == [("A letter",)]
    assert _values("SELECT time_zone, status FROM statements") == [("UTC", "draft")]
    assert _values("SELECT un_status FROM organisations") == [("none",)]
    assert _values("SELECT count(*) FROM statement_owners") == [(1,)]
    downgrade(revision="0002")
    before = "SELECT a.statement_id, a.rank, n.name FROM addressees a JOIN addressee_names n ON n.addressee_id = a.id"
    assert _values(before) == [(1, 0, "Minister Example")]
    assert _values("SELECT title FROM translations") == [("A letter",)]
