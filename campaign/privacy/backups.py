"""Backups: one file, encrypted to age recipients. Restoring brings back nothing withdrawn or destroyed since.

What is in it (backup_archive.py) goes through a pipe into the encryption, and out of it again
(age_streams.py): nothing of it is on a disk in clear at any moment. A backup is restored in one transaction,
so that one that is cut or changed changes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyrage
import pysqlite3.dbapi2 as sqlite
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Connection, Table, delete, func, select, text
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.models import TeamSession
from campaign.core import clock
from campaign.core.database import WRITES, insert_unless_taken, writing
from campaign.core.private_files import private_folder
from campaign.extensions import db
from campaign.privacy.age_streams import decrypting, encrypting
from campaign.privacy.audit_actions import PrivacyAction
from campaign.privacy.backup_archive import MANIFEST, OLD_SQLITE, pack, quoted, sqlite_rows_in, table_of
from campaign.privacy.models import BackupNote
from campaign.signatures.models import Signature, State, Tombstone
from campaign.signatures.states import By, erase
from campaign.signatures.tombstones import destroyed_keys, journal
from campaign.statements.models import Statement, StatementKey


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
    """Write an encrypted backup to `out`, which must not exist; one that fails is removed. Raises
    FileExistsError.
    """
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as encrypted:
        try:
            with encrypting(encrypted, to) as plain:
                pack(plain)
            encrypted.flush()
            os.fsync(encrypted.fileno())
        except BaseException:
            out.unlink(missing_ok=True)
            raise


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

    db.session.remove()
    manifest = _restored_rows(file, secret)
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
def opened(file: Path, secret: Sequence[pyrage.x25519.Identity]) -> Iterator[IO[bytes]]:
    """The archive within a backup, as a stream that is read to its end. Raises BackupRefused."""
    try:
        with file.open("rb") as encrypted, decrypting(encrypted, secret) as plain:
            yield plain
    except (pyrage.DecryptError, tarfile.TarError, OSError, KeyError, ValueError) as error:
        raise BackupRefused(
            f"This backup can't be opened with these identities, or it is damaged ({type(error).__name__})."
        ) from None


def _restored_rows(file: Path, secret: Sequence[pyrage.x25519.Identity]) -> dict[str, Any]:
    """Put the rows of a backup in place of all that is there, in one transaction; its manifest."""
    kind = db.engine.dialect.name
    manifest = _manifest_in(file, secret)
    if manifest["database"] != kind:
        raise BackupRefused(
            f"This is a backup of {manifest['database']}, and DATABASE_URL names another kind of database."
        )
    if kind == "sqlite" and "tables" not in manifest:
        _restore_old_sqlite(file, secret)
    elif kind == "sqlite":
        _restore_sqlite(file, secret, manifest)
    else:
        _restore_postgresql(file, secret, manifest)
    return manifest


def _manifest_in(file: Path, secret: Sequence[pyrage.x25519.Identity]) -> dict[str, Any]:
    """The manifest, once the whole file is known to open."""
    with opened(file, secret) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST:
            raise tarfile.ReadError("no manifest")
        return cast(dict[str, Any], json.loads(cast(Any, tar.extractfile(first)).read()))


def _tables_in(plain: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each part of a table in an archive: its name and its rows."""
    with tarfile.open(fileobj=plain, mode="r|") as tar:
        for entry in tar:
            if table := table_of(entry):
                yield table, cast(IO[bytes], tar.extractfile(entry))


def _restore_sqlite(file: Path, secret: Sequence[pyrage.x25519.Identity], manifest: dict[str, Any]) -> None:
    tables, schema = manifest["tables"], manifest["schema"]
    made, later = schema[: len(tables)], schema[len(tables) :]
    with _replacing_sqlite() as connection:
        for statement in made:
            connection.execute(statement)
        with opened(file, secret) as plain:
            for table, part in _tables_in(plain):
                columns = tables[table]
                marks = ", ".join("?" for _column in columns)
                connection.executemany(
                    f'INSERT INTO "{table}" ({quoted(columns)}) VALUES ({marks})',  # noqa: S608  names of ours
                    sqlite_rows_in(part),
                )
        for statement in later:
            connection.execute(statement)


def _restore_old_sqlite(file: Path, secret: Sequence[pyrage.x25519.Identity]) -> None:
    """A backup of an earlier release, which holds the file of SQLite itself: that has to be a file to be
    read.
    """
    with private_folder() as folder:
        with opened(file, secret) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            for entry in tar:
                if entry.name == OLD_SQLITE:
                    tar.extract(entry, folder, filter="data")
        source = sqlite.connect(str(folder / OLD_SQLITE))
        target = sqlite.connect(cast(str, db.engine.url.database))
        try:
            if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupRefused("The database in this backup is damaged. Nothing was changed.")
            source.backup(target)
        finally:
            source.close()
            target.close()
    db.engine.dispose()


@contextmanager
def _replacing_sqlite() -> Iterator[Any]:
    """A connection in whose one transaction the whole database is replaced; it has no tables any more."""
    db.engine.dispose()
    connection = sqlite.connect(cast(str, db.engine.url.database), isolation_level=None)
    try:
        for pragma in (
            "journal_mode = WAL",
            "foreign_keys = OFF",
            "secure_delete = ON",
            "busy_timeout = 10000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        there = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
        for (name,) in connection.execute(there).fetchall():
            connection.execute(f'DROP TABLE "{name}"')
        yield connection
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BackupRefused("The database in this backup is damaged. Nothing was changed.")
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        # Ends a transaction that was not committed.
        connection.close()


def _restore_postgresql(
    file: Path, secret: Sequence[pyrage.x25519.Identity], manifest: dict[str, Any]
) -> None:
    upgrade(revision=manifest["revision"])
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        held = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if held != manifest["revision"]:
            raise BackupRefused(
                f"The database is newer (migration {held}) than the backup ({manifest['revision']}): "
                "restore into an empty one."
            )
        connection.execute(text(f"TRUNCATE {', '.join(manifest['tables'])} CASCADE"))
        with opened(file, secret) as plain:
            for table, part in _tables_in(plain):
                _copy_in(connection, table, manifest["tables"][table], part)
        for table, columns in manifest["tables"].items():
            _count_on(connection, table, columns)


def _copy_in(connection: Connection, name: str, columns: list[str], file: IO[bytes]) -> None:
    cursor = cast(Any, connection.connection.cursor())
    with cursor.copy(f"COPY {name} ({quoted(columns)}) FROM STDIN") as rows:
        while part := file.read(1 << 20):
            rows.write(part)


def _count_on(connection: Connection, name: str, columns: list[str]) -> None:
    """Let the numbers of new rows go on after those that were restored."""
    if "id" in columns and (
        counter := connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
    ):
        highest = connection.scalar(text(f"SELECT max(id) FROM {name}"))  # noqa: S608  names of ours
        if highest:
            connection.execute(
                text("SELECT setval(:counter, :highest)"), {"counter": counter, "highest": highest}
            )


def _holds_data() -> bool:
    if not db.inspect(db.engine).has_table("statements"):
        return False
    return bool(db.session.scalar(select(func.count()).select_from(Statement)))
