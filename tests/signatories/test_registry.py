"""Under which name an organisation stands on a list."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.organisations.models import Organisation
from campaign.organisations.operations import change_organisation, register_organisation
from campaign.statements import lifecycle
from campaign.statements.models import Statement
from tests.support import BELARUSIAN, ENGLISH, Campaign, organisation_form

SIGNED = "Test League"


def stage(campaign: Campaign, app: Flask) -> tuple[int, int]:
    """A statement in two languages, signed by an organisation with names in both."""
    with app.app_context(), writing() as session:
        organisation_id = register_organisation(
            session, {"en": SIGNED, "be": "Тэставая ліга"}, domains=["league.example.org"]
        ).id
    statement = campaign.statement(texts=(ENGLISH, BELARUSIAN))
    campaign.signed(**organisation_form(organisation=SIGNED, email="anna@league.example.org"))
    assert campaign.counts() == (0, 1)
    return organisation_id, statement


def test_it_stands_in_the_language_of_the_text(campaign: Campaign, app: Flask, client: FlaskClient) -> None:
    stage(campaign, app)
    for path, shown, other in (("", SIGNED, "Тэставая ліга"), ("/be", "Тэставая ліга", SIGNED)):
        for page in ("/s/free", "/s/free/live", "/s/free/signatories"):
            text = client.get(path + page).text
            assert shown in text
            assert other not in text
    assert "Тэставая ліга" in client.get("/s/free?text=be").text


def test_a_new_name_is_shown_until_the_list_is_closed(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    organisation_id, statement = stage(campaign, app)
    with app.app_context(), writing() as session:
        organisation = session.get_one(Organisation, organisation_id)
        change_organisation(
            session, organisation, {"en": "Better League"}, aliases=[SIGNED], domains=["league.example.org"]
        )
    campaign.work()
    pages = ("/s/free", "/s/free/live", "/s/free/signatories")
    assert ["Better League" in client.get(page).text for page in pages] == [True, True, True]
    assert "Better League" in client.get("/s/free/signatories?q=better").text
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, statement))
    campaign.work()
    for page in pages:
        text = client.get(page).text
        assert SIGNED in text
        assert "Better League" not in text
