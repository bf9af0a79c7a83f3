"""Members of the team who work for one organisation."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts import memberships
from campaign.accounts.queries import member_at
from campaign.core.database import writing
from tests.support import Campaign


def confine(app: Flask, address: str, organisation: int) -> None:
    """Let a member work for one organisation."""
    with app.app_context(), writing() as session:
        member = member_at(address)
        assert member is not None
        memberships.work_for(session, member.id, [organisation])


def working_for(campaign: Campaign, organisation: int, role: str = "editor") -> FlaskClient:
    """The browser of a member who works for one organisation."""
    address = f"{role}-{organisation}@team.example"
    browser = campaign.member(address, role=role)
    confine(campaign.app, address, organisation)
    return browser
