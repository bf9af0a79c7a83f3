"""Backups: one file, encrypted to age recipients. Restoring brings back nothing withdrawn or destroyed since.

The file is a tar of `manifest.json` and the data, as SQLite's own copy or as one COPY per table of
PostgreSQL, at one moment. Nothing of it is written unencrypted except to a folder that only the site's user
reads, beside the database itself, and that is removed afterwards.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyrage
import pysqlite3.dbapi2 as sqlite
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Connection, Table, delete, func, select, text
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.models import TeamSession
from campaign.core import clock
from campaign.core.database import WRITES, insert_unless_taken, snapshot, writing
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.privacy.audit_actions import PrivacyAction
from campaign.privacy.models import BackupNote
from campaign.signatures.models import Signature, State, Tombstone
from campaign.signatures.states import By, erase
from campaign.signatures.tombstones import destroyed_keys, journal
from campaign.statements.models import Statement, StatementKey

_MANIFEST, _SQLITE = "manifest.json", "database.sqlite"
_FOLDER = ".backup-"
_LEFT_SECONDS = 24 * 3600


class BackupRefused(Exception):
    """The backup can't be made or restored here; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The time a backup was made, and the numbers of signatures and keys that the journal removed again."""

    made_at: dt.datetime
    withdrawn: int
    keys: int


def recipients(written: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """age public keys (`age1…`), parsed. Raises BackupRefused."""
    try:
        return [pyrage.x25519.Recipient.from_str(one.strip()) for one in written]
    except pyrage.RecipientError:
        raise BackupRefused(
            "A recipient is not a public key of age: it begins with age1. Make a pair with age-keygen."
        ) from None


def identities(written: str) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file made by age-keygen. Raises BackupRefused, without repeating what it read."""
    lines = [line.strip() for line in written.splitlines() if line.strip() and not line.startswith("#")]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BackupRefused(
            "The file of identities holds no secret key of age: it has lines that begin with "
            "AGE-SECRET-KEY-1."
        )
    return found


def make(out: Path, to: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write an encrypted backup to `out`, which must not exist. Raises FileExistsError."""
    with private_folder() as folder, out.open("xb") as encrypted:
        out.chmod(0o600)
        archive = folder / "backup.tar"
        with tarfile.open(archive, "w") as tar:
            _pack(tar, folder)
        with archive.open("rb") as plain:
            pyrage.encrypt_io(plain, encrypted, list(to))


def note(session: Session, keep_days: int) -> BackupNote:
    """Record until when a backup made now is kept: data erased later lives that long in it."""
    made = BackupNote(made_at=clock.now(), expires_on=clock.today() + dt.timedelta(days=keep_days))
    session.add(made)
    session.flush()
    record(session, PrivacyAction.BACKUP_MADE, f"backup:{made.id}", days=keep_days)
    return made


def restore(file: Path, secret: Sequence[pyrage.x25519.Identity], *, replace: bool = False) -> Restored:
    """Replace the data by a backup, then remove what the journal says.

    Raises BackupRefused, also where data would be replaced without `replace`.
    """
    if not replace and _holds_data():
        raise BackupRefused(
            "The database holds statements: restore into an empty one, or say --yes to replace all that "
            "is there."
        )

    with private_folder() as folder, opened(file, secret, folder) as tar:
        manifest = json.loads(cast(Any, tar.extractfile(_MANIFEST)).read())
        if manifest["database"] != db.engine.dialect.name:
            raise BackupRefused(
                f"This is a backup of {manifest['database']}, and DATABASE_URL names another kind of "
                "database."
            )
        _unpack_sqlite(tar, folder) if manifest["database"] == "sqlite" else _unpack_postgresql(tar, manifest)

    upgrade()
    with writing() as session:
        withdrawn, keys = replay(session)
        # Members signed in then may have been signed out since.
        session.execute(delete(TeamSession))
        subject = f"backup:{manifest['made_at'][:10]}"
        record(session, PrivacyAction.BACKUP_RESTORED, subject, withdrawn=withdrawn, keys=keys)

    current_app.extensions["page_cache"].clear()

    return Restored(dt.datetime.fromisoformat(manifest["made_at"]), withdrawn, keys)


def replay(session: Session) -> tuple[int, int]:
    """Withdraw and destroy again what is in the journal but not in the database.

    Returns (signatures, keys).
    """
    withdrawn = keys = 0
    for row in journal():
        insert_unless_taken(
            session, cast(Table, Tombstone.__table__), {"signature_id": row}, ("signature_id",)
        )
        signature = session.get(Signature, row)
        if signature is not None and signature.state != State.WITHDRAWN:
            erase(session, signature, By.RESTORE)
            withdrawn += 1

    for statement_id in destroyed_keys():
        key = session.get(StatementKey, statement_id)
        if key is not None and key.sealed is not None:
            key.sealed, key.destroyed_at = None, clock.now()
            keys += 1

    session.flush()

    return withdrawn, keys


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder beside the database that only the site's user reads, removed afterwards.

    So are folders left a day ago by a process that was killed.
    """
    for left in settings().instance_path.glob(f"{_FOLDER}*"):
        if left.stat().st_mtime < clock.now().timestamp() - _LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=settings().instance_path, prefix=_FOLDER) as folder:
        yield Path(folder)


@contextmanager
def opened(file: Path, secret: Sequence[pyrage.x25519.Identity], folder: Path) -> Iterator[tarfile.TarFile]:
    """The archive within a backup, decrypted into `folder`. Raises BackupRefused."""
    archive = folder / "opened.tar"
    try:
        with file.open("rb") as encrypted, archive.open("wb") as plain:
            pyrage.decrypt_io(encrypted, plain, list(secret))
        with tarfile.open(archive) as tar:
            yield tar
    except (pyrage.DecryptError, tarfile.TarError, OSError) as error:
        raise BackupRefused(
            f"This backup can't be opened with these identities, or it is damaged ({type(error).__name__})."
        ) from None


def _pack(tar: tarfile.TarFile, folder: Path) -> None:
    manifest: dict[str, Any] = {"made_at": clock.now().isoformat(), "database": db.engine.dialect.name}
    if db.engine.dialect.name == "sqlite":
        _add(tar, _MANIFEST, json.dumps(manifest).encode())
        copy = folder / _SQLITE
        source = sqlite.connect(cast(str, db.engine.url.database))
        try:
            # Without the pages that were freed, where something erased could be.
            source.execute("VACUUM INTO ?", (str(copy),))
        finally:
            source.close()
        tar.add(copy, _SQLITE)
        copy.unlink()
        return

    with snapshot() as connection:
        tables = {
            table.name: [column.name for column in table.columns] for table in db.metadata.sorted_tables
        }
        manifest |= {
            "tables": tables,
            "revision": connection.scalar(text("SELECT version_num FROM alembic_version")),
        }
        _add(tar, _MANIFEST, json.dumps(manifest).encode())

        for name, columns in tables.items():
            copy = folder / name
            cursor = cast(Any, connection.connection.cursor())
            with copy.open("wb") as file, cursor.copy(f"COPY {name} ({_quoted(columns)}) TO STDOUT") as rows:
                for part in rows:
                    file.write(part)
            tar.add(copy, f"{name}.copy")
            copy.unlink()


def _unpack_sqlite(tar: tarfile.TarFile, folder: Path) -> None:
    tar.extract(_SQLITE, folder, filter="data")
    db.session.remove()
    source, target = sqlite.connect(str(folder / _SQLITE)), sqlite.connect(cast(str, db.engine.url.database))
    try:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupRefused("The database in this backup is damaged. Nothing was changed.")
        source.backup(target)
    finally:
        source.close()
        target.close()
    db.engine.dispose()


def _unpack_postgresql(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    db.session.remove()
    upgrade(revision=manifest["revision"])
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        held = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if held != manifest["revision"]:
            raise BackupRefused(
                f"The database is newer (migration {held}) than the backup ({manifest['revision']}): "
                "restore into an empty one."
            )
        connection.execute(text(f"TRUNCATE {', '.join(manifest['tables'])} CASCADE"))
        for name, columns in manifest["tables"].items():
            _copy_in(connection, name, columns, cast(Any, tar.extractfile(f"{name}.copy")))


def _copy_in(connection: Connection, name: str, columns: list[str], file: io.BufferedReader) -> None:
    cursor = cast(Any, connection.connection.cursor())
    with cursor.copy(f"COPY {name} ({_quoted(columns)}) FROM STDIN") as rows:
        while part := file.read(1 << 20):
            rows.write(part)
    if "id" in columns and (
        counter := connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
    ):
        highest = connection.scalar(text(f"SELECT max(id) FROM {name}"))  # noqa: S608  names of ours
        if highest:
            connection.execute(
                text("SELECT setval(:counter, :highest)"), {"counter": counter, "highest": highest}
            )


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _holds_data() -> bool:
    if not db.inspect(db.engine).has_table("statements"):
        return False
    return bool(db.session.scalar(select(func.count()).select_from(Statement)))
