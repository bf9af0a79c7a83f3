"""The worker: a job that fails is shown, and stops neither itself nor the others."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from typing import cast

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.extensions import db

SECRET = "anna@post.example.org"


class Counted:
    """A job that counts its rounds, says when there were enough, and fails in the rounds that it is told
    to.
    """

    def __init__(self, enough: int, fails: Callable[[int], bool] = lambda _round: False) -> None:
        self.rounds, self.enough, self.fails, self.done = 0, enough, fails, threading.Event()

    def __call__(self) -> bool:
        self.rounds += 1
        if self.rounds >= self.enough:
            self.done.set()
        if self.fails(self.rounds):
            raise LookupError(SECRET)
        return False


@pytest.fixture
def jobs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, worker.Job]:
    """The jobs of this test alone."""
    monkeypatch.setitem(app.extensions, "jobs", {})
    return worker.jobs(app)


def _run_until_done(app: Flask, *jobs: Counted) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(app, stop))
    thread.start()
    finished = [job.done.wait(30) for job in jobs]
    stop.set()
    thread.join(30)
    assert all(finished) and not thread.is_alive()


def _errors(app: Flask) -> dict[str, str | None]:
    with app.app_context():
        return {report.job: report.error for report in db.session.scalars(select(JobReport))}


def test_a_job_that_raises_is_reported_and_does_not_stop_the_others(
    app: Flask, jobs: dict[str, worker.Job]
) -> None:
    broken, well = Counted(2, lambda _round: True), Counted(20)
    worker.register(app, "broken", 0.01, broken)
    worker.register(app, "well", 0.01, well)
    _run_until_done(app, broken, well)
    assert _errors(app) == {"broken": "LookupError", "well": None}


def test_a_job_goes_on_after_it_failed(app: Flask, jobs: dict[str, worker.Job]) -> None:
    job = Counted(4, lambda number: number <= 2)
    worker.register(app, "sometimes", 0.01, job)
    _run_until_done(app, job)
    assert job.rounds >= 4


def test_the_log_names_the_class_of_an_error_and_nothing_of_its_text(
    app: Flask, jobs: dict[str, worker.Job], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    job = Counted(1, lambda _round: True)
    worker.register(app, "broken", 0.01, job)
    _run_until_done(app, job)
    assert "job broken failed: LookupError" in caplog.text
    assert SECRET not in caplog.text


def test_a_job_that_has_more_is_run_again_at_once(app: Flask, jobs: dict[str, worker.Job]) -> None:
    rounds: list[int] = []

    def job() -> bool:
        rounds.append(len(rounds))
        return len(rounds) < 5

    worker.register(app, "long", 3600, job)
    worker.run_once(app)
    assert rounds == [0, 1, 2, 3, 4]


def test_a_job_that_was_not_seen_for_a_minute_is_silent(context: Flask) -> None:
    with writing() as session:
        session.add(JobReport(job="fold", seen_at=clock.now()))
    assert worker.silent_jobs({"fold", "mail"}) == {"mail"}
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=61), tick=True):
        assert worker.silent_jobs({"fold", "mail"}) == {"fold", "mail"}


def test_a_part_that_failed_is_named_and_the_next_round_comes_as_soon_as_ever(
    app: Flask, jobs: dict[str, worker.Job], caplog: pytest.LogCaptureFixture
) -> None:
    rounds, done = [], threading.Event()

    def job() -> bool:
        rounds.append(time.monotonic())
        if len(rounds) == 12:
            done.set()
        try:
            raise LookupError(SECRET)
        except LookupError as error:
            raise worker.PartlyDone("statement 7") from error

    worker.register(app, "partly", 0.05, job)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(app, stop))
    thread.start()
    assert done.wait(30)
    stop.set()
    thread.join(30)
    assert rounds[11] - rounds[0] < 10
    assert _errors(app) == {"partly": "LookupError (statement 7)"}
    assert (
        caplog.text.count("job partly failed: LookupError (statement 7)") == 1 and SECRET not in caplog.text
    )


def test_a_job_fails_until_its_next_round_ends_well(app: Flask, jobs: dict[str, worker.Job]) -> None:
    broken = Counted(2, lambda _round: True)
    worker.register(app, "job", 0.01, broken)
    _run_until_done(app, broken)
    with app.app_context():
        assert worker.failing_jobs() == {"job"}
    worker.register(app, "job", 0.01, Counted(2))
    _run_until_done(app, cast(Counted, jobs["job"].run))
    with app.app_context():
        assert worker.failing_jobs() == set()


def test_a_job_that_is_no_more_does_not_fail_for_ever(app: Flask, jobs: dict[str, worker.Job]) -> None:
    broken = Counted(2, lambda _round: True)
    worker.register(app, "former", 0.01, broken)
    _run_until_done(app, broken)
    del jobs["former"]
    with app.app_context():
        assert worker.failing_jobs() == set()
