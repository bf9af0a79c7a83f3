"""What everyone sees of networks: on the page of a member, on that of the network, and as JSON."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.desk.sample_content import load_sample
from campaign.extensions import db
from campaign.organisations import networks
from campaign.organisations.models import NetworkMembership
from tests.support import Campaign
from tests.world.networks import span

NETWORK = "/o/wide-network"


@pytest.fixture
def network(campaign: Campaign) -> int:
    return campaign.organisation("Wide Network", is_network=True)


def join(app: Flask, network_id: int, member_id: int, *dates: str, source: str = "") -> int:
    app.extensions["page_cache"].clear()
    with app.app_context(), writing() as session:
        return networks.enter_membership(session, network_id, member_id, span(*dates), source).id


def test_a_member_names_its_networks_and_a_network_its_members(
    network: int, campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    league = campaign.organisation("Test League")
    assert "Networks" not in client.get("/o/test-league").text
    membership = join(app, network, league, "2012", source="https://wide.example.org/members?x=1")
    page = client.get("/o/test-league").text
    assert f'href="{NETWORK}"' in page and "since 2012" in page
    assert 'href="https://wide.example.org/members?x=1"' in page and ">wide.example.org</a>" in page
    shown = client.get(NETWORK).text
    assert "<h2>Members</h2>" in shown and "Test League" in shown and "since 2012" in shown
    with app.app_context(), writing() as session:
        row = session.get_one(NetworkMembership, membership)
        networks.change_membership(session, row, span("2012", "2019-05"), "script:alert(1)")
    app.extensions["page_cache"].clear()
    for path in ("/o/test-league", NETWORK):
        assert "2012 – May 2019" in client.get(path).text
        assert 'href="script' not in client.get(path).text
    assert "2012" in client.get("/be/o/test-league").text


def test_members_come_in_pages(network: int, campaign: Campaign, app: Flask, client: FlaskClient) -> None:
    for number in range(101):
        join(app, network, campaign.organisation(f"League {number:03}"))
    first = client.get(NETWORK).text
    assert "League 099" in first and "League 100" not in first
    api = client.get("/api/v1/organisations/wide-network/members").get_json()
    assert len(api["members"]) == 100
    onward = re.search(r'rel="next" href="([^"]*)"', first)
    assert onward and onward.group(1) == f"{NETWORK}?after={api['next']}"
    second = client.get(onward.group(1))
    assert (second.status_code, "League 100" in second.text, 'rel="next"' in second.text) == (
        200,
        True,
        False,
    )
    back = re.search(r'rel="prev" href="([^"]*)"', second.text)
    assert back and "League 000" in client.get(back.group(1)).text
    last = client.get(f"/api/v1/organisations/wide-network/members?after={api['next']}").get_json()
    assert ([one["slug"] for one in last["members"]], last["next"]) == (["league-100"], None)
    for forged in ("0x1", "999999999", "-1"):
        assert client.get(f"{NETWORK}?after={forged}").status_code == 400
        assert client.get(f"/api/v1/organisations/wide-network/members?after={forged}").status_code == 400


def test_whom_only_a_signature_brought_is_not_shown_without_one(
    network: int, campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    hidden = campaign.organisation("Quiet Circle", from_signature=True)
    join(app, network, hidden)
    assert "Quiet Circle" not in client.get(NETWORK).text
    api = "/api/v1/organisations/{}"
    assert client.get(api.format("wide-network/members")).get_json() == {"members": [], "next": None}
    assert client.get(api.format("quiet-circle")).status_code == 404
    assert client.get(api.format("wide-network")).get_json()["is_network"] is True


def test_json_has_both_sides(network: int, campaign: Campaign, app: Flask, client: FlaskClient) -> None:
    join(app, network, campaign.organisation("Test League"), "2012", "2019-05", source="its page")
    told = {"country": "PL", "since": "2012", "until": "2019-05", "source": "its page"}
    member = client.get("/api/v1/organisations/test-league").get_json()
    assert member["networks"] == [{"slug": "wide-network", "name": "Wide Network", **told}]
    members = client.get("/api/v1/organisations/wide-network/members").get_json()["members"]
    assert members == [{"slug": "test-league", "name": "Test League", **told}]
    with app.app_context():
        assert networks.count_members(network) == 1
        assert db.session.get(NetworkMembership, 999_999) is None


def test_the_sample_shows_what_is_known_of_its_network(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        load_sample()
    slug = "the-moscow-helsinki-group-must-not-be-silenced"
    statement = client.get(f"/s/{slug}").text
    assert "From members of the network:" in statement and "Civic Solidarity Platform" in statement
    member = client.get("/o/moscow-helsinki-group").text
    assert 'href="/o/civic-solidarity-platform"' in member and "belhelcom.org" in member
    network = client.get("/ru/o/civic-solidarity-platform").text
    assert "Московская Хельсинкская группа" in network and f"/s/{slug}" in network
