"""The stage of every test: a fresh migrated database of each kind, a real SMTP sink, and clients that behave like browsers."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from campaign import create_app
from campaign.accounts import passwords
from campaign.config import Settings
from campaign.core import clock, remembered, worker
from campaign.core.database import writing
from campaign.extensions import db, limiter
from tests import machine
from tests.support import Campaign, PublicClient, Sink

# The browser and the sites before it are one of each in a process, whichever folder asks for them.
pytest_plugins = ["tests.browser.stage"]

# Nothing of a developer's own site gets into the tests, nor into the processes that they start.
os.environ["FLASK_SKIP_DOTENV"] = "1"
DATABASES = ("sqlite", "postgresql")
KEYS = {"SECRET_KEYS": secrets.token_urlsafe(48), "VAULT_KEYS": secrets.token_urlsafe(48)}


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """A real SMTP server that keeps what it receives."""
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of our own, and in it a database of this test process."""
    with machine.postgresql() as url:
        yield url


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database of each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path_factory.mktemp('database')}/test.db"


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> dict[str, str]:
    """The settings that all tests share."""
    return KEYS | {
        "SITE_URL": "http://localhost",
        "INSTANCE_PATH": str(tmp_path_factory.mktemp("instance")),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(sink.port),
        "MAIL_SENDER": "post@neutral.example",
    }


@pytest.fixture(scope="session")
def migrated_app(database_url: str, environment: dict[str, str]) -> Flask:
    """One app per kind of database, migrated as an operator would."""
    app = create_app(Settings.from_environment(environment | {"DATABASE_URL": database_url}))
    app.testing = True
    app.test_client_class = PublicClient
    # The real hash, with less work: most tests of the desk begin with a sign-in.
    passwords.init_app(app, PasswordHasher(time_cost=1, memory_cost=1024))
    with app.app_context():
        upgrade()
    return app


@pytest.fixture
def app(migrated_app: Flask, sink: Sink) -> Iterator[Flask]:
    """The app on an empty database, with nothing remembered."""
    with migrated_app.app_context(), writing() as session:
        emptied = [f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables)]
        # PostgreSQL takes all of them in one go.
        for statement in ["; ".join(emptied)] if session.get_bind().dialect.name == "postgresql" else emptied:
            session.execute(text(statement))
    migrated_app.extensions["page_cache"].clear()
    remembered.forget_all(migrated_app)
    settings: Settings = migrated_app.extensions["settings"]
    settings.tombstones_path.unlink(missing_ok=True)
    shutil.rmtree(settings.instance_path / "mailbox", ignore_errors=True)
    sink.clear()
    with migrated_app.app_context():
        limiter.reset()
    yield migrated_app


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The app with its context pushed, for tests of operations and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A signer's browser."""
    return app.test_client()


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Let the worker do what is waiting, and pages show it at once.

    What it does once a minute or less often, it does here when the clock was moved: to delete by the calendar after each of
    ten thousand mails would take a fifth of the whole run. Where nothing was moved, `worker.run_once(app)` does everything.
    """

    def run() -> None:
        worker.run_once(app, None if _clock_was_moved() else RARELY)
        app.extensions["page_cache"].clear()

    return run


@pytest.fixture
def campaign(app: Flask, sink: Sink, work: Callable[[], None]) -> Campaign:
    """Builders: statements, organisations, signers."""
    return Campaign(app, sink, work)


@pytest.fixture
def team(app: Flask, campaign: Campaign) -> FlaskClient:
    """A browser in which the owner of the installation is signed in."""
    return campaign.member("owner@team.example", role="owner")


RARELY = 60.0
_BEGUN = dt.datetime.now(dt.UTC), time.perf_counter()


def _clock_was_moved() -> bool:
    moment, counted = _BEGUN
    return abs(clock.now() - moment - dt.timedelta(seconds=time.perf_counter() - counted)) > dt.timedelta(seconds=30)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what could not be run, and what would enable it."""
    for line in machine.missing():
        terminalreporter.write_line(f"NOT RUN: {line}")


# Each test runs on both databases, but for these: of one with many cases PostgreSQL gets the first, since what is typed is judged before
# any database sees it; and one that is marked `on(database)` says where it is enough (any input on the stricter of the two, what asks no
# database on the quicker). Where the database itself judges (search, order, names of columns), a module or a test says `every_case`.
_CASES_ON_POSTGRESQL = 1


def _spared(items: list[pytest.Item]) -> set[pytest.Item]:
    counted: dict[str, int] = {}
    spared = set()
    for item in items:
        chosen = getattr(getattr(item, "callspec", None), "params", {})
        enough = item.get_closest_marker("on")
        if enough and set(DATABASES) & set(chosen.values()) - {*enough.args}:
            spared.add(item)
            continue
        whole = "chromium" in getattr(item, "fixturenames", ()) or item.get_closest_marker("every_case")
        if "postgresql" not in chosen.values() or len(chosen) < 2 or whole:
            continue
        test = item.nodeid.partition("[")[0]
        counted[test] = counted.get(test, 0) + 1
        if counted[test] > _CASES_ON_POSTGRESQL:
            spared.add(item)
    return spared


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine can't run; with REQUIRE_ALL=1 it is run, and fails. EVERY_CASE=1 runs all cases on both databases."""
    if os.environ.get("EVERY_CASE") != "1":
        spared = _spared(items)
        config.hook.pytest_deselected(items=list(spared))
        items[:] = [item for item in items if item not in spared]
    if os.environ.get("REQUIRE_ALL") == "1":
        return
    kept, left = [], []
    for item in items:
        needs = {mark.args[0] for mark in item.iter_markers("needs")}
        (left if needs - machine.available() else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept
