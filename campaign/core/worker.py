"""The worker: jobs that rooms register, each in a thread of its own, so that a slow mail server never stops the fold."""

from __future__ import annotations

import datetime as dt
import logging
import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.extensions import db

log = logging.getLogger(__name__)
_REPORT_EVERY = dt.timedelta(seconds=10)
SILENT_AFTER = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Job:
    """Work to do again and again. `run` returns True when there may be more at once. Raising is survived and shown."""

    name: str
    every: float
    run: Callable[[], bool]


def register(app: Flask, name: str, every: float, run: Callable[[], bool]) -> None:
    """Give the worker a job, to be run every so many seconds."""
    app.extensions.setdefault("jobs", {})[name] = Job(name, every, run)


def jobs(app: Flask) -> dict[str, Job]:
    """The registered jobs by name."""
    return cast(dict[str, Job], app.extensions.setdefault("jobs", {}))


def run_once(app: Flask) -> None:
    """Run each job until it has nothing left, in this thread: for tests, commands and the sample content."""
    for job in jobs(app).values():
        with app.app_context():
            while job.run():
                pass


def run_forever(app: Flask, stop: threading.Event | None = None) -> None:
    """Run all jobs until SIGTERM or SIGINT (or `stop`), then let each finish what it has begun."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    threads = [threading.Thread(target=_loop, args=(app, job, stop), name=job.name) for job in jobs(app).values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def silent_jobs(names: set[str]) -> set[str]:
    """Which of the named jobs have not been seen for a minute."""
    since = clock.now() - SILENT_AFTER
    return names - set(db.session.scalars(select(JobReport.job).where(JobReport.seen_at > since)))


def _loop(app: Flask, job: Job, stop: threading.Event) -> None:
    reported = dt.datetime.min.replace(tzinfo=dt.UTC)
    failures = 0
    while not stop.is_set():
        error: str | None = None
        more = False
        try:
            with app.app_context():
                more = job.run()
            failures = 0
        except Exception as caught:  # noqa: BLE001  whatever stops one round must not stop the worker
            error = type(caught).__name__
            failures += 1
            # The class alone: the text of an SMTP or database error repeats addresses and names.
            log.error("job %s failed: %s", job.name, error)
        if error or failures or clock.now() - reported > _REPORT_EVERY:
            reported = clock.now()
            _report(app, job.name, error)
        if not more or error:
            stop.wait(job.every if not error else min(30.0, job.every * 2**failures) * random.uniform(0.5, 1.0))  # noqa: S311  jitter


def _report(app: Flask, name: str, error: str | None) -> None:
    try:
        with app.app_context(), writing() as session:
            session.merge(JobReport(job=name, seen_at=clock.now(), error=error))
    except SQLAlchemyError as caught:
        log.error("job %s can't report: %s", name, type(caught).__name__)
