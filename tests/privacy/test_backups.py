"""A backup is one encrypted file; restored, it brings back what was there, and nothing that was withdrawn
or destroyed since.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyrage
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.private_files import private_folder
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.privacy import key_destruction
from campaign.privacy.models import BackupNote
from campaign.signatures.models import Signature
from campaign.statements import lifecycle
from campaign.statements.models import Safety, Statement, StatementKey
from tests.support import Campaign, csrf, form
from tests.world.addresses import House, rows

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, Path]:
    """A public key of age, and the file of its secret one as age-keygen writes it."""
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public()), file


def run(app: Flask, *args: str) -> str:
    """A command that ends well; what it says."""
    done = app.test_cli_runner().invoke(args=["campaign", *args])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_restored_backup_holds_what_was_there(house: House, pair: tuple[str, Path], tmp_path: Path) -> None:
    app, file = house.app, tmp_path / "backup.age"
    before = rows(app)
    assert "Delete it on" in run(app, "backup", "--out", str(file), "--to", pair[0])
    assert file.read_bytes().startswith(b"age-encryption.org/v1") and file.stat().st_mode & 0o777 == 0o600
    with app.app_context(), writing() as session:
        session.execute(update(Signature).where(Signature.name.is_not(None)).values(name="Somebody Else"))
    assert "Restored, as of" in run(app, "restore", str(file), "--identity", str(pair[1]), "--yes")
    after = rows(app)
    # The backup says that it was made, the restore that it was done; who was signed in is no more.
    assert {name for name in before if before[name] != after[name]} <= {
        "team_sessions",
        "audit_entries",
        "backup_notes",
    }
    assert after["signatures"] == before["signatures"] and after["team_sessions"] == []
    assert house.stranger.get("/s/free").status_code == 200
    # Numbers go on after those that were restored.
    run(app, "backup", "--out", str(tmp_path / "second.age"), "--to", pair[0])


def test_withdrawn_stays_withdrawn_and_destroyed_stays_destroyed(
    app: Flask, campaign: Campaign, client: FlaskClient, pair: tuple[str, Path], tmp_path: Path
) -> None:
    campaign.statement()
    gone, stays = campaign.signed(), campaign.signed(email="b@post.example.org", name="Boris Stays")
    run(app, "backup", "--out", str(tmp_path / "b.age"), "--to", pair[0])
    client.post(gone, data={"action": "withdraw"})
    with app.app_context(), writing() as session:
        key_destruction.destroy(session, session.scalars(select(Statement)).one())
    campaign.work()
    said = run(app, "restore", str(tmp_path / "b.age"), "--identity", str(pair[1]), "--yes")
    assert "Withdrawn again: 1. Keys of statements destroyed again: 1." in said
    campaign.work()
    assert campaign.counts() == (1, 0)
    assert campaign.signature(gone).name is None and campaign.signature(stays).name == "Boris Stays"
    with app.app_context():
        assert db.session.scalars(select(StatementKey.sealed)).one() is None


def test_what_can_not_be_restored_changes_nothing(
    app: Flask, campaign: Campaign, pair: tuple[str, Path], tmp_path: Path
) -> None:
    campaign.statement()
    file, other = tmp_path / "b.age", tmp_path / "other.txt"
    run(app, "backup", "--out", str(file), "--to", pair[0])
    other.write_text(str(pyrage.x25519.Identity.generate()))
    cut = tmp_path / "cut.age"
    cut.write_bytes(file.read_bytes()[:-100])
    empty = tmp_path / "empty.txt"
    empty.write_text("nothing")
    before = rows(app)
    tries = [
        ((str(file), "--identity", str(pair[1])), "say --yes to replace"),
        ((str(file), "--identity", str(other), "--yes"), "can't be opened with these identities"),
        ((str(cut), "--identity", str(pair[1]), "--yes"), "can't be opened with these identities"),
        ((str(file), "--identity", str(empty), "--yes"), "holds no secret key of age"),
    ]
    for args, words in tries:
        done = app.test_cli_runner().invoke(args=["campaign", "restore", *args])
        assert done.exit_code == 1 and words in done.output, done.output
    assert rows(app) == before
    again = app.test_cli_runner().invoke(args=["campaign", "backup", "--out", str(file), "--to", pair[0]])
    assert "already exists" in again.output
    wrong = app.test_cli_runner().invoke(
        args=["campaign", "backup", "--out", str(tmp_path / "c.age"), "--to", "ssh-rsa nothing"]
    )
    assert "not a public key of age" in wrong.output and not (tmp_path / "c.age").exists()


def test_nothing_readable_stays_on_the_disk(house: House, pair: tuple[str, Path], tmp_path: Path) -> None:
    folder = house.app.extensions["settings"].instance_path
    before = {path.name for path in folder.iterdir()}
    run(house.app, "backup", "--out", str(tmp_path / "b.age"), "--to", pair[0])
    run(house.app, "drill")
    assert {path.name for path in folder.iterdir()} == before


def test_what_a_killed_process_left_is_removed_by_the_worker_and_what_a_living_one_has_stays(
    app: Flask,
) -> None:
    folder = app.extensions["settings"].instance_path
    left = [folder / ".backup-old", folder / ".private-old", folder / "papers" / "tmpold"]
    for one in left:
        one.mkdir(parents=True)
        (one / "backup.tar").write_text("left")
    with app.app_context(), private_folder() as used:
        worker.run_once(app)
        assert used.is_dir() and not any(one.exists() for one in left)
    assert not used.exists()


def test_the_drill_proves_it_and_fails_when_it_is_not_so(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    campaign.signed(visibility="team", name="Hidden Canary", updates="y")
    campaign.submit(email="pending.canary@post.example.org")
    said = run(app, "drill")
    assert "Readable in the encrypted file: 0. Readable once it is opened: 0." in said
    assert "Looked for 0 addresses" not in said and ", 0 names" not in said
    with app.app_context(), writing() as session:
        session.execute(update(Signature).values(source="toldbypending.canary@post.example.organdothers"))
    failed = app.test_cli_runner().invoke(args=["campaign", "drill"])
    assert failed.exit_code == 1 and "Readable once it is opened: 1." in failed.output
    assert "canary" not in failed.output


def high(app: Flask) -> None:
    """Let the statement be of high safety."""
    with app.app_context(), writing() as session:
        session.execute(update(Statement).values(safety=Safety.HIGH))


def close(app: Flask) -> None:
    """Close the statement as the desk does."""
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.scalars(select(Statement)).one())


def test_a_key_is_destroyed_eight_days_after_closing_and_nobody_can_ask_then(
    app: Flask, campaign: Campaign, team: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    high(app)
    campaign.sign()
    now = clock.now()
    with app.app_context():
        key_destruction.destroy_what_is_due()
        assert db.session.scalars(select(StatementKey.sealed)).one() is not None
    close(app)
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=7, hours=23))
    with app.app_context():
        key_destruction.destroy_what_is_due()
        assert db.session.scalars(select(StatementKey.sealed)).one() is not None
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=8, minutes=1))
    with app.app_context():
        key_destruction.destroy_what_is_due()
        key = db.session.scalars(select(StatementKey)).one()
        assert key.sealed is None and key.destroyed_at is not None
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(hours=1))
    token = csrf(team)
    assert (
        "its key has been destroyed"
        in team.post("/desk/statements/free/reopen", data={"csrf_token": token}, follow_redirects=True).text
    )
    forget_all(app)
    assert app.test_client().post("/s/free/sign", data=form()).status_code == 409


def test_at_standard_safety_the_key_stays(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    close(app)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=400))
    with app.app_context():
        key_destruction.destroy_what_is_due()
        assert db.session.scalars(select(StatementKey.sealed)).one() is not None


def test_a_key_is_gone_when_the_last_backup_with_it_is(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    high(app)
    today = clock.now()
    notes = [
        (today - dt.timedelta(days=3), 20),
        (today - dt.timedelta(days=2), 10),
        (today + dt.timedelta(days=1), 90),
    ]
    with app.app_context(), writing() as session:
        statement = session.scalars(select(Statement)).one()
        for made_at, days in notes:
            session.add(BackupNote(made_at=made_at, expires_on=(today + dt.timedelta(days=days)).date()))
        key_destruction.destroy(session, statement)
        assert (
            key_destruction.standing_of(session, statement).gone_on == (today + dt.timedelta(days=20)).date()
        )
    assert "permanently gone on" in run(app, "keys", "statements")
