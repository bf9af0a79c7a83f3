"""S30: an answer to a circulated text that has become a signature names its organisation nowhere beside it, and
goes when the signature does.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from campaign.accounts.models import AuditEntry
from campaign.circulation.contacts import purge_invitations
from campaign.circulation.models import Invitation
from campaign.core import retention
from campaign.core.database import writing
from campaign.extensions import db
from campaign.moderation import operations as moderation
from campaign.organisations.models import Organisation, OrganisationName
from campaign.signatures.models import Signature, State
from campaign.signatures.states import withdraw
from tests.support import Campaign
from tests.world.circulation import DRIVE, TEXTS, Round

pytestmark = pytest.mark.databases("sqlite", "postgresql")
LENA = "lena@league.example.org"


@pytest.fixture
def going(campaign: Campaign, team: FlaskClient, client: FlaskClient) -> Round:
    """A text that goes round."""
    campaign.statement(publish=False, texts=TEXTS)
    started = Round(campaign.app, team, campaign, client)
    assert started.begin().status_code == 303
    return started


def published(going: Round, organisation: str) -> None:
    """An invited organisation signs, and the text is published with it."""
    going.invite(LENA)
    assert going.sign(LENA, organisation).status_code == 303
    going.post("/publish")
    going.campaign.work()


def test_of_an_organisation_that_came_by_an_answer_nothing_is_left_once_it_withdraws(going: Round) -> None:
    published(going, "Canary League")
    assert going.client.get("/o/canary-league").status_code == 200
    with going.app.app_context(), writing() as session:
        withdraw(session, session.scalars(select(Signature)).one())
    going.campaign.work()
    with going.app.app_context():
        retention.purge_all()
        retention.purge_all()
        assert db.session.scalars(select(Invitation)).all() == []
        assert db.session.scalars(select(OrganisationName.name)).all() == []
        assert db.session.scalars(select(Organisation.slug)).all() == []
    assert going.client.get("/o/canary-league").status_code == 404
    assert going.client.get(going.links[LENA]).status_code == 410


def test_the_answer_of_an_organisation_that_is_hidden_does_not_name_it(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    published(going, "Test League")
    with going.app.app_context(), writing() as session:
        moderation.hide(session, session.scalars(select(Signature)).one())
    going.campaign.work()
    with going.app.app_context():
        beside = "SELECT i.organisation_id, s.organisation_id FROM invitations i JOIN signatures s ON s.id = i.signature_id"
        assert db.session.execute(text(beside)).all() == [(None, None)]
    with going.app.app_context(), writing():
        assert purge_invitations() == 0
    assert "Test League" in going.team.get(DRIVE).text, "the team reads it from what is sealed"


def test_an_answer_that_is_refused_because_the_organisation_signed_is_recorded(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.invite(LENA, "zoe@post.example.org")
    assert going.sign(LENA, "Test League").status_code == 303
    going.post("/publish")
    assert going.sign("zoe@post.example.org", "Test League").status_code == 303
    with going.app.app_context():
        waiting = db.session.scalars(select(Invitation).where(Invitation.late)).one()
        invitation_id = waiting.id
    going.post(f"/{invitation_id}/join")
    with going.app.app_context():
        last = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
        assert last == "answer refused"
        assert db.session.scalars(select(Signature.state)).all() == [State.LISTED]
        assert db.session.get_one(Invitation, invitation_id).late
