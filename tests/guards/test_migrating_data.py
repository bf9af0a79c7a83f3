"""A migration keeps what is in the database: letters keep their addressees, revisions and keys, on the way
there and back.
"""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from campaign.core.database import upgrade_connection
from campaign.core.vault import vault
from campaign.extensions import db

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ROWS = (
    "INSERT INTO statements (id, slug, kind, status, signers, safety, created_at, sample, version)"
    " VALUES (1, 'letter', 'open letter', 'draft', 'both', 'standard', CURRENT_TIMESTAMP, false, 1)",
    "INSERT INTO revisions (id, statement_id, number, change) VALUES (1, 1, 1, 'first')",
    "INSERT INTO translations (revision_id, language, rank, title, body) VALUES (1, 'en', 0, 'A letter',"
    " 'Words')",
    "INSERT INTO addressees (id, statement_id, rank) VALUES (7, 1, 0)",
    "INSERT INTO addressee_names (addressee_id, language, name, role) VALUES (7, 'en', 'Minister"
    " Example', 'Minister')",
    "INSERT INTO organisations (id, slug, created_at) VALUES (1, 'example', CURRENT_TIMESTAMP)",
    "INSERT INTO statement_owners (statement_id, organisation_id, rank) VALUES (1, 1, 0)",
)


MEMBER = (
    "INSERT INTO team_members (id, email, name, language, password, active, fs_uniquifier, created_at)"
    " VALUES (5, 'editor@team.example', 'An Editor', 'en', 'a hash', true, 'random', CURRENT_TIMESTAMP)",
    "INSERT INTO team_roles (id, name) VALUES (2, 'editor')",
    "INSERT INTO member_roles (member_id, role_id) VALUES (5, 2)",
    "INSERT INTO team_sessions (id, member_id, digest, begun_at, expires_at)"
    " VALUES ('01890000000070008000000000000001', 5, 'digest', '2027-03-04 10:00:00', '2027-03-04 22:00:00')",
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


def test_members_keep_roles_sessions_and_the_address_of_their_calendar(fresh: Flask) -> None:
    upgrade(revision="0009")
    with upgrade_connection(db.engine) as connection:
        for row in MEMBER:
            connection.execute(text(row))
        connection.commit()
    joined = (
        "team_members m JOIN member_roles r ON r.member_id = m.id JOIN team_sessions s ON s.member_id = m.id"
    )
    kept = "SELECT m.id, m.password, m.{}, s.digest FROM " + joined
    upgrade()
    assert _values(kept.format("calendar_key")) == [(5, "a hash", "random", "digest")]
    downgrade(revision="0009")
    assert _values(kept.format("fs_uniquifier")) == [(5, "a hash", "random", "digest")]


IMPORTS = (
    "INSERT INTO former_slugs (slug, statement_id) VALUES ('first-address', 1)",
    "INSERT INTO imports (id, statement_id, stage, source, created_at, rows, passed, people,"
    " organisations, finished_at)"
    " VALUES ('01890000000070008000000000000001', 1, 'done', 'paper', '2027-03-04 10:00:00', 2, 2, 2, 0,"
    " '2027-03-04 10:00:01')",
    "INSERT INTO imports (id, statement_id, stage, source, created_at, rows, passed, people,"
    " organisations, finished_at)"
    " VALUES ('01890000000070008000000000000002', 1, 'undone', 'paper', '2027-03-05 10:00:00', 2, 2, 2,"
    " 0, '2027-03-05 10:00:01')",
    "INSERT INTO audit_entries (id, at, action, subject, details, previous, digest)"
    " VALUES (1, '2027-03-04 10:00:02', 'signatures imported', 'statement:first-address',"
    ' \'{"list": "aa01", "organisations": 0, "people": 2}\', \'a\', \'b\')',
    "INSERT INTO audit_entries (id, at, action, subject, details, previous, digest)"
    " VALUES (2, '2027-03-05 10:00:01', 'signatures imported', 'statement:letter',"
    ' \'{"list": "bb02", "organisations": 0, "people": 2}\', \'b\', \'c\')',
    # Older than the imports: no row carries its mark.
    "INSERT INTO audit_entries (id, at, action, subject, details, previous, digest)"
    " VALUES (3, '2027-03-01 10:00:00', 'signatures imported', 'statement:letter',"
    ' \'{"list": "cc03", "organisations": 0, "people": 2}\', \'c\', \'d\')',
)


def test_imports_take_the_marks_of_their_lists_over_from_the_audit_log(fresh: Flask) -> None:
    for revision, rows in (("0002", ROWS[:1]), ("0010", IMPORTS)):
        upgrade(revision=revision)
        with upgrade_connection(db.engine) as connection:
            for row in rows:
                connection.execute(text(row))
            connection.commit()
    upgrade()
    marks = _values("SELECT list_mark FROM imports ORDER BY id")
    assert [bytes(mark).hex() for (mark,) in marks] == ["aa01", "bb02"]  # type: ignore[arg-type]
    kept = _values("SELECT details FROM audit_entries WHERE id = 2")
    downgrade(revision="0010")
    assert _values("SELECT details FROM audit_entries WHERE id = 2") == kept
    assert _values("SELECT stage FROM imports ORDER BY id") == [("done",), ("undone",)]


SIGNED = (
    "INSERT INTO signatures (id, statement_id, kind, state, visibility, provenance, language,"
    " wants_updates, confirmed_at, folded, notice,"
    " name, organisation_name, organisation_index, organisation_id, position)"
    " VALUES ('{id}', 1, '{kind}', '{state}', 'public', 'web', 'en', false, '2027-03-01 10:00:00', true,"
    " '2026-11',"
    " 'Anna', {organisation}, {index}, {registered}, {position})"
)
LOGGED = (
    "INSERT INTO audit_entries (at, action, subject, details, previous, digest)"
    " VALUES ('{at}', '{action}', 'signature:{id}', '{{}}', '{number}', 'digest {number}')"
)
APPROVED, HIDDEN, SHOWN = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
DECISIONS = (
    ("2027-03-02 10:00:00", "organisation approved", APPROVED),
    ("2027-03-03 23:30:00", "signature reported", HIDDEN),
    ("2027-03-05 09:00:00", "signature hidden", HIDDEN),
    ("2027-03-06 09:00:00", "signature hidden", SHOWN),
    ("2027-03-07 09:00:00", "signature shown again", SHOWN),
)


def test_the_days_of_decisions_are_taken_over_from_the_log(fresh: Flask) -> None:
    upgrade(revision="0002")
    with upgrade_connection(db.engine) as connection:
        for row in ROWS:
            connection.execute(text(row))
        connection.commit()
    upgrade(revision="0010")
    none = {"organisation": "NULL", "index": "NULL", "registered": "NULL", "position": "NULL"}
    of_organisation = {"organisation": "'League'", "index": "'x'", "registered": "1", "position": "1"}
    plain = {"kind": "person", **none}
    signed = (
        {"id": APPROVED, "kind": "organisation", "state": "listed", **of_organisation},
        {"id": HIDDEN, "state": "hidden", **plain},
        {"id": SHOWN, "state": "listed", **plain, "position": "2"},
    )
    with upgrade_connection(db.engine) as connection:
        for values in signed:
            stored = values["id"].replace("-", "") if db.engine.dialect.name == "sqlite" else values["id"]
            connection.execute(text(SIGNED.format(**values | {"id": stored})))
        for number, (at, action, signature_id) in enumerate(DECISIONS):
            utc = at if db.engine.dialect.name == "sqlite" else f"{at}+00"
            connection.execute(text(LOGGED.format(at=utc, action=action, id=signature_id, number=number)))
        connection.commit()
    upgrade()
    days = "SELECT CAST(approved_on AS TEXT), CAST(removed_on AS TEXT) FROM signatures ORDER BY id"
    assert _values(days) == [("2027-03-02", None), (None, "2027-03-05"), (None, None)]
    downgrade(revision="0010")
    assert _values("SELECT count(*) FROM signatures") == [(3,)]
    upgrade()
    assert _values(days) == [("2027-03-02", None), (None, "2027-03-05"), (None, None)]


MEMBER_AT_0012 = MEMBER[0].replace("fs_uniquifier", "calendar_key")
SAID = (
    "INSERT INTO circulations (statement_id, deadline, sealed, discreet, remind_days, closes_at_once, started_at)"
    " VALUES (1, CURRENT_TIMESTAMP, :sealed, false, '', false, CURRENT_TIMESTAMP)",
    "INSERT INTO circulated_texts (id, statement_id, number, change, note, texts, sha256, sent_at)"
    " VALUES (1, 1, 1, 'first', '', '[]', 'x', CURRENT_TIMESTAMP)",
    "INSERT INTO invitations (id, statement_id, way, sealed, language, created_at, bounced, answer, answered_at, text_id,"
    " shown_early, late, unknown, source, signature_id, kit_sent, over)"
    " VALUES (:invitation, 1, 'by hand', :sealed, 'en', CURRENT_TIMESTAMP, false, 'sign', CURRENT_TIMESTAMP, 1, false, false,"
    " false, 'Anna, by phone', :signature, false, false)",
    "INSERT INTO suggestions (id, invitation_id, text_id, language, before, after, remark, verdict, made_at)"
    " VALUES (4, :invitation, 1, 'en', 'a', 'b', 'Ivan was arrested', 'open', CURRENT_TIMESTAMP),"
    " (5, :invitation, 1, 'en', 'a', 'c', '', 'open', CURRENT_TIMESTAMP)",
    "INSERT INTO complete_exports (id, statement_id, asked_by, why, recipient, asked_at)"
    " VALUES (:export, 1, 5, 'To warn Anna', 'age1', CURRENT_TIMESTAMP)",
)


def test_free_texts_are_sealed_and_opened_again(fresh: Flask) -> None:
    upgrade(revision="0002")
    with upgrade_connection(db.engine) as connection:
        for row in ROWS:
            connection.execute(text(row))
        connection.commit()
    upgrade(revision="0012")
    sealed_columns = {
        ("signatures", "reason", "sealed_reason"): "Found to be false: Anna",
        ("invitations", "source", "sealed_source"): "Anna, by phone",
        ("suggestions", "remark", "sealed_remark"): "Ivan was arrested",
        ("complete_exports", "why", "sealed_why"): "To warn Anna",
    }
    binding = {
        "signature": uuid.uuid4().hex,
        "invitation": uuid.uuid4().hex,
        "export": uuid.uuid4().hex,
        "sealed": b"x",
    }
    with upgrade_connection(db.engine) as connection:
        connection.execute(text(MEMBER_AT_0012))
        connection.execute(
            text(
                "INSERT INTO signatures (id, statement_id, kind, state, visibility, provenance, source, organisation_name,"
                " language, wants_updates, confirmed_at, folded, reason)"
                " VALUES (:signature, 1, 'organisation', 'rejected', 'public', 'by hand', 'Anna, by phone', 'House', 'en',"
                " false, CURRENT_TIMESTAMP, false, 'Found to be false: Anna')"
            ),
            binding,
        )
        for row in SAID:
            connection.execute(
                text(row), {name: value for name, value in binding.items() if f":{name}" in row}
            )
        connection.commit()
    upgrade(revision="0017")
    for (table, _clear, sealed), said in sealed_columns.items():
        ((row_id, value),) = [
            row for row in _values(f"SELECT id, {sealed} FROM {table}") if row[1] is not None
        ]
        assert said.encode() not in bytes(value)
        of_row = row_id if table == "suggestions" else uuid.UUID(str(row_id))
        assert vault().unseal(bytes(value), table, sealed, of_row).decode() == said
    assert _values("SELECT source FROM signatures") == [(None,)]
    downgrade(revision="0012")
    for (table, clear, _sealed), said in sealed_columns.items():
        assert (said,) in _values(f"SELECT {clear} FROM {table}")
    assert _values("SELECT source FROM signatures") == [("Anna, by phone",)]
    assert _values("SELECT remark FROM suggestions WHERE id = 5") == [("",)]
