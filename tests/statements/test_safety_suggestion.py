"""High safety is suggested for statements that have to do with a country at risk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.people.operations import LetterAddress
from campaign.people.vocabulary import Script
from campaign.statements.addressees import AddresseeContent, AddresseeNames, enter_addressee
from campaign.statements.models import Kind, Safety
from campaign.statements.queries import statement_by_slug
from tests.support import Campaign, csrf
from tests.world.people import join, person

SUGGESTED = "We suggest high safety for this statement"
DESK = "/desk/statements/free"


def _held(campaign: Campaign, country: str) -> None:
    campaign.statement(publish=False, kind=Kind.RELEASE_CAMPAIGN)
    addresses = {Script.LATIN: LetterAddress("Colony 1", country)}
    join(campaign.app, "free", person(campaign.app, "Jana Held", addresses=addresses))


def _addressed(campaign: Campaign, country: str) -> None:
    with campaign.app.app_context(), writing() as session:
        entry = AddresseeContent({"en": AddresseeNames("Minister")}, country=country)
        addressee = enter_addressee(session, entry).id
    campaign.statement(publish=False, addressees=(addressee,))


def _owned(campaign: Campaign, country: str) -> None:
    campaign.statement(publish=False, owners=(campaign.organisation("Viasna", country=country),))


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (_held, "Its people are held in, or get letters in: Belarus"),
        (_addressed, "It is addressed to: Belarus"),
        (_owned, "Its owners are from: Belarus"),
    ],
)
def test_it_is_suggested_with_its_reason_and_chosen_with_one_click(
    campaign: Campaign, team: FlaskClient, app: Flask, build: Callable[[Campaign, str], None], reason: str
) -> None:
    build(campaign, "BY")
    page = team.get(DESK).text
    assert SUGGESTED in page and reason in page
    if build is _held:
        assert SUGGESTED in team.get(f"{DESK}/people").text
    for _twice in range(2):
        assert team.post(f"{DESK}/safety", data={"csrf_token": csrf(team)}).status_code == 303
    after = team.get(DESK).text
    assert SUGGESTED not in after and "High safety is chosen." in after
    with app.app_context():
        found = statement_by_slug("free")
        assert found is not None and found.safety == Safety.HIGH
    assert team.get("/desk/audit").text.count("High safety was chosen for a statement") == 1


@pytest.mark.parametrize("build", [_held, _addressed, _owned])
def test_nothing_is_suggested_for_other_countries(
    campaign: Campaign, team: FlaskClient, build: Callable[[Campaign, str], None]
) -> None:
    build(campaign, "PL")
    assert SUGGESTED not in team.get(DESK).text


def test_a_public_text_keeps_its_level(campaign: Campaign, team: FlaskClient, app: Flask) -> None:
    campaign.statement(owners=(campaign.organisation("Viasna", country="BY"),))
    assert SUGGESTED not in team.get(DESK).text
    team.post(f"{DESK}/safety", data={"csrf_token": csrf(team)})
    assert "its level of safety is fixed" in team.get(DESK).text
    lines = team.get("/api/v1/statements").get_json()["statements"]
    whole = team.get("/api/v1/statements/free").get_json()
    assert [line["safety"] for line in lines] == [whole["safety"]] == ["standard"]


def test_who_only_reads_is_suggested_nothing(campaign: Campaign) -> None:
    _owned(campaign, "BY")
    reader = campaign.member("reader@team.example", role="reader")
    assert SUGGESTED not in reader.get(DESK).text
    assert reader.post(f"{DESK}/safety", data={"csrf_token": csrf(reader)}).status_code == 403
