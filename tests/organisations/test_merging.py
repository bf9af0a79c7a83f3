"""Two records become one."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.accounts import memberships
from campaign.accounts.models import AuditEntry, Membership
from campaign.accounts.queries import member_at
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation, OrganisationDomain
from campaign.signatories.listing import drifts
from campaign.signatures.models import Signature, State, Visibility
from campaign.signatures.names import names_of
from campaign.statements import lifecycle
from campaign.statements.models import Statement
from tests.support import Campaign, csrf_of, organisation_form

PATH = "/desk/organisations/old-league/merge"


def two(campaign: Campaign) -> tuple[int, int]:
    """A record that goes and one that stays."""
    goes = campaign.organisation(
        "Old League", "old.example.org", aliases=["OL"], website="https://old.example.org"
    )
    return goes, campaign.organisation("Test League", "league.example.org", country="LT")


def sign(campaign: Campaign, team: FlaskClient, organisation_id: int, slug: str = "free", **more: str) -> str:
    """Sign for an organisation and let the team approve it. Returns the link."""
    link = campaign.signed(slug, **organisation_form(**more))
    signature = campaign.signature(link)
    if signature.state == State.REVIEW:
        data = {
            "csrf_token": csrf_of(team.get("/desk/review")),
            "organisation": "other",
            "other": slug_of(campaign.app, organisation_id),
        }
        assert team.post(f"/desk/signatures/{signature.id}/approve", data=data).status_code == 303
        campaign.work()
    return link


def refused_anew(campaign: Campaign, **fields: str) -> None:
    """Under neither name it signs a second time."""
    link = campaign.submit(**organisation_form(**fields))
    refused = campaign.app.test_client().post(link, data={"action": "confirm"})
    assert refused.status_code == 409
    assert "This organisation has already signed" in refused.text


def slug_of(app: Flask, organisation_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Organisation, organisation_id).slug


def merge(team: FlaskClient, **more: str) -> int:
    token = csrf_of(team.get(PATH + "?into=test-league"))
    return team.post(PATH, data={"csrf_token": token, "into": "test-league", "sure": "y"} | more).status_code


def test_nothing_that_is_known_is_lost(
    campaign: Campaign, team: FlaskClient, app: Flask, client: FlaskClient
) -> None:
    goes, stays = two(campaign)
    campaign.statement(owners=(goes, stays))
    campaign.statement("second", owners=(goes,))
    link = sign(campaign, team, goes, organisation="Old League", email="anna@old.example.org")
    preview = team.get(PATH + "?into=test-league").text
    for said in ("OL", "old.example.org", "Free them all", "Old League"):
        assert said in preview
    assert merge(team) == 303
    campaign.work()
    with app.app_context():
        assert db.session.get(Organisation, goes) is None
        record = db.session.get_one(Organisation, stays)
        assert {name.name for name in record.names} == {"Test League", "Old League", "OL"}
        assert record.country == "LT"
        assert record.website == "https://old.example.org"
        assert set(db.session.scalars(select(OrganisationDomain.domain))) == {
            "old.example.org",
            "league.example.org",
        }
        owners = {
            found.slug: [owner.organisation_id for owner in found.owners]
            for found in db.session.scalars(select(Statement))
        }
        assert owners == {"free": [stays], "second": [stays]}
        assert [entry.action for entry in db.session.scalars(select(AuditEntry))].count(
            "organisations merged"
        ) == 1
        assert drifts() == []
    signature = campaign.signature(link)
    assert (signature.organisation_id, signature.organisation_name) == (stays, "Old League")
    moved = client.get("/o/old-league")
    assert (moved.status_code, moved.location) == (302, "/o/test-league")
    assert "Free them all" in client.get("/o/test-league").text


def test_where_both_have_signed_the_earlier_stands(
    campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    goes, stays = two(campaign)
    campaign.statement()
    first = sign(campaign, team, goes, organisation="Old League", email="anna@old.example.org")
    second = sign(campaign, team, stays, organisation="Test League", email="b@league.example.org")
    assert campaign.counts() == (0, 2)
    assert "Both have signed these statements" in team.get(PATH + "?into=test-league").text
    assert merge(team) == 303
    campaign.work()
    assert campaign.counts() == (0, 1)
    assert campaign.signature(first).organisation_id == stays
    assert campaign.signature(second).state == State.INVALIDATED
    refused_anew(campaign, organisation="Old League", email="c@old.example.org")


def test_names_that_only_the_team_sees_follow_too(campaign: Campaign, team: FlaskClient, app: Flask) -> None:
    goes, stays = two(campaign)
    campaign.statement()
    sign(
        campaign,
        team,
        goes,
        organisation="Old League",
        email="anna@old.example.org",
        visibility=Visibility.TEAM,
    )
    assert merge(team) == 303
    campaign.work()
    refused_anew(campaign, organisation="Test League", email="b@league.example.org")
    with app.app_context():
        (signature,) = db.session.scalars(select(Signature))
        assert (signature.organisation_name, signature.organisation_id) == (None, None)
        assert names_of(signature)["organisation_id"] == stays


def test_who_worked_for_the_one_works_for_the_other(
    campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    goes, stays = two(campaign)
    browser = campaign.member("editor@team.example", role="editor")
    campaign.statement("theirs", owners=(goes,))
    campaign.statement("foreign")
    with app.app_context(), writing() as session:
        member = member_at("editor@team.example")
        assert member is not None
        memberships.work_for(session, member.id, [goes, stays])
    assert merge(team) == 303
    with app.app_context():
        assert [row.organisation_id for row in db.session.scalars(select(Membership))] == [stays]
    assert browser.get("/desk/statements/theirs").status_code == 200
    assert browser.get("/desk/statements/foreign").status_code == 404


def test_bad_merges_are_refused(campaign: Campaign, team: FlaskClient, app: Flask) -> None:
    two(campaign)
    itself = team.get(PATH + "?into=old-league")
    assert itself.status_code == 422
    assert "merged with itself" in itself.text
    assert merge(team, into="old-league") == 422
    assert merge(team, into="nobody") == 422
    assert merge(team, sure="") == 422
    assert team.get(PATH + "?into=nobody").status_code == 422
    assert team.get("/desk/organisations/nobody/merge").status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(Organisation)).all()) == 2


def test_likely_ones_and_search_lead_to_the_other_record(campaign: Campaign, team: FlaskClient) -> None:
    two(campaign)
    campaign.organisation("Ольд Ліга")
    assert "into=test-league" in team.get(PATH + "?q=test").text


def test_names_on_lists_stay_as_they_were_signed(
    campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    """As the preview says: on a closed list and on an open one, on every page that shows it."""
    goes, _stays = two(campaign)
    for slug in ("free", "second"):
        campaign.statement(slug)
        sign(campaign, team, goes, slug, organisation="Old League", email="anna@old.example.org")
    close(campaign, "second")
    assert merge(team) == 303
    campaign.work()
    for slug in ("free", "second"):
        pages = (
            f"/s/{slug}",
            f"/s/{slug}/live",
            f"/s/{slug}/signatories",
            f"/s/{slug}/signatories?by=country",
        )
        data = (
            f"/s/{slug}/live.json",
            f"/api/v1/statements/{slug}/signatures",
            f"/s/{slug}/signatories?q=old",
        )
        for page in (*pages, *data):
            text = client.get(page).text
            assert "Old League" in text, page
            assert "Test League" not in text, page


def close(campaign: Campaign, slug: str) -> None:
    with campaign.app.app_context(), writing() as session:
        lifecycle.close(session, session.scalars(select(Statement).where(Statement.slug == slug)).one())
