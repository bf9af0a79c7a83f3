"""S7: nothing personal is in clear on the disk at any moment: not while a backup is made, not when its process is
killed, not in what papers are set from; and the files of the site are its owner's alone.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import LargeBinary, select

from campaign import create_app
from campaign.circulation.models import Invitation, Suggestion
from campaign.config import Settings, SettingsError
from campaign.core import whole_file
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.core.private_files import keep_private_folder, private_folder
from campaign.core.vault import SealBroken
from campaign.documents import pdf
from campaign.exports.models import CompleteExport
from campaign.extensions import db
from campaign.privacy import key_rotation
from campaign.signatures.models import Signature
from campaign.signatures.names import reason_of, write_reason
from tests.support import KEYS, Campaign

ROOT = Path(__file__).resolve().parent.parent.parent
CANARY = "CanaryAtRest"
# Which of the steps kills the process: the first write, within the tables, the last one, the end of the encryption.
MOMENTS = ["write 1", "write 2", "write 5", "write 9", "end"]
KILLED = """
import os, signal, sys
from pathlib import Path
import pyrage
from campaign import create_app
from campaign.privacy import age_streams, backup_archive, backups
moment, out, recipient = sys.argv[1:]
def die(*_arguments, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "end":
    backups.os.fsync = die
else:
    left, add = [int(moment.split()[1])], backup_archive._add
    def counted(*arguments):
        left[0] -= 1
        add(*arguments)
        if not left[0]:
            die()
    backup_archive._add = counted
with create_app().app_context():
    backups.make(Path(out), [pyrage.x25519.Recipient.from_str(recipient)])
"""


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize(
    "moment",
    [
        one if number in (0, len(MOMENTS) - 1) else pytest.param(one, marks=pytest.mark.night)
        for number, one in enumerate(MOMENTS)
    ],
)
def test_a_backup_that_is_killed_leaves_nothing_in_clear(
    environment: dict[str, str],
    database_url: str,
    app: Flask,
    campaign: Campaign,
    tmp_path: Path,
    moment: str,
) -> None:
    campaign.statement()
    campaign.signed(name=f"{CANARY} Signer")
    identity, folder, out = pyrage.x25519.Identity.generate(), tmp_path / "instance", tmp_path / "backup.age"
    said = environment | {"DATABASE_URL": database_url, "INSTANCE_PATH": str(folder), "PATH": "/usr/bin"}
    command = [sys.executable, "-c", KILLED, moment, str(out), str(identity.to_public())]
    done = subprocess.run(command, env=said, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -9, done.stderr
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(CANARY.encode() in path.read_bytes() for path in left)
    assert {path.name for path in left} <= {"backup.age"}


def test_a_backup_holds_its_rows_in_parts_and_restores_them(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from campaign.privacy import backup_archive, backups  # noqa: PLC0415  changed below

    monkeypatch.setattr(backup_archive, "_PART", 100)
    campaign.statement()
    for number in range(5):
        campaign.signed(name=f"Name\n\\t{number} “ж”\x1f", email=f"{number}@post.example.org")
    identity = pyrage.x25519.Identity.generate()
    with app.app_context():
        before = db.session.scalars(select(Signature.name).order_by(Signature.name)).all()
        db.session.rollback()
        backups.make(tmp_path / "b.age", [identity.to_public()])
        backups.restore(tmp_path / "b.age", [identity], replace=True)
        assert db.session.scalars(select(Signature.name).order_by(Signature.name)).all() == before


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.databases("sqlite", only=True)
def test_the_files_of_the_site_are_its_owners_alone_from_the_first_write_on(
    environment: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    assert database_url.startswith("sqlite")
    folder = tmp_path / "instance"
    database = folder / "site.db"
    settings = Settings.from_environment(
        environment | {"DATABASE_URL": f"sqlite:///{database}", "INSTANCE_PATH": str(folder)}
    )
    before = os.umask(0)
    try:
        site = create_app(settings)
        assert (_mode(folder), _mode(database), database.stat().st_size) == (0o700, 0o600, 0)
        with site.app_context():
            upgrade()
            with writing():
                modes = {path.name: _mode(path) for path in folder.iterdir() if path.is_file()}
            db.session.remove()
            db.engine.dispose()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600} and {"site.db", "site.db-wal", "site.db-shm"} <= set(modes)
    # Those of earlier releases are tightened at the next start.
    folder.chmod(0o755)
    database.chmod(0o644)
    (folder / "site.db-wal").touch(0o644)
    site = create_app(settings)
    assert (_mode(folder), _mode(database), _mode(folder / "site.db-wal")) == (0o700, 0o600, 0o600)
    with site.app_context():
        db.engine.dispose()


def test_a_folder_that_can_not_be_closed_to_others_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path, _mode: int) -> None:
        raise PermissionError

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(SettingsError, match="let it belong to the user that runs the site"):
        keep_private_folder(tmp_path)


def test_what_a_killed_process_left_is_gone_at_the_next_start(
    environment: dict[str, str], tmp_path: Path
) -> None:
    left = [tmp_path / ".backup-x", tmp_path / "papers" / "tmpx", tmp_path / ".private-x"]
    for one in left:
        one.mkdir(parents=True)
        (one / "backup.tar").write_text(CANARY)
    site = create_app(Settings.from_environment(environment | {"INSTANCE_PATH": str(tmp_path)} | KEYS))
    assert not any(one.exists() for one in left)
    with site.app_context(), private_folder() as used:
        create_app(Settings.from_environment(environment | {"INSTANCE_PATH": str(tmp_path)} | KEYS))
        assert used.is_dir()
        db.engine.dispose()


def test_papers_are_set_without_a_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    run = subprocess.run

    def watched(*arguments: object, **named: object) -> object:
        before = set(app_folder.rglob("*"))
        done = run(*arguments, **named)  # type: ignore[call-overload]
        written.extend(str(path) for path in app_folder.rglob("*") if path not in before)
        assert CANARY.encode() in named["input"]  # type: ignore[operator]
        return done

    app_folder = app.extensions["settings"].instance_path
    monkeypatch.setattr(pdf.subprocess, "run", watched)
    with app.app_context():
        made = pdf.typeset("envelope.typ", {"lines": [CANARY]}, "x", files={CANARY: b"x"})
    assert made.startswith(b"%PDF") and written == []


def test_a_file_that_is_never_finished_has_no_name(tmp_path: Path) -> None:
    seen = []

    def chunks() -> object:
        yield CANARY.encode()
        seen.extend(path.name for path in tmp_path.iterdir())
        yield b"end"

    whole_file.write_whole_file(tmp_path / "list.csv", chunks())  # type: ignore[arg-type]
    assert seen == [] and [path.name for path in tmp_path.iterdir()] == ["list.csv"]
    assert _mode(tmp_path / "list.csv") == 0o600


SEALED = {
    "signatures.sealed_reason": Signature,
    "invitations.sealed_source": Invitation,
    "suggestions.sealed_remark": Suggestion,
    "complete_exports.sealed_why": CompleteExport,
}


def test_free_texts_about_people_are_sealed_and_follow_new_keys(app: Flask) -> None:
    with app.app_context():
        places = {place.name: place for place in key_rotation.places()}
        for name, model in SEALED.items():
            assert isinstance(places[name].column.type, LargeBinary)
            clear = name.partition(".sealed_")[2]
            assert clear not in model.__table__.columns
        signature = Signature(id=new_id())
        write_reason(signature, f"{CANARY} told us")
        assert CANARY.encode() not in (signature.sealed_reason or b"")
        assert reason_of(signature) == f"{CANARY} told us"
        other = Signature(id=new_id(), sealed_reason=signature.sealed_reason)
        with pytest.raises(SealBroken):
            reason_of(other)
