"""One table of states, one door: whatever button, list or mail changes a signature."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core import retention
from campaign.core.database import writing
from campaign.extensions import db
from campaign.moderation.models import Batch, FalseReport
from campaign.moderation.queries import ReportFigures, reports_of
from campaign.privacy import backups
from campaign.signatures import states, tombstones
from campaign.signatures.bulk_insert import Imported, import_signatures, prepare, withdraw_imported
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import UNDOABLE, SignatoryKind, Signature, State, Tombstone
from campaign.signatures.names import reason_of
from campaign.signatures.states import TRANSITIONS, By, first_state, may_move, move
from campaign.statements.models import Statement
from tests.support import Campaign, csrf, organisation_form

FLAGGED, TOGETHER = "/desk/review/flagged", "/desk/review/together"


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """An open statement that organisations and people sign."""
    return campaign.statement("free")


def send(team: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Post a form with a token of this session."""
    return team.post(address, data={"csrf_token": csrf(team)} | fields)


def report(client: FlaskClient, position: int = 1) -> int:
    """Say that the name at this place is false. Returns the status."""
    return client.post("/s/free/report", data={"position": str(position)}).status_code


def claim(campaign: Campaign) -> uuid.UUID:
    """An organisation that waits for review. Returns the id of its signature."""
    return campaign.signature(campaign.sign(**organisation_form(email="anna@league.example.org"))).id


def state_of(app: Flask, signature_id: uuid.UUID) -> str:
    """The state of a signature."""
    with app.app_context():
        return str(db.session.get_one(Signature, signature_id).state)


def batch_of(app: Flask) -> int:
    """The id of the one decision that was taken together."""
    with app.app_context():
        return db.session.scalars(select(Batch.id)).one()


def last_action(app: Flask) -> str:
    """What was recorded last."""
    with app.app_context():
        return str(db.session.scalar(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)))


def test_what_the_table_does_not_have_is_refused() -> None:
    for before, to, by in product(State, State, By):
        ended_on = dt.date(2027, 3, 4) if before in UNDOABLE else None
        signature = Signature(state=before, folded=True, wants_updates=False, ended_on=ended_on)
        if may_move(before, to, by) and to is not State.WITHDRAWN:
            move(signature, to, by)
            assert (signature.state, signature.folded) == (to, False)
            continue
        with pytest.raises(NotAllowed):
            move(signature, to, by)
        assert (signature.state, signature.folded) == (before, True)


def test_the_table_has_each_way_once_and_a_way_to_each_state() -> None:
    ways = [(source, way.to, by) for way in TRANSITIONS for source in way.sources for by in way.by]
    assert len(ways) == len(set(ways))
    assert {to for _source, to, _by in ways} == set(State)
    assert not [way for way in ways if way[0] is State.WITHDRAWN], "withdrawn is final"
    with pytest.raises(NotAllowed):
        first_state(State.LISTED, By.IMPORT)


@pytest.mark.parametrize("button", ["show", "look"])
def test_showing_a_reported_name_again_finds_it_genuine_whatever_the_button(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, statement: int, button: str
) -> None:
    signature_id = campaign.signature(campaign.sign(name="Anna Example")).id
    assert report(client) == 303 and state_of(app, signature_id) == "hidden"
    send(team, f"/desk/signatures/{signature_id}/{button}", decision="accept")
    campaign.work()
    with app.app_context():
        assert reports_of(statement) == ReportFigures(1, 0, 1)
        position = db.session.get_one(Signature, signature_id).position
    assert "Nothing is waiting" in team.get(FLAGGED).text
    assert last_action(app) == "report dismissed"
    assert report(client, position or 0) == 303
    assert state_of(app, signature_id) == "listed", "somebody has looked: the next report does not hide it"


@pytest.mark.parametrize("together", [False, True])
def test_a_rejection_is_undone_in_one_way(
    team: FlaskClient, campaign: Campaign, app: Flask, together: bool
) -> None:
    signature_id = claim(campaign)
    send(team, TOGETHER, action="reject", signature=[signature_id], sure="y", reason="Unknown")
    assert state_of(app, signature_id) == "rejected"
    send(team, f"{TOGETHER}/{batch_of(app)}/undo" if together else f"/desk/signatures/{signature_id}/undo")
    assert state_of(app, signature_id) == "review"
    assert last_action(app) == "rejection undone"
    with app.app_context():
        assert db.session.get_one(Signature, signature_id).sealed_reason is None


def imported(app: Flask, statement: int) -> uuid.UUID:
    """A person of a list from outside. Returns the id of the signature."""
    with app.app_context(), writing() as session:
        revision = session.get_one(Statement, statement).revisions[0].id
        ready = prepare([Imported(SignatoryKind.PERSON, {"name": "Boris Example"}, "PL", "a paper list")])
        (signature_id,) = import_signatures(session, statement, revision, "en", ready, {})
        return signature_id


def test_erasing_leaves_the_day_alone_whoever_erases(
    app: Flask, campaign: Campaign, client: FlaskClient, team: FlaskClient, statement: int
) -> None:
    link = campaign.sign(name="Anna Example")
    brought = imported(app, statement)
    restored = campaign.signature(campaign.sign(name="Carl Example", email="carl@post.example.org")).id
    client.post(link, data={"action": "withdraw"})
    with app.app_context():
        with writing() as session:
            assert withdraw_imported(session, select(Signature.id).where(Signature.id == brought)) == 1
        with app.extensions["settings"].tombstones_path.open("a") as journal:
            journal.write(f"{restored}\n")
        with writing() as session:
            assert backups.replay(session) == (1, 0)
        gone = db.session.scalars(select(Signature)).all()
        assert [signature.state for signature in gone] == ["withdrawn"] * 3
        assert {signature.confirmed_at.time() for signature in gone} == {dt.time()}
        assert {signature.confirmed_at.date() for signature in gone} == {dt.datetime.now(dt.UTC).date()}
    campaign.work()
    assert campaign.counts() == (0, 0)


def test_a_set_of_several_days_keeps_each_its_day(app: Flask, campaign: Campaign, statement: int) -> None:
    signature_ids = [imported(app, statement) for _number in range(3)]
    moments = [dt.datetime(2026, 3, day, 22, 15, tzinfo=dt.UTC) for day in (1, 2, 9)]
    with app.app_context():
        with writing() as session:
            for signature_id, moment in zip(signature_ids, moments, strict=True):
                session.get_one(Signature, signature_id).confirmed_at = moment
        with writing() as session:
            withdraw_imported(session, select(Signature.id))
        left = [db.session.get_one(Signature, signature_id).confirmed_at for signature_id in signature_ids]
    assert left == [moment.replace(hour=0, minute=0) for moment in moments]


@pytest.mark.databases("postgresql")
def test_what_comes_while_a_set_is_erased_is_left_alone(
    app: Flask, statement: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, late = imported(app, statement), []

    def bury(session: Session, ids: Iterable[uuid.UUID]) -> int:
        count = tombstones.bury(session, ids)
        other = threading.Thread(target=lambda: late.append(imported(app, statement)))
        other.start()
        other.join(30)
        return count

    monkeypatch.setattr(states, "bury", bury)
    with app.app_context(), writing() as session:
        assert states.withdraw_all(session, [Signature.statement_id == statement], By.IMPORT) == 1
    assert state_of(app, first) == State.WITHDRAWN and state_of(app, late[0]) == State.CONFIRMED
    with app.app_context():
        assert db.session.scalars(select(Tombstone.signature_id)).all() == [first]


def test_days_of_decisions_go_with_what_they_decided(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    signature_id = claim(campaign)
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new")
    with app.app_context():
        assert db.session.get_one(Signature, signature_id).approved_on == today
    send(team, f"/desk/signatures/{signature_id}/hide")
    with app.app_context():
        hidden = db.session.get_one(Signature, signature_id)
        assert (hidden.approved_on, hidden.removed_on) == (today, today)
        with writing() as session:
            states.withdraw(session, session.get_one(Signature, signature_id))
        withdrawn = db.session.get_one(Signature, signature_id)
        assert (withdrawn.approved_on, withdrawn.removed_on) == (None, None)


def test_undoing_an_approval_takes_its_day_back(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    signature_id = claim(campaign)
    send(team, TOGETHER, action="approve", signature=[signature_id], sure="y")
    send(team, f"{TOGETHER}/{batch_of(app)}/undo")
    with app.app_context():
        signature = db.session.get_one(Signature, signature_id)
        assert (signature.state, signature.approved_on) == ("review", None)


def test_a_report_about_a_withdrawn_signature_leaves_the_count(
    app: Flask, campaign: Campaign, client: FlaskClient, statement: int
) -> None:
    link = campaign.sign(name="Anna Example")
    report(client)
    with app.app_context():
        assert reports_of(statement) == ReportFigures(1, 0, 0)
    client.post(link, data={"action": "withdraw"})
    with app.app_context():
        assert reports_of(statement) == ReportFigures()
        retention.purge_all()
        assert db.session.scalars(select(FalseReport)).all() == []
        assert reports_of(statement) == ReportFigures()


def test_one_report_that_waits_keeps_a_name_undecided(
    app: Flask, campaign: Campaign, client: FlaskClient, team: FlaskClient, statement: int
) -> None:
    signature_id = campaign.signature(campaign.sign(name="Anna Example")).id
    report(client)
    send(team, f"/desk/signatures/{signature_id}/look", decision="accept")
    campaign.work()
    with app.app_context():
        position = db.session.get_one(Signature, signature_id).position
    report(client, position or 0)
    with app.app_context():
        assert reports_of(statement) == ReportFigures(1, 0, 0)
    send(team, f"/desk/signatures/{signature_id}/look", decision="invalidate")
    with app.app_context():
        assert reports_of(statement) == ReportFigures(1, 1, 0)


def test_an_organisation_made_public_while_hidden_is_reviewed_before_it_is_listed(
    app: Flask, campaign: Campaign, client: FlaskClient, team: FlaskClient
) -> None:
    link = campaign.sign(**organisation_form(email="anna@league.example.org", visibility="team"))
    signature_id = campaign.signature(link).id
    send(team, f"/desk/signatures/{signature_id}/name")
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new")
    campaign.work()
    send(team, f"/desk/signatures/{signature_id}/hide")
    client.post(link, data={"action": "visibility", "visibility": "public", "name": "Anna Example"})
    send(team, f"/desk/signatures/{signature_id}/show")
    assert state_of(app, signature_id) == "review"
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new")
    campaign.work()
    assert state_of(app, signature_id) == "listed"
    assert campaign.counts() == (0, 1)


@pytest.mark.parametrize("held", ["hidden", "quarantined"])
def test_sending_a_held_organisation_to_review_is_undone_together_with_the_decision(
    app: Flask, campaign: Campaign, client: FlaskClient, team: FlaskClient, held: str
) -> None:
    link = campaign.sign(**organisation_form(email="anna@league.example.org", visibility="team"))
    signature_id = campaign.signature(link).id
    send(team, f"/desk/signatures/{signature_id}/name")
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new")
    campaign.work()
    send(team, f"/desk/signatures/{signature_id}/hide")
    client.post(link, data={"action": "visibility", "visibility": "public", "name": "Anna Example"})
    with app.app_context(), writing() as session:
        signature = session.get_one(Signature, signature_id)
        if held == "quarantined":
            # Held before it was listed: it was never removed.
            signature.state, signature.removed_on = State.QUARANTINED, None
        removed = signature.removed_on

    send(team, TOGETHER, action="accept", signature=[signature_id], sure="y")
    assert state_of(app, signature_id) == "review"
    send(team, f"{TOGETHER}/{batch_of(app)}/undo")
    assert state_of(app, signature_id) == held
    with app.app_context():
        after = db.session.get_one(Signature, signature_id)
        assert (reason_of(after), after.removed_on) == (None, removed)
