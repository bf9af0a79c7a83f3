"""What the team does with signatures."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.signatures.models import Signature
from tests.support import Campaign, csrf, organisation_form


def send(team: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Post a form with a token of this session."""
    return team.post(address, data={"csrf_token": csrf(team)} | fields)


def claim(campaign: Campaign, **fields: Any) -> uuid.UUID:
    """An organisation that confirmed and waits for review. Returns the id of its signature."""
    link = campaign.signed(**organisation_form(**{"email": "anna@league.example.org"} | fields))
    return campaign.signature(link).id


def state_of(app: Flask, signature_id: uuid.UUID) -> str:
    """The state of a signature."""
    with app.app_context():
        return str(db.session.get_one(Signature, signature_id).state)
