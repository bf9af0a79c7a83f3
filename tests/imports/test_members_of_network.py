"""A statement of a network: the signatures of its members are recorded in one step, each with its source."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.networks import enter_membership
from campaign.statements.models import Statement
from tests.imports.lists_of_names import SOURCE, START, carry_out, paste, post, signatures
from tests.support import Campaign, csrf, organisation_form
from tests.world.networks import span


def prepared(campaign: Campaign, app: Flask) -> None:
    """A statement of a network with four members, of which one has signed and one left long ago."""
    network = campaign.organisation("Wide Network", is_network=True)
    campaign.statement(network=network)
    for name, dates in {
        "Test League": (),
        "Border Watch": ("2012",),
        "Left Behind": ("2001", "2005"),
        "Правы, ініцыятыва": ("2020-05-03",),
    }.items():
        member = (
            campaign.organisation(name, "league.example.org")
            if name == "Test League"
            else campaign.organisation(name)
        )
        with app.app_context(), writing() as session:
            enter_membership(session, network, member, span(*dates))
    campaign.organisation("No Member")
    campaign.signed(**organisation_form(email="anna@league.example.org"))


def offered(page: str) -> dict[str, str]:
    """The members that can be ticked: their names, and the values of the boxes."""
    found = re.findall(r'name="members" id="[^"]*" value="(\d+)".*?<bdi>(.*?)</bdi>', page)
    return {html.unescape(name): value for value, name in found}


def test_members_are_ticked_recorded_and_shown_as_such(
    campaign: Campaign, app: Flask, team: FlaskClient, client: FlaskClient
) -> None:
    prepared(campaign, app)
    assert "members=1" in team.get("/desk/statements/free/signatures").text
    page = team.get(START + "?members=1").text
    assert "Left out, because they have signed: Test League" in page
    # For a text that could put somebody in prison, nobody is chosen before a person has done it.
    assert list(offered(page)) == ["Border Watch", "Правы, ініцыятыва"]
    assert "checked" not in page and re.search(r"<textarea[^>]*>\s*</textarea>", page)
    for chosen in (offered(page).values(), list(offered(page).values())[:1]):
        unsaid = post(team, START, members_listed="y", members=list(chosen))
        assert (unsaid.status_code, unsaid.text.count("checked")) == (422, len(chosen))
    for wrong in ({"lines": "Somebody"}, {"members": ["999"]}):
        typed = SOURCE | {"members_listed": "y", "members": list(offered(page).values())} | wrong
        assert post(team, START, **typed).status_code == 422, wrong
    ticked = post(team, START, **SOURCE, members_listed="y", members=list(offered(page).values()))
    assert ticked.status_code == 303, ticked.text
    assert carry_out(team, campaign, str(ticked.location)).status_code == 303
    assert carry_out(team, campaign, paste(team, "organisation,country", "No Member,PL")).status_code == 303
    with app.app_context():
        known = {row.organisation_name: row for row in signatures(app) if row.source}
    assert {name: row.organisation_id is not None for name, row in known.items()} == {
        "Border Watch": True,
        "Правы, ініцыятыва": True,
        "No Member": True,
    }
    for path in ("/s/free", "/s/free/signatories"):
        shown = client.get(path).text
        ours, others = shown.partition("Members of:")[2].split("Other organisations")
        assert 'href="/o/wide-network"' in ours
        for name in ("Test League", "Border Watch", "Правы, ініцыятыва"):
            assert name in ours, (path, name)
        assert "No Member" in others
    assert "From members of the network:" in client.get("/s/free").text
    assert "Free them all" in client.get("/o/wide-network").text
    api = client.get("/api/v1/statements/free").get_json()
    assert api["network"] == {"slug": "wide-network", "name": "Wide Network"}


def test_the_editor_says_whose_statement_it_is(campaign: Campaign, app: Flask, team: FlaskClient) -> None:
    network = campaign.organisation("Wide Network", is_network=True)
    league = campaign.organisation("Test League")
    campaign.statement()

    def save(value: int) -> int:
        page = team.get("/desk/statements/free/edit").text
        state = re.search(r'name="state"[^>]*value="([^"]*)"', page)
        assert state
        typed = {"title_en": "Free them all", "body_en": "They helped.", "kind": "petition", "slug": "free"}
        typed |= {"signers": "both", "network": str(value), "state": state.group(1), "csrf_token": csrf(team)}
        return team.post("/desk/statements/free/edit", data=typed).status_code

    def stored() -> int | None:
        with app.app_context():
            return db.session.query(Statement.network_id).scalar()

    assert (save(network), stored()) == (303, network)
    assert save(league) == 422

    # The network stays one while a statement is of it, on the form and in the sheet.
    edit = "/desk/organisations/wide-network/edit"
    state = re.search(r'name="state"[^>]*value="([^"]*)"', team.get(edit).text)
    assert state
    typed = {"name_en": "Wide Network", "country": "PL", "un_status": "none", "csrf_token": csrf(team)}
    kept = team.post(edit, data=typed | {"state": state.group(1)})
    assert (kept.status_code, "There are statements of this network" in kept.text) == (422, True)
    sheet = {"text": "slug,name_en,is_network\nwide-network,Wide Network,no\n", "confirmed": "y"}
    kept = team.post("/desk/organisations/sheet", data=sheet | {"csrf_token": csrf(team)})
    assert (kept.status_code, "of which there are statements" in kept.text) == (422, True)
    # What was unmarked before that was refused stays with its statement.
    with app.app_context(), writing() as session:
        session.get_one(Organisation, network).is_network = False
    page = team.get("/desk/statements/free/edit").text
    assert re.search(rf'<option selected value="{network}">Wide Network<', page)
    assert (save(network), stored()) == (303, network)
    assert (save(0), stored()) == (303, None)
    assert team.get(START + "?members=1").status_code == 200
