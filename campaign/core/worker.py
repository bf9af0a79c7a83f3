"""The worker: jobs that rooms register, each in a thread of its own, so that a slow mail server never stops
the fold.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.extensions import db

log = logging.getLogger(__name__)
_LONGEST_ERROR = 120
_REPORT_EVERY = dt.timedelta(seconds=10)
SILENT_AFTER = dt.timedelta(seconds=60)


class PartlyDone(Exception):
    """Part of a job's work failed (see its cause) and all the rest was done: the next round comes as soon as
    usual.

    Its text is shown and logged, so it says which part without a name or an address.
    """


@dataclass(frozen=True, slots=True)
class Job:
    """A job to run again and again.

    `run` returns True when there may be more at once. Its errors are survived and shown.
    """

    name: str
    every: float
    run: Callable[[], bool]


def register(app: Flask, name: str, every: float, run: Callable[[], bool]) -> None:
    """Give the worker a job, to be run every so many seconds."""
    app.extensions.setdefault("jobs", {})[name] = Job(name, every, run)


def jobs(app: Flask) -> dict[str, Job]:
    """The registered jobs by name."""
    return cast(dict[str, Job], app.extensions.setdefault("jobs", {}))


def run_once(app: Flask, oftener_than: float | None = None) -> None:
    """Run each job until it has nothing left, in this thread: for tests, commands and the sample content.

    From the top room down: what a job leaves to be done, such as a mail or a signature to be listed, is done
    by a room below. With `oftener_than` (seconds) only those jobs run whose rounds follow each other faster.
    """
    for job in reversed(jobs(app).values()):
        if oftener_than is not None and job.every >= oftener_than:
            continue
        with app.app_context():
            while job.run():
                pass


def run_forever(app: Flask, stop: threading.Event | None = None) -> None:
    """Run all jobs until SIGTERM or SIGINT (or `stop`), then let each finish what it has begun."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())

    threads = [
        threading.Thread(target=_loop, args=(app, job, stop), name=job.name) for job in jobs(app).values()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def silent_jobs(names: set[str]) -> set[str]:
    """The named jobs that have not been seen for a minute."""
    since = clock.now() - SILENT_AFTER
    return names - set(db.session.scalars(select(JobReport.job).where(JobReport.seen_at > since)))


def failing_jobs() -> set[str]:
    """The jobs that ended with an error when they last ran.

    A job that only an earlier version had is left out.
    """
    return (
        set(db.session.scalars(select(JobReport.job).where(JobReport.error.is_not(None))))
        & jobs(current_app).keys()
    )


def _loop(app: Flask, job: Job, stop: threading.Event) -> None:
    reported, said, failures = dt.datetime.min.replace(tzinfo=dt.UTC), None, 0
    while not stop.is_set():
        more, error, hindered = _run(app, job)
        failures = failures + 1 if error and not hindered else 0
        if error != said or clock.now() - reported > _REPORT_EVERY:
            if error:
                log.error("job %s failed: %s", job.name, error)
            reported, said = clock.now(), error
            _report(app, job.name, error)
        if error or not more:
            stop.wait(_pause(job, failures))


def _run(app: Flask, job: Job) -> tuple[bool, str | None, bool]:
    """The outcome of one round: (there is more at once, class of the error with the part that failed, only
    part of the work failed).
    """
    try:
        with app.app_context():
            return job.run(), None, False
    except PartlyDone as partly:
        return False, f"{type(partly.__cause__).__name__} ({partly})"[:_LONGEST_ERROR], True
    except Exception as error:  # noqa: BLE001  whatever stops one round must not stop the worker
        return False, type(error).__name__, False


def _pause(job: Job, failures: int) -> float:
    """The seconds until the next round: longer after each failure in a row, with jitter."""
    return min(30.0, job.every * 2**failures) * random.uniform(0.5, 1.0) if failures else job.every  # noqa: S311  no secret


def _report(app: Flask, name: str, error: str | None) -> None:
    try:
        with app.app_context(), writing() as session:
            session.merge(JobReport(job=name, seen_at=clock.now(), error=error))
    except SQLAlchemyError as caught:
        log.error("job %s can't report: %s", name, type(caught).__name__)
