"""Pages of the public know nothing of the team's cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import event

from campaign.extensions import db
from tests.support import Campaign

PUBLIC = [
    "/",
    "/s/",
    "/s/free",
    "/s/free/signatories",
    "/s/free/live",
    "/s/free/live.json",
    "/check-your-mail",
    "/about",
    "/be/",
    "/be/s/free",
]
PUBLIC += ["/healthz", "/api/v1/statements", "/nowhere", "/c/forged"]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """All SQL that runs during the test."""
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


_WORDS = r'name="words"[^>]*>'


@pytest.mark.parametrize("path", PUBLIC)
def test_a_team_cookie_changes_nothing_on_a_public_page(
    campaign: Campaign, team: FlaskClient, client: FlaskClient, path: str
) -> None:
    campaign.statement()
    signed_in, stranger = team.get(path), client.get(path)
    for response in (signed_in, stranger):
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
    # The words of signing.words are new on each page.
    assert re.sub(_WORDS, "", signed_in.text) == re.sub(_WORDS, "", stranger.text)


def test_a_public_form_sets_no_cookie_either(campaign: Campaign, team: FlaskClient) -> None:
    campaign.statement()
    response = team.post("/s/free/sign", data={})
    assert response.status_code == 422
    assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/s/free", "/nowhere", "/healthz"])
def test_public_pages_never_ask_who_is_signed_in(
    campaign: Campaign, team: FlaskClient, statements: list[str], path: str
) -> None:
    campaign.statement()
    statements.clear()
    team.get(path)
    assert not [statement for statement in statements if "team_" in statement]


def test_public_code_can_not_write_to_a_session(app: Flask) -> None:
    with app.test_request_context("/s/free"):
        assert session.get("anything") is None
        with pytest.raises(RuntimeError, match="outside /desk"):
            session["anything"] = 1


def test_team_pages_are_never_stored(team: FlaskClient) -> None:
    assert team.get("/desk/").headers["Cache-Control"] == "no-store"
