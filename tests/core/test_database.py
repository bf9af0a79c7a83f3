"""Every transaction reads unless it says that it writes; what is written is whole, kept, and never lost
between threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaign import create_app
from campaign.config import Settings, SettingsError
from campaign.core import clock, database
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.extensions import db
from campaign.signatories.models import SignatoryList
from campaign.signatures.models import Tombstone

pytestmark = [pytest.mark.databases("sqlite", "postgresql"), pytest.mark.usefixtures("context")]


def _jobs() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(JobReport.job)))


def _report(name: str) -> JobReport:
    return JobReport(job=name, seen_at=clock.now())


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@pytest.fixture
def commits(context: Flask) -> Iterator[list[str]]:
    """What ended transactions of the engine, in order."""
    seen: list[str] = []
    listeners = {name: (lambda _connection, name=name: seen.append(name)) for name in ("commit", "rollback")}
    for name, listener in listeners.items():
        event.listen(db.engine, name, listener)
    yield seen
    for name, listener in listeners.items():
        event.remove(db.engine, name, listener)


@pytest.mark.parametrize(
    "change",
    [
        insert(JobReport).values(job="x", seen_at=clock.now()),
        update(JobReport).values(error="x"),
        delete(JobReport),
    ],
    ids=["insert", "update", "delete"],
)
def test_a_transaction_that_reads_refuses_every_change(change: object) -> None:
    with writing() as session:
        session.add(_report("kept"))
    db.session.scalar(select(func.count()).select_from(JobReport))
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        db.session.execute(change)  # type: ignore[call-overload]
    assert _jobs() == {"kept"}


def test_reading_is_the_rule_again_after_writing() -> None:
    with writing() as session:
        session.add(_report("kept"))
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        db.session.execute(delete(JobReport))
    assert _jobs() == {"kept"}


def test_writing_commits_once_at_its_end(commits: list[str]) -> None:
    with writing() as session:
        session.add(_report("one"))
        session.flush()
        session.add(_report("two"))
        assert "commit" not in commits
    assert commits.count("commit") == 1
    assert _jobs() == {"one", "two"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_writing_rolls_all_of_it_back_on_an_error(error: type[BaseException], commits: list[str]) -> None:
    with pytest.raises(error), writing() as session:
        session.add(_report("one"))
        session.flush()
        raise error
    assert "commit" not in commits
    assert _jobs() == set()


def test_others_can_write_after_an_error() -> None:
    with pytest.raises(ValueError, match="stop"), writing():
        raise ValueError("stop")
    with writing() as session:
        session.add(_report("next"))
    assert _jobs() == {"next"}


def test_two_threads_that_write_lose_nothing(context: Flask) -> None:
    start, failures = threading.Barrier(2), []

    def write(name: str) -> None:
        with context.app_context():
            start.wait()
            try:
                for number in range(50):
                    with writing() as session:
                        session.add(_report(f"{name} {number}"))
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    _together([lambda: write("a"), lambda: write("b")])
    assert failures == []
    assert _jobs() == {f"{name} {number}" for name in "ab" for number in range(50)}


def test_threads_that_count_up_one_row_lose_no_step(context: Flask) -> None:
    with writing() as session:
        session.add(_report("0"))
        session.flush()
        session.execute(update(JobReport).values(error="0"))

    def count() -> None:
        with context.app_context():
            for _ in range(20):
                with writing() as session:
                    row = session.get_one(JobReport, "0", with_for_update=True)
                    row.error = str(int(row.error or 0) + 1)

    _together([count] * 3)
    db.session.rollback()
    assert db.session.scalar(select(JobReport.error)) == "60"


def test_of_many_that_insert_the_same_row_one_succeeds(context: Flask) -> None:
    won: list[bool] = []

    def take() -> None:
        with context.app_context(), writing() as session:
            won.append(
                database.insert_unless_taken(
                    session, JobReport.__table__, {"job": "one", "seen_at": clock.now()}, ("job",)
                )
            )  # type: ignore[arg-type]

    _together([take] * 6)
    assert sorted(won) == [False] * 5 + [True]
    assert _jobs() == {"one"}


def test_foreign_keys_are_enforced() -> None:
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(insert(SignatoryList).values(statement_id=4711))
        session.commit()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SignatoryList)) == 0


def test_a_moment_without_a_time_zone_is_refused_and_moments_come_back_in_utc() -> None:
    with pytest.raises(Exception, match="time zone"), writing() as session:
        session.add(JobReport(job="x", seen_at=clock.now().replace(tzinfo=None)))
    with writing() as session:
        session.add(JobReport(job="y", seen_at=clock.now()))
    db.session.rollback()
    found = db.session.scalars(select(JobReport.seen_at)).one()
    assert found.utcoffset() is not None and not found.utcoffset()


def test_the_database_is_set_to_lose_nothing() -> None:
    # Of SQLite, which under tests waits for no disk, tests/core/test_durability.py has the rest.
    wanted = (
        {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}
        if _is_sqlite()
        else {"synchronous_commit": "on"}
    )
    ask = "PRAGMA {}" if _is_sqlite() else "SHOW {}"
    assert {name: db.session.scalar(text(ask.format(name))) for name in wanted} == wanted


def test_a_write_waits_for_a_lock_of_another_process_instead_of_failing() -> None:
    ask = "PRAGMA busy_timeout" if _is_sqlite() else "SHOW lock_timeout"
    assert db.session.scalar(text(ask)) in (10_000, "0")


def test_random_keys_do_not_tell_the_order(context: Flask) -> None:
    with writing() as session:
        rows = [Tombstone() for _ in range(40)]
        for row in rows:
            session.add(row)
            session.flush()
        keys = [row.signature_id for row in rows]
    assert {key.version for key in keys} == {4}
    assert keys != sorted(keys)


@pytest.mark.parametrize(
    ("version", "starts"), [((3, 51, 2), False), ((3, 40, 1), False), ((3, 51, 3), True), ((3, 53, 0), True)]
)
def test_an_sqlite_that_can_lose_commits_stops_the_start(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, ...],
    starts: bool,
) -> None:
    monkeypatch.setattr(database.sqlite, "sqlite_version_info", version)
    settings = Settings.from_environment(environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/old.db"})
    if starts:
        create_app(settings)
        return
    with pytest.raises(SettingsError, match=r"install pysqlite3 0\.6\.1 or newer"):
        create_app(settings)


def _together(jobs: list) -> None:  # type: ignore[type-arg]
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_log_is_shed_when_nobody_reads_and_waits_for_who_does() -> None:
    with writing() as session:
        session.add(_report("kept"))
    if _is_sqlite():
        log = Path(f"{db.engine.url.database}-wal")
        assert log.stat().st_size > 0
        with database.snapshot() as reading:
            reading.execute(select(JobReport)).all()
            began = time.monotonic()
            assert database.shed_log() is False
            assert time.monotonic() - began < 5
            with writing() as session:
                session.add(_report("written meanwhile"))
    db.session.rollback()
    assert database.shed_log() is True
    if _is_sqlite():
        assert log.stat().st_size == 0
        assert db.session.scalar(text("PRAGMA busy_timeout")) == 10_000


def test_what_is_deleted_is_overwritten() -> None:
    if _is_sqlite():
        assert db.session.scalar(text("PRAGMA secure_delete")) == 1
