"""One organisation's team cannot touch another's: role × address × foreign object."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.accounts.permissions import Reach
from campaign.accounts.queries import member_at
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.networks import enter_membership
from tests.support import ENGLISH, Campaign, PublicClient, csrf_of, organisation_form
from tests.world.addresses import House, rows
from tests.world.house import OF_NETWORKS
from tests.world.members import working_for

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

ROLES = ("editor", "moderator", "reader")
# Who works for an organisation manages neither team nor site, whatever the object: these are refused by role.
BY_ROLE = ("team.", "memberships_desk.", "site_desk.", "countries_at_risk_desk.", "sample_desk.")
# What concerns all organisations is for those who work for the whole site.
SITE_WIDE = {
    "moderation_desk.names",
    "moderation_desk.remove_name",
    "topics_desk.index",
    "topics_desk.create",
    "topics_desk.edit",
    "desk.merge",
    "desk.do_merge",
    "people_desk.sheet",
    "people_desk.export_sheet",
    "people_desk.import_sheet",
    "organisations_desk.sheet",
    "organisations_desk.export_sheet",
    "organisations_desk.import_sheet",
}
# A file that the worker made is for the member who asked for it, and for nobody else who may export.
OF_ONE_MEMBER = {"exports_desk.progress", "exports_desk.make_again", "exports_desk.made"}


def _is_own(app: Flask, endpoint: str) -> bool:
    """True for a page that itself shows, or makes, only what is theirs."""
    return getattr(app.view_functions[endpoint], "of", None) is Reach.OWN


@pytest.fixture
def other(campaign: Campaign, house: House) -> int:
    """An organisation with a statement of its own, beside those of the house."""
    organisation_id = campaign.organisation("Other Centre", "centre.example.org")
    campaign.statement("theirs", owners=(organisation_id,))
    return organisation_id


@pytest.mark.parametrize("role", ROLES)
def test_what_belongs_to_others_is_closed(house: House, campaign: Campaign, other: int, role: str) -> None:
    browser = working_for(campaign, other, role)
    token = csrf_of(browser.get("/desk/sessions"))
    before = rows(house.app)
    answers = {}
    for method in ("GET", "POST"):
        for address in house.addresses(method):
            if (
                address.of_team
                and not _is_own(house.app, address.endpoint)
                and not address.endpoint.startswith("accounts.")
            ):
                data = {"csrf_token": token} if method == "POST" else None
                answers[method, address.endpoint] = browser.open(
                    address.path, method=method, data=data
                ).status_code
    assert len(answers) > 25
    assert {key: status for key, status in answers.items() if status not in {403, 404}} == {}
    assert rows(house.app) == before


def test_what_is_theirs_is_open(house: House, campaign: Campaign) -> None:
    with house.app.app_context():
        league = db.session.scalars(select(Organisation.id).where(Organisation.slug == "test-league")).one()
    browser = working_for(campaign, league)
    token = csrf_of(browser.get("/desk/sessions"))
    for method in ("GET", "POST"):
        for address in house.addresses(method):
            if address.of_team and not address.endpoint.startswith(("accounts.", *BY_ROLE)):
                data = {"csrf_token": token} if method == "POST" else None
                status = browser.open(address.path, method=method, data=data).status_code
                # The network is not theirs, though they are a member of it.
                closed = address.endpoint in {*SITE_WIDE, *OF_NETWORKS}
                expected = {403} if closed else {200, 204, 303, 400, 422}
                if address.endpoint in OF_ONE_MEMBER:
                    expected = {404}
                assert status in expected, (method, address.endpoint)


def test_lists_hold_what_is_theirs_alone(house: House, campaign: Campaign, other: int) -> None:
    claimed = campaign.signed(
        "theirs", **organisation_form(email="c@third.example.org", organisation="Third League")
    )
    browser = working_for(campaign, other)
    for path in ("/desk/", "/desk/statements/"):
        text = browser.get(path).text
        assert "/desk/statements/theirs" in text
        assert "/desk/statements/free" not in text
        assert "/desk/statements/draft" not in text
    review = browser.get("/desk/review").text
    assert str(campaign.signature(claimed).id) in review
    assert house.values["signature_id"] not in review
    assert '<span class="tally">1<' in review


def test_nobody_shuts_themselves_out(house: House, campaign: Campaign, other: int) -> None:
    browser = working_for(campaign, other)
    page = browser.get("/desk/statements/new")
    typed = {
        "csrf_token": csrf_of(page),
        "kind": "petition",
        "signers": "both",
        "time_zone": "UTC",
        "title_en": ENGLISH.title,
        "body_en": ENGLISH.body,
    }
    refused = browser.post("/desk/statements/new", data=typed)
    assert refused.status_code == 422
    assert "Please choose at least one organisation that you work for" in refused.text
    assert ENGLISH.title in refused.text
    taken = browser.post("/desk/statements/new", data=typed | {"owners": str(other), "slug": "own"})
    assert taken.status_code == 303
    assert browser.get("/desk/statements/own").status_code == 200


def test_a_domain_is_entered_by_who_works_for_its_organisation(
    house: House, campaign: Campaign, other: int
) -> None:
    claimed = campaign.signed(
        "theirs", **organisation_form(email="d@newdomain.example.org", organisation="Test League")
    )
    browser = working_for(campaign, other)
    with house.app.app_context():
        league = db.session.scalars(select(Organisation.id).where(Organisation.slug == "test-league")).one()
    data = {
        "csrf_token": csrf_of(browser.get("/desk/review")),
        "organisation": str(league),
        "own_domain": "y",
    }
    path = f"/desk/signatures/{campaign.signature(claimed).id}/approve"
    assert browser.post(path, data=data).status_code == 303
    with house.app.app_context():
        found = db.session.get_one(Organisation, league)
        assert [row.domain for row in found.domains] == ["league.example.org"]


def test_a_network_writes_nothing_on_the_pages_of_others(
    house: House, campaign: Campaign, other: int
) -> None:
    browser = working_for(campaign, other)
    edit, members = "/desk/organisations/other-centre/edit", "/desk/organisations/other-centre/members"
    page = browser.get(edit)
    state = re.search(r'name="state"[^>]*value="([^"]*)"', page.text)
    assert state
    token = csrf_of(page)
    typed = {"csrf_token": token, "name_en": "Other Centre", "country": "PL", "un_status": "none"}
    typed |= {"domains": "centre.example.org", "state": state.group(1)}
    for path, more in ((edit, {}), ("/desk/organisations/new", {"name_en": "Third Place", "domains": ""})):
        refused = browser.post(path, data=typed | more | {"is_network": "y"})
        assert refused.status_code == 422, path
        assert "Only somebody who works for the whole site can enter this" in refused.text
    assert browser.post(edit, data=typed).status_code == 303

    evil = {"csrf_token": token, "source": "https://evil.example/page"}
    with house.app.app_context(), writing() as session:
        session.get_one(Organisation, other).is_network = True
        league = session.scalars(select(Organisation.id).where(Organisation.slug == "test-league")).one()
    before = rows(house.app)
    for chosen in ({"organisation": "Test League"}, {"organisation": "x", "member": "test-league"}):
        refused = browser.post(members, data=evil | chosen)
        assert refused.status_code == 422, chosen
        assert "You can record only organisations that you work for" in refused.text
    similar = browser.post(members, data=evil | {"organisation": "Test Leage"})
    assert (similar.status_code, 'value="test-league"' in similar.text) == (422, False)
    table = browser.post(f"{members}/table", data=evil | {"text": "member\nTest League", "confirmed": "y"})
    assert table.status_code in (403, 404)
    assert rows(house.app) == before

    with house.app.app_context(), writing() as session:
        membership = enter_membership(session, other, league).id
    before = rows(house.app)
    for path in (f"{members}/{membership}", f"{members}/{membership}/remove"):
        assert browser.post(path, data=evil).status_code in (403, 404), path
    assert f"{members}/{membership}" not in browser.get(members).text
    assert rows(house.app) == before
    assert house.team.get(f"{members}/{membership}").status_code == 200


def test_owners_say_for_whom_somebody_works(house: House, campaign: Campaign, other: int) -> None:
    browser = campaign.member("editor@team.example", role="editor")
    with house.app.app_context():
        member = member_at("editor@team.example")
        assert member is not None
        path = f"/desk/team/{member.id}/organisations"
    assert browser.get("/desk/statements/free").status_code == 200
    token = csrf_of(house.team.get(path))
    assert house.team.post(path, data={"csrf_token": token, "organisations": str(other)}).status_code == 303
    assert "Other Centre" in house.team.get("/desk/team").text
    assert browser.get("/desk/statements/free").status_code == 404
    assert house.team.post(path, data={"csrf_token": token, "organisations": "999"}).status_code == 422
    assert house.team.post(path, data={"csrf_token": token}).status_code == 303
    assert browser.get("/desk/statements/free").status_code == 200


def test_who_looks_after_the_site_is_never_confined(house: House, campaign: Campaign, other: int) -> None:
    confined = working_for(campaign, other)
    address = f"editor-{other}@team.example"
    with house.app.app_context():
        member = member_at(address)
        assert member is not None
    token = csrf_of(house.team.get("/desk/team"))
    house.team.post(f"/desk/team/{member.id}/role", data={"csrf_token": token, "role": "owner"})
    assert confined.get("/desk/team").status_code == 200
    refused = house.team.post(
        f"/desk/team/{member.id}/organisations", data={"csrf_token": token, "organisations": str(other)}
    )
    assert refused.status_code == 422
    assert "Owners and administrators look after the whole site." in refused.text


def test_strangers_are_asked_to_sign_in_first(house: House, other: int) -> None:
    assert isinstance(house.stranger, PublicClient)
    assert house.stranger.get("/desk/statements/theirs").status_code == 303
