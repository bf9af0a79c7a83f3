"""Without its database the site says so, in the reader's language, and when to come back.

It never says that it saved something.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from sqlalchemy.exc import OperationalError

from campaign import create_app
from campaign.config import Settings
from campaign.core import database, tokens
from campaign.core.ids import new_id
from campaign.core.page_cache import FRESH_SECONDS
from campaign.extensions import db
from tests.support import Campaign, PublicClient, form
from tests.world.addresses import House, rows

pytestmark = pytest.mark.databases("sqlite", "postgresql")

# Pages that say nothing which is in the database.
WITHOUT = {
    "static",
    "icon_favicon",
    "icon_apple-touch-icon",
    "icon_apple-touch-icon-precomposed",
    "pages.about",
    "pages.robots",
    "pages.healthz",
    "signing.check_your_mail",
    "signing.code_again",
    "accounts.sign_in",
    "accounts.forgotten",
    "accounts.invitation_asked",
    "accounts.link_on_its_way",
} | {
    "signing.link_sent",
    "signing.withdraw_by_phrase",
    "pages.security_txt",
    "site.looks",
    "api.openapi",
}

Make = Callable[[str], Flask]


@pytest.fixture
def make(environment: dict[str, str]) -> Iterator[Make]:
    """Makes apps on a database of one's own."""
    made: list[Flask] = []

    def app_on(url: str) -> Flask:
        made.append(create_app(Settings.from_environment(environment | {"DATABASE_URL": url})))
        made[-1].test_client_class = PublicClient
        return made[-1]

    yield app_on
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def away(request: pytest.FixtureRequest, make: Make, tmp_path: Path) -> House:
    """A site whose database is not there: nothing listens at its port, or its folder is gone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make(
        f"sqlite:///{tmp_path}/gone/test.db"
        if request.param == "sqlite"
        else f"postgresql://nobody@127.0.0.1:{port}/gone"
    )
    with app.app_context():
        token = tokens.issue(tokens.Purpose.SIGNATURE, new_id())
        calendar = tokens.issue(tokens.Purpose.TEAM_CALENDAR, new_id())
        unsubscribing = tokens.issue(tokens.Purpose.UNSUBSCRIBE, new_id())
        invitation = tokens.issue(tokens.Purpose.CIRCULATION, new_id())
    key = str(new_id())
    values = {
        "slug": "free",
        "token": token,
        "name": "css/base.css",
        "key": "x",
        "signature_id": key,
        "session_id": key,
        "member_id": "1",
    }
    values |= {
        "topic": "defenders",
        "form": "atom",
        "code": "be",
        "country": "BY",
        "tab": "circulation",
        "import_id": key,
        "invitation_id": key,
        "event_id": key,
        "request_id": key,
        "job_id": key,
    }
    values["feeds.team_calendar.token"] = calendar
    values |= dict.fromkeys(("signing.unsubscribe.token", "signing.unsubscribe_now.token"), unsubscribing)
    values |= dict.fromkeys(
        (
            "addressee_id",
            "handover_id",
            "update_id",
            "number",
            "document",
            "suggestion_id",
            "name_id",
            "batch_id",
            "membership_id",
        ),
        "1",
    )
    values |= {
        f"{page}.token": invitation
        for page in ("circulation.show", "circulation.suggest", "kits.kit", "kits.word")
    }
    return House(app, app.test_client(), app.test_client(), values)


@pytest.mark.parametrize("language", ["en", "be", "de"])
def test_every_page_says_so_in_the_readers_language(away: House, language: str) -> None:
    with away.app.test_request_context(), force_locale(language if language != "en" else "en_GB"):
        said = gettext("We can't save anything just now")
    prefix, refused = "" if language == "en" else f"/{language}", set()
    for address in away.addresses("GET"):
        response = away.stranger.get(prefix + address.path)
        if address.endpoint in WITHOUT or address.of_team or address.endpoint.startswith("mailbox."):
            assert response.status_code in (200, 302, 303, 404), address
        elif address.endpoint not in ("pages.readyz", "pages.sign_again"):
            assert (response.status_code, response.headers.get("Retry-After")) == (503, "30"), address
            if not address.path.startswith("/api/"):
                assert f'<html lang="{language}">' in response.text and said in response.text.replace(
                    "&#39;", "'"
                ), address
            refused.add(address.endpoint)
    assert {
        "pages.home",
        "pages.statement",
        "signatories.live",
        "signing.manage",
        "api.api_statements",
    } <= refused


def test_no_form_is_taken(away: House) -> None:
    link = f"/c/{away.values['token']}"
    for path, data in (
        ("/s/free/sign", form()),
        ("/code", {"code": "1234 5678 9012"}),
        (link, {"action": "confirm"}),
        (link, {"action": "withdraw"}),
    ):
        response = away.stranger.post(path, data=data)
        assert (response.status_code, response.headers.get("Retry-After")) == (503, "30"), path
        assert "Nothing was recorded" in response.text
        assert "anna@" not in response.text


def test_alive_but_not_ready(away: House) -> None:
    assert away.stranger.get("/healthz").status_code == 200
    ready = away.stranger.get("/readyz")
    assert (ready.status_code, ready.get_json()) == (
        503,
        {"ready": False, "database": False, "migrations": False, "worker": False},
    )


def test_a_page_that_was_shown_before_does_not_outlive_the_database(
    campaign: Campaign, app: Flask, team: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    client = app.test_client()
    assert client.get("/s/free").status_code == 200
    time.sleep(FRESH_SECONDS + 0.05)
    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(db.engine.pool, "connect", _refuse)
        assert client.get("/s/free").status_code == 503
        assert client.post("/s/free/sign", data=form()).status_code == 503
        assert team.get("/desk/").status_code == 503
    assert (client.get("/s/free").status_code, team.get("/desk/").status_code) == (200, 200)


def _refuse() -> None:
    raise OperationalError("BEGIN", {}, Exception("disk I/O error"))


# A lock of the whole database is SQLite's.
@pytest.mark.databases("sqlite", only=True)
def test_while_another_process_holds_the_lock_pages_are_read_and_forms_refused(
    make: Make, campaign: Campaign, app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    monkeypatch.setattr(database, "_PRAGMAS", (*database._PRAGMAS, "busy_timeout = 20"))
    client, before = make(database_url).test_client(), rows(app)
    other = sqlite.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert client.get("/s/free").status_code == 200
    assert client.post("/s/free/sign", data=form()).status_code == 503
    other.execute("ROLLBACK")
    assert rows(app) == before
    assert client.post("/s/free/sign", data=form()).status_code == 303
    other.close()


# SQLite has no server.
@pytest.mark.databases("postgresql", only=True)
def test_after_a_restart_of_the_database_the_next_visitor_notices_nothing(
    campaign: Campaign, app: Flask, database_url: str
) -> None:
    campaign.statement()
    client = app.test_client()
    assert client.get("/s/free/signatories").status_code == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    assert client.get("/s/free/signatories").status_code == 200
    assert client.post("/s/free/sign", data=form()).status_code == 303
