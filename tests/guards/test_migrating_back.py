"""What people signed and the team decided survives the way back to the release before "Safety again", and the
way there.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from campaign.accounts import audit
from campaign.core import retention
from campaign.core.database import writing
from campaign.extensions import db
from campaign.handover.frozen_lists import freeze
from campaign.handover.models import FrozenLine
from campaign.moderation import operations as moderation
from campaign.signatures.models import Signature
from campaign.signatures.names import names_of, reason_of
from campaign.signatures.states import withdraw
from campaign.statements.models import Statement
from tests.support import Campaign, organisation_form

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def kept(app: Flask) -> tuple[list[Any], list[Any]]:
    """All signatures with what is sealed of them, and all lines of frozen lists."""
    with app.app_context():
        retention.purge_all()
        db.session.remove()
        signatures = [
            (one.id, one.state, one.visibility, names_of(one), reason_of(one), one.removed_on)
            for one in db.session.scalars(select(Signature).order_by(Signature.id))
        ]
        lines = db.session.scalars(select(FrozenLine).order_by(FrozenLine.frozen_id, FrozenLine.number))
        found = [(one.number, one.line) for one in lines]
        db.session.remove()
        return signatures, found


def test_signatures_in_every_state_come_back(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    links = [campaign.signed(name=f"Person {one}", email=f"p{one}@post.example.org") for one in range(4)]
    people = [campaign.signature(link).id for link in links]
    campaign.affiliate(links[0], "University of Test")
    unseen = [
        campaign.signature(campaign.signed(email=f"{shown}@post.example.org", visibility=shown)).id
        for shown in ("team", "counted")
    ]
    leagues = [
        campaign.signature(
            campaign.signed(**organisation_form(organisation=f"League {one}", email=f"o{one}@a.example.org"))
        ).id
        for one in range(3)
    ]
    with app.app_context(), writing() as session:
        for key in leagues[:2]:
            moderation.approve(session, session.get_one(Signature, key), None)
        moderation.reject(session, session.get_one(Signature, leagues[2]), "Nobody knows this league.")
    campaign.work()
    with app.app_context(), writing() as session:
        freeze(session, session.scalars(select(Statement)).one())
    with app.app_context(), writing() as session:
        moderation.hide(session, session.get_one(Signature, people[0]))
        moderation.hide(session, session.get_one(Signature, leagues[0]))
        withdraw(session, session.get_one(Signature, people[1]))
        for key in (people[2], *unseen):
            moderation.invalidate(session, session.get_one(Signature, key), "Found to be false")
    campaign.work()
    before = kept(app)
    # The release before knows no affiliations.
    assert [one[3].pop("affiliation", None) for one in before[0]].count("University of Test") == 1
    with app.app_context():
        downgrade(revision="0012")
        db.session.remove()
        upgrade()
        assert audit.verify_chain().holds
        db.session.remove()
    after = kept(app)
    assert not any(one[3].pop("affiliation", None) for one in after[0])
    assert after == before
    with app.app_context(), writing() as session:
        moderation.show_again(session, session.get_one(Signature, people[0]))
    campaign.work()
    assert "Person 0" in app.test_client().get("/s/free/signatories").text
