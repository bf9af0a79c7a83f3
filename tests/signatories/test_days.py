"""The chart of the dashboard: how many came on each of the last days."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import update

from campaign.core import clock
from campaign.core.database import writing
from campaign.signatories.daily_counts import DayCount, by_day
from campaign.signatures.models import Signature
from tests.support import Campaign

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def sign_on(campaign: Campaign, day: dt.datetime, **fields: str) -> None:
    """Somebody who confirmed at a moment."""
    signature_id = campaign.signature(campaign.signed(**fields)).id
    with campaign.app.app_context(), writing() as session:
        session.execute(update(Signature).where(Signature.id == signature_id).values(confirmed_at=day))


def midnight(back: int) -> dt.datetime:
    """The beginning of the day so many days ago."""
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=back)


def test_every_day_has_its_people_and_organisations(app: Flask, campaign: Campaign) -> None:
    statement = campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    sign_on(campaign, midnight(0), name="Today at midnight")
    sign_on(
        campaign,
        midnight(0) - dt.timedelta(seconds=1),
        name="Yesterday in the last second",
        email="b@post.example.org",
    )
    sign_on(campaign, midnight(2), name="The first day", email="c@post.example.org")
    sign_on(campaign, midnight(2) - dt.timedelta(seconds=1), name="Too early", email="d@post.example.org")
    sign_on(
        campaign, midnight(1), kind="organisation", organisation="Test League", email="e@league.example.org"
    )
    with app.app_context():
        today = midnight(0).date()
        days = [today - dt.timedelta(days=back) for back in (2, 1, 0)]
        assert by_day([statement], 3) == [
            DayCount(days[0], people=1),
            DayCount(days[1], people=1, organisations=1),
            DayCount(days[2], people=1),
        ]


def test_only_what_is_listed_is_counted_and_only_of_these_statements(app: Flask, campaign: Campaign) -> None:
    statement, other = campaign.statement(), campaign.statement("other")
    campaign.signed(kind="organisation", organisation="Waits for review")
    campaign.signed("other")
    with app.app_context():
        assert sum(day.total for day in by_day([statement])) == 0
        assert sum(day.total for day in by_day([statement, other])) == 1


def test_without_statements_the_days_are_there_and_empty(context: Flask) -> None:
    assert [day.total for day in by_day([], 14)] == [0] * 14
