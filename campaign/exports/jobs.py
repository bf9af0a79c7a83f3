"""Exports of long lists: asked for by a member, made by the worker, kept sealed for a day.

The row says how far it is; the file lies beside the database, as papers of long lists do (decisions 0033 and
0044).
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_for
from campaign.core import clock, retention, worker
from campaign.core.database import snapshot, writing
from campaign.core.ids import new_id
from campaign.core.sealed_files import opened, sealed_file
from campaign.core.settings import settings
from campaign.core.vault import SealBroken, vault
from campaign.exports import operations
from campaign.exports.age_files import Encryption
from campaign.exports.errors import FileGone, NobodyListed, NotReadyYet
from campaign.exports.models import ExportJob, ExportStage
from campaign.exports.vocabulary import Contents
from campaign.exports.wishes import Wishes
from campaign.extensions import db
from campaign.signatories.queries import list_state
from campaign.signatories.signals import listed_otherwise
from campaign.signatures.signals import contact_gone
from campaign.statements.models import Statement

EVERY_SECONDS = 1.0
KEPT = dt.timedelta(hours=24)
_SILENT_AFTER = dt.timedelta(minutes=2)
_MOST_ATTEMPTS = 3
_TELL_SECONDS = 1.0
_LOST_SECONDS = 600
_DUE = (ExportStage.QUEUED, ExportStage.MAKING)
_BEGUN = ExportJob.stage.in_((ExportStage.MAKING, ExportStage.DONE))
_UNLOADED = {"synchronize_session": False}


def ask(
    session: Session, statement: Statement, member_id: int, wishes: Wishes, encryption: Encryption, rows: int
) -> uuid.UUID:
    """Ask the worker for a file of so many rows. The id of the job."""
    # Its id is needed before it is flushed: sealed values are bound to it.
    job_id = new_id()
    words = encryption.passphrase
    sealed = vault().seal_text(words, "export_jobs", "sealed_passphrase", job_id) if words else None
    session.add(
        ExportJob(
            id=job_id,
            statement_id=statement.id,
            member_id=member_id,
            wishes=wishes.as_json(),
            recipients=" ".join(encryption.recipients),
            with_passphrase=bool(words),
            sealed_passphrase=sealed,
            stage=ExportStage.QUEUED,
            total=rows * len(wishes.languages),
            asked_at=clock.now(),
        )
    )
    session.flush()
    return job_id


def may_try_again(job: ExportJob) -> bool:
    """True for a file that could not be made, or that is out of date. Where its passphrase is gone meanwhile
    it has to be asked for from the beginning.
    """
    over = job.stage == ExportStage.DONE and not is_current(job)
    kept = not job.with_passphrase or job.sealed_passphrase is not None
    return kept and (over or job.stage in (ExportStage.FAILED, ExportStage.OUTDATED))


def again(session: Session, job: ExportJob) -> None:
    """Ask once more for a file, where that can be done."""
    if may_try_again(job):
        job.stage, job.attempts, job.passed, job.claimed_at = ExportStage.QUEUED, 0, 0, None
        job.asked_at = clock.now()
        session.flush()


def jobs_of(statement_id: int, member_id: int) -> list[ExportJob]:
    """The files that a member has asked for, newest first."""
    mine = select(ExportJob).where(
        ExportJob.statement_id == statement_id,
        ExportJob.member_id == member_id,
        ExportJob.asked_at > clock.now() - KEPT,
    )
    return list(db.session.scalars(mine.order_by(ExportJob.asked_at.desc(), ExportJob.id)))


def is_current(job: ExportJob) -> bool:
    """True while a file may be handed out: it is made, and nobody has left the list since it was begun."""
    if job.stage != ExportStage.DONE or job.asked_at + KEPT <= clock.now():
        return False
    return list_state(job.statement_id)["left"] == job.list_left and _file(job.id).exists()


def fetch(job: ExportJob) -> Iterator[bytes]:
    """The file, a piece at a time. Raises FileGone."""
    if not is_current(job):
        raise FileGone
    try:
        return opened(_file(job.id))
    except (FileNotFoundError, SealBroken) as error:
        raise FileGone from error


def work() -> bool:
    """Make the file that was asked for first. True when there was one.

    A worker that dies leaves a claim that grows old; the next one begins anew, and after three attempts the
    job has failed.
    """
    found = _claim()
    if found is None:
        return False
    job_id, attempts = found
    if attempts > _MOST_ATTEMPTS:
        _end(job_id, stage=ExportStage.FAILED)
        return True
    try:
        _make(job_id)
    except NotReadyYet:
        # Other papers are being set: a later round has it.
        _end(job_id, stage=ExportStage.QUEUED, claimed_at=None, attempts=attempts - 1)
        return False
    except OperationalError:
        # The database is away: the job goes on once its claim is old.
        raise
    except NobodyListed:
        _end(job_id, stage=ExportStage.FAILED)
    except Exception:
        _end(job_id, stage=ExportStage.FAILED)
        raise
    return True


def _make(job_id: uuid.UUID) -> None:
    job = db.session.get_one(ExportJob, job_id)
    statement, wishes = db.session.get_one(Statement, job.statement_id), Wishes.from_json(job.wishes)
    member_id, sealed = job.member_id, job.sealed_passphrase
    words = vault().unseal_text(sealed, "export_jobs", "sealed_passphrase", job_id) if sealed else ""
    encryption = Encryption(tuple(job.recipients.split()), words)
    # Read first: who leaves meanwhile makes it an old one.
    left = int(list_state(statement.id)["left"])
    with snapshot() as connection:
        file = operations.file_of(connection, statement, wishes, _Progress(job_id).add)
        with sealed_file(_file(job_id)) as target:
            encryption.write(file.chunks, target)  # type: ignore[arg-type]
    with writing() as session:
        done = {
            "stage": ExportStage.DONE,
            "passed": ExportJob.total,
            "list_left": left,
            "file_name": encryption.name_of(file.name),
            "mimetype": "application/octet-stream" if encryption else file.mimetype,
            "sealed_passphrase": None,
            "claimed_at": None,
        }
        mine = update(ExportJob).where(ExportJob.id == job_id, ExportJob.stage == ExportStage.MAKING)
        made = session.execute(
            mine.values(done).returning(ExportJob.id), execution_options=_UNLOADED
        ).scalar()
        if made is None:
            # Somebody on the list is shown in another way since it was begun.
            return
        action = file.action
        record_for(session, member_id, action, f"statement:{statement.slug}", **file.facts)


class _Progress:
    """The rows of a job that are written, told to its row now and then; that renews the claim too."""

    def __init__(self, job_id: uuid.UUID) -> None:
        self._job_id, self._passed, self._told = job_id, 0, time.monotonic()

    def add(self, rows: int) -> None:
        """So many rows more."""
        self._passed += rows
        if time.monotonic() - self._told < _TELL_SECONDS:
            return
        self._told = time.monotonic()
        _end(self._job_id, passed=self._passed, claimed_at=clock.now())


def _claim() -> tuple[uuid.UUID, int] | None:
    """(id, attempts) of the oldest job that waits, claimed for this process; None where there is none."""
    oldest = select(ExportJob.id).where(ExportJob.stage.in_(_DUE), _free()).order_by(ExportJob.asked_at)
    job_id = db.session.scalar(oldest.limit(1))
    if job_id is None:
        return None
    mine = update(ExportJob).where(ExportJob.id == job_id, ExportJob.stage.in_(_DUE), _free())
    values = {
        "stage": ExportStage.MAKING,
        "claimed_at": clock.now(),
        "passed": 0,
        "attempts": ExportJob.attempts + 1,
    }
    with writing() as session:
        attempts = session.execute(
            mine.values(values).returning(ExportJob.attempts), execution_options=_UNLOADED
        ).scalar()
    return (job_id, attempts) if attempts else None


def _free() -> ColumnElement[bool]:
    return or_(ExportJob.claimed_at.is_(None), ExportJob.claimed_at < clock.now() - _SILENT_AFTER)


def _end(job_id: uuid.UUID, **values: object) -> None:
    with writing() as session:
        session.execute(
            update(ExportJob).where(ExportJob.id == job_id).values(values), execution_options=_UNLOADED
        )


def _note_change(session: Session, statement_id: int) -> None:
    """Somebody who is listed is shown in another way from now on: no file of before is handed out."""
    session.execute(
        update(ExportJob)
        .where(ExportJob.statement_id == statement_id, _BEGUN)
        .values(stage=ExportStage.OUTDATED, sealed_passphrase=None),
        execution_options=_UNLOADED,
    )


def _note_contact_gone(session: Session, statement_id: int) -> None:
    """An address is no longer to be used: no contact list of before is handed out."""
    begun = select(ExportJob.id, ExportJob.wishes).where(ExportJob.statement_id == statement_id, _BEGUN)
    old = [
        job_id
        for job_id, wishes in session.execute(begun)
        if Wishes.from_json(wishes).contents is Contents.CONTACTS
    ]
    if old:
        session.execute(
            update(ExportJob)
            .where(ExportJob.id.in_(old), _BEGUN)
            .values(stage=ExportStage.OUTDATED, sealed_passphrase=None),
            execution_options=_UNLOADED,
        )


def purge() -> int:
    """Erase what was asked for more than a day ago, and files that nobody may have any more."""
    session = db.session()
    over = delete(ExportJob).where(ExportJob.asked_at <= clock.now() - KEPT)
    gone = len(session.scalars(over.returning(ExportJob.id), execution_options=_UNLOADED).all())
    current = {
        job.id.hex for job in session.scalars(select(ExportJob)) if job.stage in _DUE or is_current(job)
    }
    for file in _folder().iterdir():
        if file.stem not in current and time.time() - file.stat().st_mtime > _LOST_SECONDS:
            file.unlink(missing_ok=True)
    return gone


def init_app(app: Flask) -> None:
    """Register the job and the rule by which files go."""
    listed_otherwise.connect(_note_change)
    contact_gone.connect(_note_contact_gone)
    worker.register(app, "exports", EVERY_SECONDS, work)
    retention.keep(app, "export_jobs", "a file of a long list, sealed, and its passphrase: for a day", purge)


def _file(job_id: uuid.UUID) -> Path:
    return _folder() / f"{job_id.hex}.sealed"


def _folder() -> Path:
    folder = Path(settings().instance_path) / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
