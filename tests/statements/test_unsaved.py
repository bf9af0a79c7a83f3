"""Unsaved text: kept for its writer, offered again with what differs, erased once it is saved or old."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import travel

from campaign.core import clock, retention
from campaign.extensions import db
from campaign.statements import unsaved_text
from campaign.statements.models import UnsavedText
from tests.support import Campaign, csrf_of
from tests.world.statements_desk import NEW, change, loaded, typed, write

EDIT = "/desk/statements/free/edit"
KEEP = "/desk/statements/free/unsaved"
KEEP_NEW = "/desk/statements/unsaved"
OFFER = "You typed something here and did not save it"


def keep(browser: FlaskClient, address: str, **fields: str) -> int:
    """What the script of the editor sends."""
    token = csrf_of(browser.get(NEW))
    return browser.post(address, data=typed(**fields) | {"csrf_token": token}).status_code


def rows(app: Flask) -> list[UnsavedText]:
    with app.app_context():
        return list(db.session.scalars(select(UnsavedText)))


def test_what_was_typed_is_offered_with_its_difference_and_comes_back(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    state = loaded(team, "free")
    text = {"slug": "free", "state": state, "title_en": "Free them at once", "body_en": "They helped others."}
    assert keep(team, KEEP, **text) == 204
    assert keep(team, KEEP, **text | {"title_en": "Free them today"}) == 204
    (row,) = rows(app)
    assert b"Free them today" not in row.sealed
    page = unescape(team.get(EDIT).text)
    assert OFFER in page and 'value="Free them all"' in page
    assert "<ins>today</ins>" in page and "<del>all</del>" in page
    restored = unescape(team.get(f"{EDIT}?unsaved=y").text)
    assert 'value="Free them today"' in restored and OFFER not in restored
    # Saved, it is gone.
    change(team, "free", **text | {"title_en": "Free them today"})
    assert rows(app) == [] and OFFER not in team.get(EDIT).text


def test_what_somebody_saved_meanwhile_is_not_overwritten_by_what_was_kept(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    state = loaded(team, "free")
    keep(team, KEEP, slug="free", state=state, title_en="Mine", body_en="They helped others.")
    colleague = campaign.member("colleague@team.example", role="editor")
    change(colleague, "free", title_en="Theirs")
    restored = team.get(f"{EDIT}?unsaved=y").text
    assert state in restored
    answer = change(team, "free", state=state, title_en="Mine", body_en="They helped others.")
    assert answer.status_code == 409 and len(rows(app)) == 1


def test_a_new_statement_is_kept_apart_from_every_other(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    keep(team, KEEP_NEW, title_en="A new one")
    assert OFFER in team.get(NEW).text and OFFER not in team.get(EDIT).text
    assert 'value="A new one"' in team.get(f"{NEW}?unsaved=y").text
    write(team, title_en="A new one")
    assert rows(app) == []


def test_nobody_else_gets_it(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free")
    keep(team, KEEP, slug="free", title_en="Secret")
    colleague = campaign.member("colleague@team.example", role="owner")
    for address in (EDIT, f"{EDIT}?unsaved=y"):
        assert "Secret" not in colleague.get(address).text


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("address", [KEEP, KEEP_NEW])
def test_two_tabs_that_begin_at_one_moment_lose_nothing(
    team: FlaskClient, campaign: Campaign, app: Flask, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement("free")
    keep(team, address, title_en="From one tab")
    seen, calls = unsaved_text._row, iter([True])
    # The other tab has looked before the first one was done.
    monkeypatch.setattr(unsaved_text, "_row", lambda *asked: None if next(calls, False) else seen(*asked))
    assert keep(team, address, title_en="From the other") == 204
    assert len(rows(app)) == 1
    assert "From the other" in team.get(f"{NEW if address == KEEP_NEW else EDIT}?unsaved=y").text


@pytest.mark.parametrize("address", [KEEP, KEEP_NEW])
def test_it_is_discarded_by_a_button_and_after_two_weeks(
    team: FlaskClient, campaign: Campaign, app: Flask, address: str
) -> None:
    campaign.statement("free")
    keep(team, address, title_en="Old")
    assert team.post(address, data={"csrf_token": csrf_of(team.get(NEW)), "discard": "y"}).status_code == 303
    assert rows(app) == []
    keep(team, address, title_en="Old")
    for days, left in ((13, 1), (15, 0)):
        with travel(clock.now() + dt.timedelta(days=days), tick=False), app.app_context():
            retention.purge_all()
            assert len(db.session.scalars(select(UnsavedText)).all()) == left


def test_what_equals_the_saved_text_is_not_offered(team: FlaskClient, campaign: Campaign) -> None:
    write(team, slug="free")
    keep(team, KEEP, slug="free", state=loaded(team, "free"), contact_days="90", time_zone="UTC")
    assert OFFER not in team.get(EDIT).text


def test_readers_and_strangers_keep_nothing(campaign: Campaign, client: FlaskClient, app: Flask) -> None:
    campaign.statement("free")
    reader = campaign.member("reader@team.example", role="reader")
    token = csrf_of(reader.get("/desk/"))
    assert reader.post(KEEP, data={"csrf_token": token, "title_en": "x"}).status_code == 403
    assert client.post(KEEP, data={"title_en": "x"}).status_code in (303, 400)
    assert rows(app) == []
