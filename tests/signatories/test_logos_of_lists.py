"""Which logo stands beside an organisation: of today on an open list, of its time on one that has closed."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core.database import writing
from campaign.core.retention import purge_all
from campaign.extensions import db
from campaign.organisations import logos
from campaign.organisations.logos import DrawnLogo
from campaign.organisations.merge import merge
from campaign.organisations.models import Organisation, OrganisationLogo
from campaign.statements import lifecycle
from campaign.statements.models import Statement
from tests.support import Campaign, csrf_of, organisation_form
from tests.world.pictures import picture

LEAGUE = "Test League"


def drawn(name: str) -> DrawnLogo:
    return DrawnLogo(name.encode(), 30, 20)


def digits(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:10]


def change(campaign: Campaign, organisation_id: int, name: str = "", *, everywhere: bool = False) -> None:
    """Another logo, or none."""
    with campaign.app.app_context(), writing() as session:
        organisation = session.get_one(Organisation, organisation_id)
        if name:
            logos.change_logo(session, organisation, drawn(name), "A sprig")
        else:
            logos.remove_logo(session, organisation, everywhere=everywhere)
    campaign.work()


def close(campaign: Campaign, statement: int) -> None:
    with campaign.app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, statement))
    campaign.work()


def shown(campaign: Campaign, client: FlaskClient, slug: str) -> set[str]:
    """The logos of a list: each address in it leads to a picture that stays the same for good."""
    campaign.app.extensions["page_cache"].clear()
    pages = [client.get(f"/s/{slug}{more}").text for more in ("", "/live", "/signatories")]
    found = [set(re.findall(r"/o/[a-z-]+/logo.png\?v=\w+", page)) for page in pages]
    assert found[0] == found[1] == found[2]
    for address in found[0]:
        answer = client.get(address)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"], address
        assert hashlib.sha256(answer.data).hexdigest().startswith(address[-10:])
    return {address[-10:] for address in found[0]}


def kept(app: Flask) -> int:
    with app.app_context():
        purge_all()
        return db.session.scalar(select(func.count()).select_from(OrganisationLogo)) or 0


@pytest.mark.databases("sqlite", "postgresql")
def test_a_closed_list_keeps_the_logo_of_its_time(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    league = campaign.organisation(LEAGUE, "league.example.org")
    lists = {}
    for slug in ("before", "first", "second", "open"):
        lists[slug] = campaign.statement(slug)
        campaign.signed(slug, **organisation_form(organisation=LEAGUE, email="anna@league.example.org"))
    close(campaign, lists["before"])
    change(campaign, league, "first")
    close(campaign, lists["first"])
    change(campaign, league, "unseen")
    change(campaign, league, "second")
    close(campaign, lists["second"])
    change(campaign, league, "third")
    expected = {"before": "", "first": "first", "second": "second", "open": "third"}
    for slug, name in expected.items():
        assert shown(campaign, client, slug) == ({digits(name)} if name else set()), slug
    # What no closed list shows is erased at once.
    assert kept(app) == 3
    change(campaign, league)
    assert client.get("/o/test-league/logo.png").status_code == 404
    assert shown(campaign, client, "open") == set() and shown(campaign, client, "first") == {digits("first")}
    assert kept(app) == 2

    with app.app_context(), writing() as session:
        lifecycle.reopen(session, session.get_one(Statement, lists["first"]))
    campaign.work()
    assert shown(campaign, client, "first") == set() and kept(app) == 1
    change(campaign, league, everywhere=True)
    assert shown(campaign, client, "second") == set() and kept(app) == 0


def test_a_merged_organisation_keeps_its_logo_on_closed_lists(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    goes = campaign.organisation("Old League", "old.example.org")
    stays = campaign.organisation(LEAGUE, "league.example.org")
    lists = {}
    for slug, name, domain in (
        ("old", "Old League", "old"),
        ("new", LEAGUE, "league"),
        ("bare", LEAGUE, "league"),
    ):
        lists[slug] = campaign.statement(slug)
        campaign.signed(slug, **organisation_form(organisation=name, email=f"anna@{domain}.example.org"))
    change(campaign, goes, "old")
    close(campaign, lists["bare"])
    close(campaign, lists["old"])
    with app.app_context(), writing() as session:
        merge(session, session.get_one(Organisation, goes), session.get_one(Organisation, stays))
    campaign.work()
    assert [shown(campaign, client, slug) for slug in ("old", "new", "bare")] == [{digits("old")}] * 2 + [
        set()
    ]
    change(campaign, stays, "new")
    assert [shown(campaign, client, slug) for slug in ("old", "new")] == [{digits("old")}, {digits("new")}]
    with app.app_context(), writing() as session:
        session.delete(session.get_one(Organisation, campaign.organisation("Another")))
    assert kept(app) == 2


def test_a_logo_is_taken_off_closed_lists_only_when_it_is_asked_for(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    league = campaign.organisation(LEAGUE, "league.example.org")
    statement = campaign.statement()
    campaign.signed(**organisation_form(organisation=LEAGUE, email="anna@league.example.org"))
    with campaign.app.app_context(), writing() as session:
        logos.change_logo(session, session.get_one(Organisation, league), logos.draw(picture()), "A sprig")
    close(campaign, statement)
    remove, edit = "/desk/organisations/test-league/logo/remove", "/desk/organisations/test-league/edit"
    for ticked, left in (({}, 1), ({"everywhere": "y"}, 0)):
        page = team.get(edit)
        assert "On closed lists too" in page.text
        assert team.post(remove, data={"csrf_token": csrf_of(page), **ticked}).status_code == 303
        campaign.work()
        assert (len(shown(campaign, client, "free")), kept(campaign.app)) == (left, left)
    assert "On closed lists too" not in team.get(edit).text
