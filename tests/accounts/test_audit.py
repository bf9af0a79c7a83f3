"""The log of what the team did, and the chain that holds it together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from campaign.accounts import audit, audit_words
from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.extensions import db
from tests.support import Campaign, csrf

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def fill(app: Flask, entries: int) -> None:
    """Some entries, one transaction each."""
    with app.app_context():
        for number in range(entries):
            with writing() as session:
                audit.record(session, "statement published", f"statement:{number}", revision=number)


def ids() -> list[int]:
    """The keys of all entries."""
    return list(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def test_an_empty_log_is_whole(context: Flask) -> None:
    assert audit.verify_chain() == audit.Chain(0, None)


def test_the_chain_holds(app: Flask) -> None:
    fill(app, 4)
    with app.app_context():
        assert audit.verify_chain() == audit.Chain(4, None)


@pytest.mark.parametrize(
    "change", [{"subject": "statement 9"}, {"action": "closed"}, {"details": '{"revision": 7}'}]
)
def test_a_changed_entry_breaks_the_chain(app: Flask, change: dict[str, str]) -> None:
    fill(app, 4)
    with app.app_context():
        second = ids()[1]
        with writing() as session:
            session.execute(update(AuditEntry).where(AuditEntry.id == second).values(**change))
        assert audit.verify_chain().broken_at == second


def test_a_removed_entry_breaks_the_chain(app: Flask) -> None:
    fill(app, 4)
    with app.app_context():
        second, third = ids()[1:3]
        with writing() as session:
            session.execute(delete(AuditEntry).where(AuditEntry.id == second))
        assert audit.verify_chain().broken_at == third


def test_entries_at_the_same_time_make_one_chain(app: Flask) -> None:
    fill(app, 1)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _number: fill(app, 5), range(6)))
    with app.app_context():
        assert audit.verify_chain() == audit.Chain(31, None)


def test_an_entry_that_is_rolled_back_leaves_no_gap(app: Flask) -> None:
    fill(app, 1)
    with app.app_context(), pytest.raises(ZeroDivisionError), writing() as session:
        audit.record(session, "published", "statement 1")
        _ = 1 / 0
    fill(app, 1)
    with app.app_context():
        assert audit.verify_chain().holds


def test_the_page_says_who_did_what(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    team.post("/desk/sign-out", data={"csrf_token": csrf(team)})
    other = campaign.member("second@team.example")
    page = other.get("/desk/audit").text
    assert (
        "Team Member" in page and "A session was ended" in page and "A member was added to the team" in page
    )
    assert "Role: Owner" in page and "signed out" not in page and "member 1" not in page
    assert "The log is intact" in page
    assert "second@team.example" not in page


def test_the_page_says_that_the_log_was_changed(app: Flask, team: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(AuditEntry).values(subject="somebody else"))
    page = team.get("/desk/audit").text
    assert "The log was changed from outside" in page


def test_the_log_goes_page_by_page(app: Flask, team: FlaskClient) -> None:
    fill(app, audit.PAGE_LENGTH)
    first = team.get("/desk/audit").text
    assert f'/desk/statements/{audit.PAGE_LENGTH - 1}"' in first and "?before=" in first
    with app.app_context():
        lines, older = audit.page()
        rest, none = audit.page(older)
    assert len(lines) == audit.PAGE_LENGTH and none is None
    assert [line.action for line in rest] == ["signed in", "member added"]


def test_only_owners_read_the_log(campaign: Campaign, client: FlaskClient) -> None:
    assert client.get("/desk/audit").status_code == 303
    assert campaign.member("editor@team.example", role="editor").get("/desk/audit").status_code == 403


def test_what_a_command_does_has_no_member(app: Flask, work: Callable[[], None]) -> None:
    fill(app, 1)
    with app.app_context():
        assert [line.who for line in audit.page()[0]] == [None]


def test_what_a_later_version_recorded_is_shown_as_it_is(context: Flask) -> None:
    line = audit.AuditLine(1, dt.datetime.now(dt.UTC), None, "moon painted", "moon 7", {"colour": "red"})
    assert (
        audit_words.action_text(line.action),
        audit_words.detail_texts(line),
        audit_words.subject_of(line),
    ) == (
        "moon painted",
        ["colour: red"],
        ("moon", "7"),
    )


def test_details_are_said_in_words(context: Flask) -> None:
    details = {
        "before": "reader",
        "after": "owner",
        "text_changed": False,
        "rows": 12345,
        "format": "csv",
        "change": "material",
    }
    line = audit.AuditLine(1, dt.datetime.now(dt.UTC), None, "role changed", "member 1", dict(details))
    assert audit_words.detail_texts(line) == [
        "Role before: Reader",
        "Role now: Owner",
        "Signatories: 12,345",
        "Format: CSV",
        "Demands change",
    ]


def test_each_room_says_the_details_of_its_own_actions(context: Flask) -> None:
    details = {
        "revision": 2,
        "sha256": "ab" * 32,
        "person": "an id",
        "kind": "arrest",
        "merged": "league",
        "moved": 1200,
        "published": True,
    }
    line = audit.AuditLine(
        1, dt.datetime.now(dt.UTC), None, "statement published", "statement:free", dict(details)
    )
    said = [
        "text 2",
        "SHA-256 abababababab…",
        "The record that was merged in: league",
        "Signatures moved: 1,200",
        "published at once",
    ]
    assert audit_words.detail_texts(line) == said
