"""S35: signers who choose a country at risk read the notice before anything is stored; nothing is preselected
for them, and nobody asks them to share.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatures.models import Submission
from campaign.site.countries_at_risk import enter_country, forget_countries, take_off_country, write_notices
from campaign.statements.models import Safety
from tests.database import all_rows
from tests.security.pasts import masked, recorded
from tests.support import Campaign, form, organisation_form

OF_BELARUS = "prosecuted as cooperation with extremists"
OF_OTHERS = "people were imprisoned for what they signed"
ASKED = "Please read the notice about this country first."
CHOOSE = "Please choose how your name appears."


def shown(page: str) -> list[str]:
    """The notices of countries that a page shows."""
    return re.findall(r'data-countries="([^"]*)">', page)


def checked(page: str) -> list[str]:
    """The visibility that is chosen on a page."""
    return re.findall(r'name="visibility" id="visibility-\w+" value="(\w+)" checked', page)


def forms(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Submission)) or 0


@pytest.mark.parametrize("safety", [Safety.STANDARD, Safety.HIGH])
@pytest.mark.parametrize("filled", [form, organisation_form])
def test_the_notice_comes_before_anything_is_stored(
    campaign: Campaign, app: Flask, client: FlaskClient, safety: Safety, filled: Any
) -> None:
    campaign.statement(safety=safety)
    blank = client.get("/s/free").text
    assert shown(blank) == [] and OF_BELARUS in blank
    before = all_rows(app)
    asked = client.post("/s/free/sign", data=filled(country="BY"))
    assert asked.status_code == 422 and all_rows(app) == before
    assert shown(asked.text) == ["BY"] and ASKED in asked.text
    # The public list stood there already, so it is to be chosen again.
    assert CHOOSE in asked.text and checked(asked.text) == []
    assert 'name="country-asked" value="BY"' in asked.text
    again = client.post("/s/free/sign", data=filled(country="BY", **{"country-asked": "BY"}))
    assert (again.status_code, forms(app)) == (303, 1)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"country": "PL"}, 303),
        ({"country": "by"}, 422),
        ({"country": "RU", "country-asked": "BY"}, 422),
        ({"country": "BY", "country-asked": "by"}, 422),
        ({"country": "BY", "country-asked": "BY", "visibility": None}, 422),
        ({"country": "PL", "country-asked": "BY"}, 303),
        ({"country": "XX", "country-asked": "XX"}, 422),
    ],
)
def test_it_is_asked_about_the_country_that_is_sent(
    campaign: Campaign, client: FlaskClient, sent: dict[str, Any], status: int
) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=form(**sent)).status_code == status


def test_a_choice_that_shows_no_name_stays_and_everything_typed_is_kept(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    page = client.post("/s/free/sign", data=form(country="IR", visibility="team", message="With you")).text
    assert checked(page) == ["team"] and CHOOSE not in page
    assert OF_OTHERS in page and "Iran</span>: signing can be dangerous" in page
    assert 'value="Anna Example"' in page and "With you" in page


def test_the_question_says_nothing_of_the_address(
    app: Flask, client: FlaskClient, addresses: dict[str, str]
) -> None:
    answers, said = {}, {}
    for past, address in addresses.items():
        with recorded(app) as statements:
            answers[past] = masked(
                client.post("/s/free/sign", data=form(country="BY", email=address)), address
            )
        said[past] = [line for line in statements if re.search(r"submissions|signatures|outbox", line)]
    assert len(set(answers.values())) == 1
    assert {repr(lines) for lines in said.values()} == {repr(said["new"])}


def test_nobody_is_asked_to_share_who_signed_from_there(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    campaign.statement()
    links = {code: campaign.signed(country=code, email=f"{code}@post.example.org") for code in ("PL", "RU")}
    assert "Share it" in client.get(links["PL"]).text
    own = client.get(links["RU"]).text
    assert "Share it" not in own and "t.me/share" not in own and "Get updates" in own
    # What follows from the list is never stored: with the list it changes.
    with app.app_context(), writing() as session:
        assert take_off_country(session, "RU")
        forget_countries()
    assert "Share it" in client.get(links["RU"]).text


def test_a_correction_asks_about_a_new_country_and_not_about_the_one_that_stood_there(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.signed()
    said = {"action": "correct", "name": "Anna Example", "country": "BY"}
    page = client.post(link, data=said)
    assert page.status_code == 422 and shown(page.text) == ["BY"]
    assert campaign.signature(link).country == "PL"
    assert client.post(link, data=said | {"country-asked": "BY"}).status_code == 303
    stands = client.get(link).text
    assert shown(stands) == ["BY"] and 'name="country-asked" value="BY"' in stands


def test_the_teams_list_and_words_are_followed(campaign: Campaign, app: Flask, client: FlaskClient) -> None:
    campaign.statement()
    with app.app_context(), writing() as session:
        assert enter_country(session, "GE") and not enter_country(session, "GE")
        assert take_off_country(session, "BY") and not take_off_country(session, "BY")
        write_notices(session, "GE", {"en": "Agents of <b>influence</b>.\n\nTake care.", "be": ""}, "")
        forget_countries()
    page = client.post("/s/free/sign", data=form(country="GE")).text
    assert shown(page) == ["GE"] and "<p>Agents of &lt;b&gt;influence" in page and "<p>Take care.</p>" in page
    # Where the team wrote none, ours is shown.
    belarusian = client.post("/be/s/free/sign", data=form(country="GE")).text
    assert "Agents" not in belarusian and len(shown(belarusian)) == 1
    assert client.post("/s/free/sign", data=form(country="BY")).status_code == 303
    safety = client.get("/safety").text
    assert "Georgia" in safety and "Agents of" in safety and OF_BELARUS not in safety
