"""A message that is held: the decision is about the one that was read."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from campaign.extensions import db
from campaign.signatures.models import Signature
from tests.support import Campaign
from tests.world.signatures_desk import send

TABLE = "/desk/statements/free/signatures"
# A message of one's own choice can be made to share fewer bits with another one, by trying: 256 it can't.
WHOLE = 43


def test_a_part_of_the_mark_decides_nothing_about_a_message(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement()
    signature_id = campaign.signature(campaign.signed(message="We stand with you")).id
    mark = team.get(TABLE).text.partition('name="read" value="')[2].partition('"')[0]
    assert len(mark) >= WHOLE

    def shown(read: str) -> str | None:
        send(team, f"/desk/signatures/{signature_id}/message", decision="show", read=read)
        with app.app_context():
            return db.session.get_one(Signature, signature_id).message

    assert [shown(read) for read in (mark[:16], mark[: WHOLE - 1], "")] == [None] * 3
    assert shown(mark) == "We stand with you"
