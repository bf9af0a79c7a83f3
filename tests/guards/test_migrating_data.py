"""A migration keeps what is in the database: letters keep their addressees, revisions and keys, on the way
there and back.
"""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from campaign.accounts import audit
from campaign.accounts.queries import member_at
from campaign.core.database import upgrade_connection, writing
from campaign.core.hashed_names import name_for_hash
from campaign.core.search import search_key
from campaign.core.vault import digest, vault
from campaign.extensions import db
from campaign.handover.frozen_lists import blot_out, blotted, published_digest
from campaign.handover.models import FrozenList
from campaign.mailing.models import OutboxMail

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


def test_names_that_are_not_listed_and_digests_of_frozen_lists_are_sealed(fresh: Flask) -> None:
    sqlite = db.engine.dialect.name == "sqlite"
    stored = [one.replace("-", "") if sqlite else one for one in (APPROVED, HIDDEN, SHOWN)]
    upgrade(revision="0002")
    with upgrade_connection(db.engine) as connection:
        for row in ROWS:
            connection.execute(text(row))
        connection.commit()
    upgrade(revision="0012")
    none = {"organisation": "NULL", "index": "NULL", "registered": "NULL", "position": "NULL"}
    of_organisation = {"organisation": "'League'", "index": "'x'", "registered": "1", "position": "NULL"}
    with upgrade_connection(db.engine) as connection:
        for values in (
            {"id": stored[0], "kind": "organisation", "state": "invalidated", **of_organisation},
            {"id": stored[1], "kind": "person", "state": "hidden", **none},
            {"id": stored[2], "kind": "person", "state": "listed", **none, "position": "2"},
        ):
            connection.execute(text(SIGNED.format(**values)))
        connection.execute(text(f"UPDATE signatures SET reason = 'No Anna here' WHERE id = '{stored[0]}'"))
        connection.execute(
            text(
                "INSERT INTO frozen_lists (id, statement_id, revision_id, list_version, people, organisations,"
                " sha256, frozen_at) VALUES ('abc', 1, 1, 1, 1, 0, 'f00d', '2027-03-04 10:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO frozen_lines (frozen_id, number, signature_id, line) VALUES ('abc', 1, "
                f"'{stored[1]}', 'Anna')"
            )
        )
        connection.commit()
    upgrade()
    names = "SELECT name, organisation_name, sealed IS NOT NULL, sealed_reason IS NOT NULL FROM signatures"
    assert _values(f"{names} ORDER BY id") == [
        (None, None, True, True),
        (None, None, True, False),
        ("Anna", None, False, False),
    ]
    assert _values("SELECT sha256 FROM frozen_lists") == [(None,)]
    frozen = db.session.scalars(select(FrozenList)).one()
    assert published_digest(frozen) == "f00d"
    with writing() as session:
        blot_out()
        assert (published_digest(session.get_one(FrozenList, "abc")), blotted("abc")) == ("", 0)
    db.session.remove()
    downgrade(revision="0012")
    assert _values("SELECT name, organisation_name, reason FROM signatures ORDER BY id") == [
        ("Anna", "League", "No Anna here"),
        ("Anna", None, None),
        ("Anna", None, None),
    ]
    assert _values("SELECT sha256 FROM frozen_lists") == [("f00d",)]
    assert _values("SELECT line FROM frozen_lines") == [("Anna",)]


def test_mails_that_wait_members_and_the_log_are_sealed_and_come_back(fresh: Flask) -> None:
    upgrade(revision="0013")
    waiting, sent = uuid.UUID(int=1 << 100), uuid.UUID(int=2 << 100)
    stored = [one.hex if db.engine.dialect.name == "sqlite" else str(one) for one in (waiting, sent)]
    content = {"to": "anna@post.example.org", "context": {}, "tallies": []}
    entry = ("0" * 64, "2027-03-04T10:00:02.123456+00:00", "5", "member added", "member 5", "{}")
    chained = digest(*entry)
    rows = (
        MEMBER[0].replace("fs_uniquifier", "calendar_key"),
        "INSERT INTO outbox (id, template, language, sealed, state, attempts, due_at, expires_at) VALUES"
        f" ('{stored[0]}', 'signing/no_link', 'be', :sealed, 'queued', 1, '2027-03-04 10:00:01.5',"
        " '2027-03-05 10:00:01.5')",
        "INSERT INTO outbox (id, template, language, state, attempts, due_at, expires_at, ended_at) VALUES"
        f" ('{stored[1]}', 'signing/confirmation_once', 'be', 'sent', 1, '2027-03-04 10:00:01.5',"
        " '2027-03-05 10:00:01.5', '2027-03-04 10:00:03.5')",
        "INSERT INTO audit_entries (id, at, member_id, action, subject, details, previous, digest) VALUES"
        f" (1, :at, 5, 'member added', 'member 5', '{{}}', '{'0' * 64}', '{chained}')",
    )
    at = "2027-03-04 10:00:02.123456" + ("" if db.engine.dialect.name == "sqlite" else "+00")
    with upgrade_connection(db.engine) as connection:
        for row in rows:
            values = {"sealed": vault().seal_json(content, "outbox", "sealed", waiting), "at": at}
            connection.execute(text(row), {name: values[name] for name in values if f":{name}" in row})
        connection.commit()
    upgrade()
    mails = {mail.state: mail for mail in db.session.scalars(select(OutboxMail))}
    assert not {mail.id for mail in mails.values()} & {waiting, sent}
    said = vault().unseal_json(mails["queued"].sealed or b"", "outbox", "sealed", mails["queued"].id)
    assert (said["template"], said["language"], said["message_id"]) == ("signing/no_link", "be", waiting.hex)
    assert said["until"] == "2027-03-05T10:00:01.500000+00:00" and said["to"] == content["to"]
    assert (mails["sent"].ended_at or dt.datetime.now()).second == 0
    found = member_at("editor@team.example")
    assert found is not None and (found.id, found.name) == (5, "An Editor")
    assert audit.verify_chain() == audit.Chain(1, None)
    db.session.remove()
    downgrade(revision="0013")
    assert _values("SELECT email, name FROM team_members") == [("editor@team.example", "An Editor")]
    assert _values("SELECT template, language FROM outbox WHERE state = 'queued'") == [
        ("signing/no_link", "be")
    ]
    assert _values("SELECT digest FROM audit_entries") == [(chained,)]
    upgrade()
    assert audit.verify_chain().holds


def test_a_log_that_was_changed_is_not_mended_by_the_migration(fresh: Flask) -> None:
    upgrade(revision="0013")
    with upgrade_connection(db.engine) as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entries (id, at, action, subject, details, previous, digest) VALUES"
                f" (1, '2027-03-04 10:00:02', 'member added', 'member 5', '{{}}', '{'0' * 64}', 'made up')"
            )
        )
        connection.commit()
    upgrade()
    assert audit.verify_chain() == audit.Chain(1, 1)


GUARDED = (
    "INSERT INTO signatures (id, statement_id, kind, state, visibility, provenance, language, wants_updates,"
    " confirmed_at, folded, notice, name, organisation_name, sealed, mailbox_index, seat, organisation_index,"
    " organisation_id)"
    " VALUES ('{id}', {statement}, '{kind}', '{state}', '{visibility}', 'web', 'en', false, '2027-03-01 10:00:00', true,"
    " '2026-11', {name}, {organisation}, {sealed}, {blob}, {seat}, {index}, {registered})"
)


def test_what_older_versions_kept_of_mailboxes_at_high_safety_is_cleared(fresh: Flask) -> None:
    upgrade(revision="0002")
    with upgrade_connection(db.engine) as connection:
        for row in (*ROWS[:2], ROWS[5]):
            connection.execute(text(row))
        connection.execute(
            text(
                "INSERT INTO statements (id, slug, kind, status, signers, safety, created_at, sample, version)"
                " VALUES (2, 'guarded', 'petition', 'draft', 'both', 'high', CURRENT_TIMESTAMP, false, 1)"
            )
        )
        connection.commit()
    upgrade(revision="0012")
    lite = db.engine.dialect.name == "sqlite"
    blob = "x'aa'" if lite else "'\\xaa'::bytea"
    person = {"kind": "person", "state": "confirmed", "visibility": "public", "name": "'Anna'", "seat": "1"}
    person |= {"organisation": "NULL", "sealed": "NULL", "index": "NULL", "registered": "NULL"}
    league = person | {"kind": "organisation", "organisation": "'League'", "seat": "NULL", "index": blob}
    rows = (
        person | {"statement": "1"},
        person | {"statement": "2"},
        league | {"statement": "2", "registered": "1"},
        league | {"statement": "2", "state": "rejected", "index": blob.replace("aa", "bb")},
        league
        | {"statement": "2", "visibility": "team", "name": "NULL", "organisation": "NULL", "sealed": blob}
        | {"index": blob.replace("aa", "cc")},
    )
    with upgrade_connection(db.engine) as connection:
        for number, row in enumerate(rows):
            key = f"00000000-0000-4000-8000-00000000000{number}"
            stored = key.replace("-", "") if lite else key
            connection.execute(text(GUARDED.format(**row | {"id": stored, "blob": blob})))
        connection.execute(
            text(
                f"INSERT INTO mail_tallies (index, mails, expires_at) VALUES ({blob}, 3, '2027-03-08 10:00:00')".replace(
                    "(index", '("index"'
                )
            )
        )
        connection.commit()
    upgrade()
    kept = _values("SELECT statement_id, mailbox_index IS NOT NULL, seat FROM signatures ORDER BY id")
    assert [(one, bool(index), seat) for one, index, seat in kept] == [
        (1, True, 1),
        *((2, False, None),) * 4,
    ]
    places = [
        bytes(value)  # type: ignore[call-overload]
        for (value,) in _values(
            "SELECT organisation_index FROM signatures WHERE kind = 'organisation' ORDER BY id"
        )
    ]
    # Who is on the list in public keeps its place; others have one that nobody else meets.
    assert places[0] == b"\xaa" and len(places[1]) == len(places[2]) == 32 and len(set(places)) == 3
    assert _values("SELECT count(*) FROM mail_tallies") == [(0,)]
    downgrade(revision="0012")
    assert _values("SELECT count(*) FROM signatures") == [(5,)]


WAITING = (
    "INSERT INTO submissions (id, statement_id, revision_id, language, sealed, code_index, expires_at)"
    " VALUES ('01890000000070008000000000000001', 1, 1, 'en', 'sealed', 'code', '2027-03-04 10:00:00')",
    "INSERT INTO link_requests (id, statement_id, language, sealed, expires_at)"
    " VALUES ('01890000000070008000000000000002', 1, 'en', 'sealed', '2027-03-04 10:00:00')",
)


def test_forms_that_have_their_mail_and_lost_links_keep_their_place(fresh: Flask) -> None:
    for revision, rows in (("0002", ROWS[:2]), ("0012", WAITING)):
        upgrade(revision=revision)
        with upgrade_connection(db.engine) as connection:
            for row in rows:
                connection.execute(text(row))
            connection.commit()
    upgrade()
    assert _values("SELECT mail_waits FROM submissions WHERE code_index IS NOT NULL") == [(None,)]
    assert [bool(later) for (later,) in _values("SELECT later FROM link_requests")] == [False]
    downgrade(revision="0012")
    assert _values("SELECT count(*) FROM submissions WHERE code_index IS NOT NULL") == [(1,)]
    assert _values("SELECT count(*) FROM link_requests") == [(1,)]


MEMBER_AT_0012 = MEMBER[0].replace("fs_uniquifier", "calendar_key")
SAID = (
    "INSERT INTO circulations (statement_id, deadline, sealed, discreet, remind_days, closes_at_once, started_at)"
    " VALUES (1, CURRENT_TIMESTAMP, :sealed, false, '', false, CURRENT_TIMESTAMP)",
    "INSERT INTO circulated_texts (id, statement_id, number, change, note, texts, sha256, sent_at)"
    " VALUES (1, 1, 1, 'first', '', '[]', 'x', CURRENT_TIMESTAMP)",
    "INSERT INTO invitations (id, statement_id, way, sealed, language, created_at, bounced, answer, answered_at, text_id,"
    " shown_early, late, unknown, source, signature_id, kit_sent, over, organisation_id)"
    " VALUES (:invitation, 1, 'by hand', :sealed, 'en', CURRENT_TIMESTAMP, false, 'sign', CURRENT_TIMESTAMP, 1, false, false,"
    " false, 'Anna, by phone', :signature, false, false, 1)",
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
    assert _values("SELECT organisation_id FROM invitations") == [(1,)]
    upgrade()
    assert _values("SELECT organisation_id FROM invitations") == [(None,)], "its signature is not listed"
    downgrade(revision="0012")
    for (table, clear, _sealed), said in sealed_columns.items():
        assert (said,) in _values(f"SELECT {clear} FROM {table}")
    assert _values("SELECT source FROM signatures") == [("Anna, by phone",)]
    assert _values("SELECT remark FROM suggestions WHERE id = 5") == [("",)]


def test_row_18_names_entered_before_are_found_by_what_people_type(fresh: Flask) -> None:
    old, new = name_for_hash("Ёлкин Әбілова 李明"), search_key("Ёлкин Әбілова 李明")
    upgrade(revision="0018")
    with upgrade_connection(db.engine) as connection:
        connection.execute(
            text(
                "INSERT INTO organisations (id, slug, created_at, un_status, from_signature) VALUES"
                " (1, 'one', CURRENT_TIMESTAMP, 'none', false)"
            )
        )
        row = (
            "INSERT INTO organisation_names (id, organisation_id, language, name, search_key, canonical, use)"
        )
        connection.execute(
            text(row + " VALUES (1, 1, 'ru', 'Ёлкин Әбілова 李明', :key, true, 'name')"), {"key": old}
        )
        watched = "INSERT INTO watched_names (id, kind, name, key) VALUES (:id, 'person', :name, :key)"
        for number, name in enumerate(("Ёлкин", "Елкин"), 1):
            connection.execute(text(watched), {"id": number, "name": name, "key": name_for_hash(name)})
        connection.commit()

    upgrade(revision="0019")
    assert _values("SELECT search_key FROM organisation_names") == [(new,)]
    assert _values("SELECT name, key FROM watched_names") == [("Ёлкин", search_key("Ёлкин"))]
    downgrade(revision="0018")
    assert _values("SELECT search_key FROM organisation_names") == [(old,)]
