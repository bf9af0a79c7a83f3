"""The database that migrations build is the one that the models describe, to the last CHECK, and the way
back works too.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Connection, Engine, text

from campaign.core.database import upgrade_connection
from campaign.extensions import db

pytestmark = pytest.mark.databases("sqlite", "postgresql")

# What each catalogue says of tables: a name and its definition in the words of the database.
_POSTGRESQL = """
SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce(' COLLATE ' || l.collname, '') || a.attidentity::text || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'sequence ' || sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'
"""
_SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"

Schema = dict[str, list[str]]


def test_migrations_build_what_the_models_describe(fresh: Flask) -> None:
    upgrade()
    check()
    migrated = _schema(db.engine)
    with upgrade_connection(db.engine) as connection:
        _drop_all(connection)
        db.metadata.create_all(connection)
        connection.commit()
    described = _schema(db.engine)
    assert {
        name: definition for name, definition in migrated.items() if described.get(name) != definition
    } == {}
    assert migrated == described


def test_down_to_nothing_and_up_again_is_the_same(fresh: Flask) -> None:
    upgrade()
    before = _schema(db.engine)
    downgrade(revision="base")
    assert _schema(db.engine) == {}
    upgrade()
    assert _schema(db.engine) == before


def test_every_constraint_has_a_name_of_its_own(fresh: Flask) -> None:
    upgrade()
    names = [constraint.name for table in db.metadata.sorted_tables for constraint in table.constraints]
    assert None not in names
    found = "\n".join(f"{name} {' '.join(parts)}" for name, parts in _schema(db.engine).items())
    assert [name for name in names if not re.search(rf"\b{name}\b", found)] == []
    assert len(names) == len(set(names))


def _schema(engine: Engine) -> Schema:
    """Every column, constraint and index by name, without the table in which Alembic keeps its place."""
    question = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
    with engine.connect() as connection:
        found = connection.execute(text(question)).tuples().all()
    return {
        name: _parts(definition) for name, definition in found if "alembic_version" not in name + definition
    }


def _parts(definition: str) -> list[str]:
    """The parts of a definition, in whatever order and layout: columns and constraints of a table, else
    the whole.
    """
    plain = " ".join(definition.replace('"', "").split())
    if not plain.startswith("CREATE TABLE"):
        return [plain]
    parts, depth = [""], 0
    for letter in plain.partition("(")[2].rpartition(")")[0]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return sorted(part.strip() for part in parts)


def _drop_all(connection: Connection) -> None:
    db.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    connection.commit()
