"""A text that goes round."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.circulation import jobs
from tests.support import Campaign
from tests.world.circulation import TEXTS, Round


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reminders wait for the morning; tests do not."""
    monkeypatch.setattr(jobs, "_MORNING", 0)
    monkeypatch.setattr(jobs, "_EVENING", 24)


@pytest.fixture
def going(app: Flask, team: FlaskClient, campaign: Campaign, client: FlaskClient) -> Round:
    """A draft in two languages that was sent round."""
    campaign.statement(publish=False, texts=TEXTS)
    found = Round(app, team, campaign, client)
    assert found.begin().status_code == 303
    return found
