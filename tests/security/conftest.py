"""Addresses that have a past."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from campaign.mailing.bounces import Verdict, read_bounce
from tests.security.pasts import PAST
from tests.support import Campaign, form
from tests.world.bounces import POSTFIX, bounce


@pytest.fixture
def addresses(campaign: Campaign, client: FlaskClient) -> dict[str, str]:
    """An address with each past."""
    campaign.statement()
    found = {past: f"{past}@post.example.org" for past in PAST}
    campaign.submit(email=found["pending"])
    campaign.sign(email=found["confirmed"])
    client.post(campaign.sign(email=found["withdrawn"]), data={"action": "withdraw"})
    campaign.sign(email=found["held"], reference="filled in")
    campaign.sink.reply = lambda to: "550 No such mailbox" if to == found["bounced"] else None
    client.post("/s/free/sign", data=form(email=found["bounced"]))
    for _each in range(5):
        client.post("/s/free/sign", data=form(email=found["capped"]))
    client.post("/s/free/sign", data=form(email=found["suppressed"]))
    campaign.work()
    with campaign.app.app_context():
        original = campaign.sink.raw[-1]
        assert read_bounce(bounce(POSTFIX, original, found["suppressed"])) is Verdict.BOUNCED
    return found
