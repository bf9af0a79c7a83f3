"""What was said to be written is on the disk: SQLite as an installation has it, and a process that is
killed in the midst of writing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from campaign import create_app
from campaign.config import Settings
from campaign.extensions import db

ROOT = Path(__file__).resolve().parent.parent.parent
# Says each number once its transaction is over, and dies within one that has written but not ended.
WRITER = """
import sys
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.models import JobReport
from wsgi import create_app

with create_app().app_context():
    for number in range(1_000_000):
        with writing() as session:
            session.add(JobReport(job=f"whole {number}", seen_at=clock.now()))
            session.flush()
            session.add(JobReport(job=f"also {number}", seen_at=clock.now()))
        print(number, flush=True)
"""


@pytest.fixture
def settings(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Those of an installation with a database file of its own, made as an operator makes it."""
    found = environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/own.db"}
    with create_app(Settings.from_environment(found)).app_context():
        upgrade()
        db.engine.dispose()
    return found


def test_an_installation_waits_for_the_disk(settings: dict[str, str]) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with create_app(Settings.from_environment(settings)).app_context():
        assert {name: db.session.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
        db.engine.dispose()


def test_who_is_killed_while_writing_leaves_whole_transactions_and_all_that_were_said_to_be(
    settings: dict[str, str],
) -> None:
    command = [sys.executable, "-c", WRITER]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _each in range(30)]
        writer.send_signal(signal.SIGKILL)
    assert said == list(range(30)) and writer.returncode == -signal.SIGKILL
    with sqlite.connect(settings["DATABASE_URL"].removeprefix("sqlite:///")) as connection:
        found = {job for (job,) in connection.execute("SELECT job FROM job_reports")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {f"whole {number}" for number in said} <= found
    assert {job.split()[1] for job in found if job.startswith("whole")} == {
        job.split()[1] for job in found if job.startswith("also")
    }
