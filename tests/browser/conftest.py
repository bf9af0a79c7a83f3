"""A whole site for the browser: web and worker as their own processes, on each kind of database, mail to the sink."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from campaign import create_app
from campaign.config import Settings
from campaign.core.database import writing
from campaign.organisations.operations import register_organisation
from campaign.statements import operations
from campaign.statements.models import Kind, Signers
from tests import machine
from tests.support import BELARUSIAN, ENGLISH, Sink

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder needs the browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.needs("chromium"))


@dataclass
class Site:
    """A running site."""

    url: str
    app: Flask
    sink: Sink

    def statement(self, **settings: object) -> str:
        """A fresh open statement in two languages. Returns its path."""
        slug = f"free-{secrets.token_hex(4)}"
        with self.app.app_context(), writing() as session:
            chosen = operations.Settings(slug=slug, kind=Kind.PETITION, signers=Signers.BOTH, goal=10)
            operations.publish(session, operations.create_statement(session, chosen, (ENGLISH, BELARUSIAN)))
        return f"/s/{slug}"

    def organisation(self, name: str, domain: str) -> None:
        """An organisation whose mailboxes sign at once."""
        with self.app.app_context(), writing() as session:
            register_organisation(session, {"en": name}, country="PL", domains=[domain])

    def mail_to(self, address: str, number: int = 1) -> str:
        """The link in the nth mail to an address, once it is there."""
        from tests.support import link_in  # noqa: PLC0415

        for _try in range(200):
            mails = self.sink.to(address)
            if len(mails) >= number:
                return self.url + link_in(mails[number - 1])
            time.sleep(0.05)
        raise AssertionError(f"mail {number} did not come")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[Site]:
    """Web and worker on a database of each kind."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        "SECRET_KEYS": secrets.token_urlsafe(48),
        "VAULT_KEYS": secrets.token_urlsafe(48),
        "INSTANCE_PATH": str(folder),
        "SITE_URL": url,
        "PORT": str(port),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(sink.port),
        "MAIL_SENDER": "post@neutral.example",
    }
    if request.param == "postgresql":
        with machine.postgresql() as database:
            yield from _running(environment | {"DATABASE_URL": database}, url, sink)
    else:
        yield from _running(environment, url, sink)


def _running(environment: dict[str, str], url: str, sink: Sink) -> Iterator[Site]:
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
    programs = Path(sys.executable).parent
    web = [programs / "granian", "--interface", "wsgi", "--factory", "wsgi:create_app", "--host", "127.0.0.1", "--port", environment["PORT"]]
    commands = [[*web, "--blocking-threads", "4", "--log-level", "error"], [programs / "flask", "--app", "wsgi", "campaign", "worker"]]
    running = [subprocess.Popen([str(part) for part in command], cwd=ROOT, env=os.environ | environment) for command in commands]
    try:
        _wait_for(f"{url}/readyz")
        yield Site(url, app, sink)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def _wait_for(address: str) -> None:
    for _try in range(200):
        try:
            urllib.request.urlopen(address, timeout=2)  # noqa: S310  our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} did not come up")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.program("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["scripts", "no scripts"])
def either(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser with scripts, and one without."""
    context = chromium.new_context(java_script_enabled=request.param == "scripts", viewport={"width": 360, "height": 740})
    yield context
    context.close()


@pytest.fixture
def page(either: BrowserContext) -> Page:
    """A page of it; it fails the test when it asks another host for anything."""
    return either.new_page()


@pytest.fixture
def scripted(chromium: Browser) -> Iterator[Page]:
    """A page with scripts, 1280 px wide, that collects what the console complains about."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
