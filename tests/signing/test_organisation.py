"""An organisation signs through a representative."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.operations import register_organisation
from campaign.signatures import states
from campaign.signatures.errors import OrganisationSigned
from campaign.signatures.models import Signature, State
from campaign.statements.models import Safety
from tests.support import Campaign, organisation_form

pytestmark = [pytest.mark.databases("sqlite", "postgresql"), pytest.mark.usefixtures("app")]


def sign(campaign: Campaign, **fields: str) -> str:
    return campaign.sign(**organisation_form(**fields))


def approve(campaign: Campaign, link: str, organisation_id: int) -> None:
    signature = campaign.signature(link)
    with campaign.app.app_context(), writing() as session:
        states.approve(
            session, session.get_one(Signature, signature.id), session.get_one(Organisation, organisation_id)
        )


def test_its_own_mail_domain_lists_it_at_once(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    sign(campaign, email="anna@mail.league.example.org", title="Director")
    assert campaign.counts() == (0, 1)
    line = client.get("/api/v1/statements/free/signatures").get_json()["signatures"][0]
    assert (line["kind"], line["organisation"], line["name"], line["title"]) == (
        "organisation",
        "Test League",
        "Anna Example",
        "Director",
    )


def test_another_mailbox_waits_for_review(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    link = sign(campaign, email="anna@elsewhere.example.org")
    assert campaign.counts() == (0, 0)
    assert "Confirmed, waiting for review" in client.get(link).text
    assert "Test League" not in client.get("/s/free").text


def test_a_domain_that_only_looks_alike_waits(campaign: Campaign) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    sign(campaign, email="anna@notleague.example.org")
    assert campaign.counts() == (0, 0)


def test_the_domain_speaks_for_its_own_organisation_only(campaign: Campaign) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.organisation("Other League", "other.example.org")
    sign(campaign, organisation="Other League", email="anna@league.example.org")
    assert campaign.counts() == (0, 0)


def test_it_stands_once_whoever_signs(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    sign(campaign, email="anna@league.example.org")
    second = campaign.submit(**organisation_form(name="Boris", email="boris@league.example.org"))
    response = client.post(second)
    assert response.status_code == 409
    assert "has already signed" in response.text
    campaign.work()
    assert campaign.counts() == (0, 1)


def test_a_claim_in_review_does_not_keep_the_organisation_out(campaign: Campaign) -> None:
    campaign.statement()
    league = campaign.organisation("Test League", "league.example.org")
    claim = sign(campaign, email="stranger@elsewhere.example.org")
    sign(campaign, email="anna@league.example.org")
    assert campaign.counts() == (0, 1)
    with pytest.raises(OrganisationSigned):
        approve(campaign, claim, league)
    assert campaign.signature(claim).state == "review"


def test_approving_lists_it_and_forgets_the_address(campaign: Campaign) -> None:
    campaign.statement()
    league = campaign.organisation("Test League")
    link = sign(campaign, email="anna@elsewhere.example.org")
    assert campaign.signature(link).sealed_contact is not None
    approve(campaign, link, league)
    campaign.work()
    assert campaign.counts() == (0, 1)
    assert campaign.signature(link).sealed_contact is None


def test_a_rejection_is_shown_without_what_the_team_wrote_and_can_be_undone(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = sign(campaign)
    row = campaign.signature(link).id
    with campaign.app.app_context(), writing() as session:
        states.reject(session, session.get_one(Signature, row), "We know no such group.")
    page = client.get(link).text
    assert "Not listed" in page
    assert "We know no such group." not in page
    with campaign.app.app_context(), writing() as session:
        states.put_back(session, session.get_one(Signature, row), State.REVIEW)
    assert campaign.signature(link).state == "review"


def test_one_address_signs_as_a_person_and_for_two_organisations(campaign: Campaign) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.organisation("Second League", "second.example.org")
    with campaign.app.app_context(), writing() as session:
        second = session.scalars(select(Organisation).where(Organisation.slug == "second-league")).one()
        second_id = second.id
    campaign.sign(email="anna@league.example.org")
    sign(campaign, email="anna@league.example.org")
    claim = sign(campaign, organisation="Second League", email="anna@league.example.org")
    approve(campaign, claim, second_id)
    campaign.work()
    assert campaign.counts() == (1, 2)


def test_it_can_not_be_only_counted(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    response = client.post("/s/free/sign", data=organisation_form(visibility="counted"))
    assert response.status_code == 422
    assert "signs by name" in response.text


def test_for_the_team_only_it_is_counted_and_not_named(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    sign(campaign, email="anna@league.example.org", visibility="team")
    assert campaign.counts() == (0, 1)
    assert "Test League" not in client.get("/s/free").text
    with app.app_context():
        row = db.session.scalars(select(Signature)).one()
        assert (row.organisation_id, row.organisation_name, row.name) == (None, None, None)
    second = campaign.submit(**organisation_form(name="Boris", email="boris@league.example.org"))
    assert client.post(second).status_code == 409


def test_after_withdrawing_it_may_sign_again(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    link = sign(campaign, email="anna@league.example.org")
    client.post(link, data={"action": "withdraw"})
    campaign.work()
    assert campaign.counts() == (0, 0)
    sign(campaign, name="Boris", email="boris@league.example.org")
    assert campaign.counts() == (0, 1)


def test_an_alias_in_another_script_is_the_same_organisation(campaign: Campaign) -> None:
    campaign.statement()
    campaign.organisation("Viasna", "viasna.example.org", aliases=["Вясна"])
    sign(campaign, organisation="Вясна", email="anna@viasna.example.org")
    assert campaign.counts() == (0, 1)


ALIKE = [
    ("Human Rights Watch", "HRW"),
    ("Human Rights Centre Viasna", 'HRC "Viasna"'),
    ("Front Line Defenders", "Front Line Defenders (Ireland)"),
    ("Human Constanta", "Хьюман Константа"),
    ("Kvinna till Kvinna", "Kvinna till Kvinna Foundation"),
    ("Center for Civil Liberties", "NGO Centre for Civil Liberties"),
]
OTHERS = [
    ("Test League 1", "Test League 2"),
    # Its own initials: the same name.
    ("Human Rights Watch", "Human Rights Watch (HRW)"),
    ("Test Leag", "Test League"),
    ("University of Warsaw", "University of Lodz"),
    ("Human Rights House Oslo", "Human Rights House Tbilisi"),
    ("PEN Ukraine", "PEN Belarus"),
]


@pytest.mark.parametrize("safety", list(Safety))
def test_row_17_a_name_that_is_almost_known_is_asked_about_once(
    campaign: Campaign, client: FlaskClient, safety: Safety
) -> None:
    campaign.statement(safety=safety)
    for known in {known for known, _typed in (*ALIKE, *OTHERS)}:
        campaign.organisation(known)

    for known, typed in ALIKE:
        fields = organisation_form(organisation=typed, email="a@elsewhere.example.org")
        asked = client.post("/s/free/sign", data=fields)
        assert asked.status_code == 422 and f">{known} (Poland)</label>" in asked.text, typed
        assert client.post("/s/free/sign", data=fields | _asked(asked.text)).status_code == 303
        slug = re.search(r'name="meant" id="meant-[^"]+" value="([^"]+)"', asked.text)
        assert slug and client.post("/s/free/sign", data=fields | {"meant": slug[1]}).status_code == 303

    for typed in (*(other for _known, other in OTHERS), *(known for known, _typed in ALIKE)):
        fields = organisation_form(organisation=typed, email="a@elsewhere.example.org")
        assert client.post("/s/free/sign", data=fields).status_code == 303, typed


def _asked(page: str) -> dict[str, str]:
    """The hidden field that says about what the form has asked."""
    found = re.search(r'name="meant_for"[^>]*value="([^"]*)"', page)
    assert found
    return {"meant_for": html.unescape(found[1]), "meant": ""}


def test_row_17_what_was_chosen_is_signed_for_and_nobody_unlisted_is_named(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    campaign.statement()
    campaign.organisation("Human Constanta", "constanta.example.org")
    with app.app_context(), writing() as session:
        register_organisation(session, {"en": "Quiet Circle (QC)"}, from_signature=True, country="PL")
    fields = organisation_form(organisation="Хьюман Константа", email="anna@constanta.example.org")
    link = campaign.sign(**fields, meant="human-constanta")
    assert campaign.counts() == (0, 1) and "Human Constanta" in client.get(link).text
    for typed in ("QC", "Quiet Circle", "Quiet Circle Foundation"):
        sent = client.post("/s/free/sign", data=organisation_form(organisation=typed))
        assert sent.status_code == 303, typed
