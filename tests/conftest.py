"""The stage of every test: a fresh migrated database of each kind, a real SMTP sink, and clients that
behave like browsers.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck

from campaign import create_app
from campaign.accounts import passwords
from campaign.config import Settings
from campaign.core import clock, remembered, worker
from campaign.extensions import limiter
from tests import machine
from tests.database import NIGHT, SITES_BY_DAY, chosen, empty, lose_in_a_power_cut
from tests.support import KEYS, Campaign, PublicClient, Sink

# The browser and the sites before it are one of each in a process, whichever folder asks for them.
pytest_plugins = ["tests.world.house", "tests.browser.stage"]

# Nothing of a developer's own site gets into the tests, nor into the processes that they start.
os.environ["FLASK_SKIP_DOTENV"] = "1"
# What is tried with any input is tried with so many; each may take as long as the database takes.
_EXAMPLES = 20_000 if NIGHT else 50
_CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
hypothesis.settings.register_profile(
    "ours", max_examples=_EXAMPLES, deadline=None, suppress_health_check=_CALM
)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """A real SMTP server that keeps what it receives."""
    server = Sink()
    server.start()
    yield server
    server.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test run on its databases, and each flow of the browser on a site on one."""
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", chosen(metafunc), indirect=True, scope="session")
    if "site" in metafunc.fixturenames:
        metafunc.parametrize("site", chosen(metafunc, SITES_BY_DAY), indirect=True, scope="session")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of our own, and in it a database of this test process."""
    with machine.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
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
        # Clocks are moved by weeks, with members who have a password alone; tests/accounts/test_passkeys.py has
        # the rule itself.
        "SECOND_FACTOR_REQUIRED": "0",
    }


@pytest.fixture(scope="session")
def migrated_app(database_url: str, environment: dict[str, str]) -> Flask:
    """One app per kind of database, migrated as an operator would."""
    app = create_app(Settings.from_environment(environment | {"DATABASE_URL": database_url}))
    app.testing = True
    app.test_client_class = PublicClient
    # The real hash, with less work: most tests of the desk begin with a sign-in.
    passwords.init_app(app, PasswordHasher(time_cost=1, memory_cost=1024))
    lose_in_a_power_cut(app)
    with app.app_context():
        upgrade()
    return app


@pytest.fixture
def app(migrated_app: Flask, sink: Sink) -> Iterator[Flask]:
    """The app on an empty database, with nothing remembered."""
    empty(migrated_app)
    migrated_app.extensions["page_cache"].clear()
    remembered.forget_all(migrated_app)
    settings: Settings = migrated_app.extensions["settings"]
    settings.tombstones_path.unlink(missing_ok=True)
    for folder in ("mailbox", "long-papers"):
        shutil.rmtree(settings.instance_path / folder, ignore_errors=True)
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

    What it does once a minute or less often, it does here when the clock was moved: to delete by the calendar
    after each of ten thousand mails would take a fifth of the whole run. Where nothing was moved,
    `worker.run_once(app)` does everything.
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
    return abs(clock.now() - moment - dt.timedelta(seconds=time.perf_counter() - counted)) > dt.timedelta(
        seconds=30
    )


def pytest_xdist_auto_num_workers() -> int:
    """Two processes for each core: half of the time a test waits for a browser, a mail or a disk."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end: modules, tests and mappings are most of the
    memory, and to walk them again and again took an eighth of the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what could not be run, and what would enable it."""
    for line in machine.missing():
        terminalreporter.write_line(f"NOT RUN: {line}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes a night to the night, and what this machine can't run; with REQUIRE_ALL=1 the
    latter is run, and fails.
    """
    kept, left = [], []
    for item in items:
        needs = {mark.args[0] for mark in item.iter_markers("needs")}
        impossible = os.environ.get("REQUIRE_ALL") != "1" and bool(needs - machine.available())
        waits = item.get_closest_marker("night") and not NIGHT
        (left if impossible or waits else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept
