"""S22: the key of a statement of high safety ends after closing; the team is warned, counts the days, and
sees when no backup holds it any more.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.privacy import backups
from campaign.statements import lifecycle
from campaign.statements.models import Safety, Statement, StatementKey
from tests.support import Campaign

pytestmark = pytest.mark.databases("sqlite", "postgresql")

CLOSED = dt.datetime(2027, 3, 4, 10, 0, tzinfo=dt.UTC)


def said(page: str) -> str:
    """The words of the page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_desk_warns_counts_down_and_says_when_the_last_backup_is_over(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [CLOSED - dt.timedelta(days=2)]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    campaign.statement(safety=Safety.HIGH)
    campaign.statement("plain")
    team = campaign.member("first@team.example")
    own, dashboard = "/desk/statements/free", "/desk/"
    assert "Eight days after closing" in said(team.get(own).text)
    assert "Eight days after closing" not in said(team.get("/desk/statements/plain").text)
    with campaign.app.app_context():
        with writing() as session:
            backups.note(session, 30)
        at[0] = CLOSED
        with writing() as session:
            lifecycle.close(session, session.scalars(select(Statement).where(Statement.slug == "free")).one())
    # A session lasts half a day.
    team = campaign.member("second@team.example")
    for page in (own, dashboard):
        assert "In 8 days the key is destroyed" in said(team.get(page).text)
        assert "It counts as gone on" in said(team.get(page).text)
    at[0] = CLOSED + dt.timedelta(days=7, hours=1)
    team = campaign.member("third@team.example")
    campaign.work()
    assert "In 1 day the key is destroyed" in said(team.get(dashboard).text)
    at[0] = CLOSED + dt.timedelta(days=8, minutes=1)
    team = campaign.member("fourth@team.example")
    campaign.work()
    with campaign.app.app_context():
        kept = dict(
            db.session.execute(select(Statement.slug, StatementKey.sealed.is_not(None)).join(StatementKey))
            .tuples()
            .all()
        )
    assert kept == {"free": False, "plain": True}
    for page in (own, dashboard):
        assert "A backup still holds it" in said(team.get(page).text) and "1 April 2027" in said(
            team.get(page).text
        ), said(team.get(page).text)
    at[0] = CLOSED + dt.timedelta(days=40)
    team = campaign.member("fifth@team.example")
    assert "No backup holds it any more" in said(team.get(own).text)
    assert "nobody can find out" not in said(team.get(dashboard).text)


def test_after_its_end_words_still_take_a_signature_back(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [CLOSED - dt.timedelta(days=2)]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    campaign.statement(safety=Safety.HIGH)
    page = client.post(campaign.submit(), data={"action": "confirm"}).text
    words = re.search(r'class="words"[^>]*>([a-z ]+)<', page)
    assert words
    campaign.work()
    with campaign.app.app_context(), writing() as session:
        lifecycle.close(session, session.scalars(select(Statement)).one(), CLOSED)
    at[0] = CLOSED + dt.timedelta(days=9)
    campaign.work()
    assert campaign.counts() == (1, 0)
    assert client.post("/take-back", data={"words": words[1]}).status_code == 200
    campaign.work()
    assert campaign.counts() == (0, 0)
