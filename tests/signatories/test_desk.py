"""Signatures as the team sees them, and the review of organisations."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.extensions import db
from campaign.moderation import signature_table
from campaign.organisations.models import Organisation, OrganisationDomain
from campaign.signatures.messages import message_mark
from campaign.signatures.models import Signature
from campaign.signatures.states import withdraw
from tests.support import Campaign, csrf_of, organisation_form
from tests.world.signatures_desk import claim, send, state_of

TABLE = "/desk/statements/free/signatures"
REVIEW = "/desk/review"


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """An open statement that organisations and people sign."""
    return campaign.statement("free")


def actions(app: Flask) -> list[tuple[str, str, str]]:
    """What was recorded about signatures: action, subject, details."""
    with app.app_context():
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.subject.startswith("signature:")).order_by(AuditEntry.id)
        )
        return [(row.action, row.subject, row.details) for row in rows]


def test_the_table_shows_every_signature_in_plain_words(team: FlaskClient, campaign: Campaign) -> None:
    campaign.signed(name="Anna Example", city="Vilnius")
    campaign.signed(name="Sealed Name", email="team@post.example.org", visibility="team")
    campaign.signed(name="", email="counted@post.example.org", visibility="counted")
    claim(campaign)
    page = team.get(TABLE).text
    for words in (
        "Anna Example",
        "Vilnius, Poland",
        "<em>Only for the campaign team</em>",
        "Open the name…",
        "No name is stored",
        "Test League",
        "Waiting for review",
        "Signed here",
    ):
        assert words in page, words
    assert "Sealed Name" not in page
    assert "@" not in page.split("<main")[1]


def test_a_withdrawn_signature_stays_without_a_name(
    team: FlaskClient, campaign: Campaign, client: FlaskClient
) -> None:
    link = campaign.signed(name="Anna Example")
    client.post(link, data={"action": "withdraw"})
    page = team.get(TABLE).text
    assert "Erased by the signer" in page and "Anna Example" not in page


FILTERS = {
    "kind=organisation": ("Test League", "Anna Example"),
    "kind=person": ("Anna Example", "Test League"),
    "state=review": ("Test League", "Anna Example"),
    "state=listed": ("Anna Example", "Test League"),
    "visibility=team": ("Open the name…", "Anna Example"),
    "country=DE": ("Open the name…", "Anna Example"),
    "provenance=imported": ("No signature matches.", "Anna Example"),
    "q=exampel": ("No signature matches.", "Anna Example"),
    "q=Example+anna": ("Anna Example", "Test League"),
    # It waits for review, so its name is sealed, like that of those whom only the team may see.
    "q=league": ("No signature matches.", "Anna Example"),
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters_narrow_the_table(team: FlaskClient, campaign: Campaign, query: str) -> None:
    campaign.signed(name="Anna Example")
    campaign.signed(name="Sealed Name", email="team@post.example.org", visibility="team", country="DE")
    claim(campaign, name="Bogdan")
    shown, gone = FILTERS[query]
    rows = (
        team.get(f"{TABLE}?{query}").text.split("</form>")[-1]
        if shown == "nothing"
        else team.get(f"{TABLE}?{query}").text
    )
    assert shown in rows and gone not in rows


@pytest.mark.parametrize(
    "query", ["kind=cat", "state=x", "country=zz", "after=none", "after=" + "0" * 32, "visibility=&q=%25"]
)
def test_unknown_filters_are_left_out(team: FlaskClient, campaign: Campaign, query: str) -> None:
    campaign.signed(name="Anna Example")
    assert team.get(f"{TABLE}?{query}").status_code == 200


def test_pages_follow_each_other_newest_first(
    team: FlaskClient, campaign: Campaign, statement: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        campaign.signed(name=f"Person {'ABCDE'[number]}", email=f"person{number}@post.example.org")
    with app.app_context():
        names, after = [], None
        for _page in range(3):
            page = signature_table.signatures_of(statement, signature_table.SignatureFilters(), after, most=2)
            names.append([row.name for row in page.rows])
            after = page.next
    assert names == [["Person E", "Person D"], ["Person C", "Person B"], ["Person A"]]
    assert after is None


def test_hiding_and_showing_again(
    team: FlaskClient, campaign: Campaign, app: Flask, work: Callable[[], None]
) -> None:
    signature_id = campaign.signature(campaign.signed(name="Anna Example")).id
    response = send(team, f"/desk/signatures/{signature_id}/hide?kind=person")
    assert response.location == f"{TABLE}?kind=person"
    work()
    assert campaign.counts() == (0, 0)
    send(team, f"/desk/signatures/{signature_id}/show")
    work()
    assert campaign.counts() == (1, 0)
    assert actions(app) == [
        ("signature hidden", f"signature:{signature_id}", "{}"),
        ("signature shown again", f"signature:{signature_id}", "{}"),
    ]


def test_what_was_done_already_is_said(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    signature_id = campaign.signature(campaign.signed(name="Anna Example")).id
    send(team, f"/desk/signatures/{signature_id}/show")
    assert "the signature has changed meanwhile" in team.get(TABLE).text
    assert actions(app) == []


@pytest.mark.parametrize(("decision", "shown"), [("show", True), ("delete", False)])
def test_a_held_message_is_shown_or_deleted(
    team: FlaskClient,
    client: FlaskClient,
    campaign: Campaign,
    work: Callable[[], None],
    decision: str,
    shown: bool,
) -> None:
    signature_id = campaign.signature(campaign.signed(name="Anna Example", message="We stand with you")).id
    assert "We stand with you" in team.get(TABLE).text
    with campaign.app.app_context():
        read = message_mark("We stand with you")
    send(team, f"/desk/signatures/{signature_id}/message", decision=decision, read=read)
    work()
    signatures = client.get("/api/v1/statements/free/signatures").get_json()["signatures"]
    assert (signatures[0]["message"] == "We stand with you") == shown


def test_a_message_that_was_swapped_after_reading_is_not_shown(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    link = campaign.signed(name="Anna Example", message="We stand with you")
    read = re.search(r'name="read" value="(\w+)"', team.get(TABLE).text)
    assert read is not None
    client.post(
        link, data={"action": "correct", "name": "Anna Example", "country": "PL", "message": "BUY PILLS"}
    )
    send(team, f"/desk/signatures/{campaign.signature(link).id}/message", decision="show", read=read.group(1))
    assert "changed meanwhile" in team.get(TABLE).text
    campaign.work()
    assert client.get("/api/v1/statements/free/signatures").get_json()["signatures"][0]["message"] is None


def test_an_organisation_for_the_team_alone_enters_no_registry(
    team: FlaskClient, client: FlaskClient, app: Flask, campaign: Campaign
) -> None:
    link = campaign.signed(
        **organisation_form(
            organisation="Secret Committee", email="anna@secret.example.org", visibility="team"
        )
    )
    own = f"/desk/signatures/{campaign.signature(link).id}"
    assert "Secret Committee" not in team.get(REVIEW).text
    send(team, f"{own}/name")
    assert "nothing is added to the public registry" in team.get(f"{own}/name").text
    assert send(team, f"{own}/approve", organisation="new", own_domain="y").status_code == 303
    campaign.work()
    assert campaign.counts() == (0, 1)
    assert client.get("/o/secret-committee").status_code == 404
    with app.app_context():
        assert db.session.query(Organisation).filter(Organisation.slug.contains("secret")).all() == []
    # Shown to everyone only after a person has looked again.
    client.post(link, data={"action": "visibility", "visibility": "public"})
    campaign.work()
    assert campaign.counts() == (0, 0)
    assert campaign.signature(link).state == "review"


def test_a_message_needs_a_decision(team: FlaskClient, campaign: Campaign) -> None:
    signature_id = campaign.signature(campaign.signed(name="Anna Example", message="We stand with you")).id
    assert send(team, f"/desk/signatures/{signature_id}/message", decision="frame it").status_code == 400


def test_review_shows_the_claim_and_only_the_domain_of_the_address(
    team: FlaskClient, campaign: Campaign
) -> None:
    campaign.organisation("Test League", website="https://league.example.org")
    claim(campaign, website="claimed.example.org")
    page = team.get(REVIEW).text
    for words in (
        "Test League",
        "Anna Example, Director",
        "league.example.org",
        "https://claimed.example.org",
        "Free them all",
    ):
        assert words in page, words
    assert "anna@" not in page


def test_nothing_waits(team: FlaskClient) -> None:
    assert "Nothing is waiting." in team.get(REVIEW).text


def test_approving_as_an_organisation_of_the_registry_lists_it(
    team: FlaskClient, campaign: Campaign, app: Flask, work: Callable[[], None]
) -> None:
    organisation = campaign.organisation("Test League")
    signature_id = claim(campaign)
    assert (
        send(team, f"/desk/signatures/{signature_id}/approve", organisation=str(organisation)).status_code
        == 303
    )
    work()
    assert campaign.counts() == (0, 1)
    assert actions(app) == [("organisation approved", f"signature:{signature_id}", '{"own_domain": false}')]
    with app.app_context():
        assert db.session.get_one(Signature, signature_id).sealed_contact is None


def test_approving_as_a_new_organisation_enters_it(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, work: Callable[[], None]
) -> None:
    signature_id = claim(campaign, website="league.example.org")
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new", own_domain="y")
    work()
    assert "Test League" in client.get("/o/test-league").text
    with app.app_context():
        entered = db.session.scalars(select(Organisation)).one()
        assert (entered.country, entered.website) == ("PL", "https://league.example.org")
        assert [row.domain for row in entered.domains] == ["league.example.org"]
    assert campaign.counts() == (0, 1)


def test_approving_as_another_one_of_the_registry(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    campaign.organisation("Quite Another Name")
    signature_id = claim(campaign)
    assert (
        send(
            team, f"/desk/signatures/{signature_id}/approve", organisation="other", other="quite-another-name"
        ).status_code
        == 303
    )
    assert state_of(app, signature_id) == "confirmed"


def test_a_mailbox_at_the_domain_then_signs_without_review(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("second")
    send(team, f"/desk/signatures/{claim(campaign)}/approve", organisation="new", own_domain="y")
    link = campaign.signed("second", **organisation_form(email="bogdan@league.example.org", name="Bogdan"))
    assert campaign.signature(link).state == "listed"


BAD = {
    "nothing chosen": ({}, "Please choose which organisation to list it as."),
    "not a candidate": ({"organisation": "999999"}, "Please choose which organisation to list it as."),
    "nonsense": ({"organisation": "cat"}, "Please choose which organisation to list it as."),
    "unknown other": (
        {"organisation": "other", "other": "no-such"},
        "The registry has no organisation at this address.",
    ),
    "NUL as other": ({"organisation": "other", "other": "\0"}, "There are invisible characters in this."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_choice_is_refused_beside_it(
    team: FlaskClient, campaign: Campaign, app: Flask, case: str
) -> None:
    signature_id = claim(campaign)
    fields, message = BAD[case]
    response = send(team, f"/desk/signatures/{signature_id}/approve", **fields)
    assert response.status_code == 422 and message in response.text
    assert state_of(app, signature_id) == "review"


def test_an_organisation_is_listed_once(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    organisation = campaign.organisation("Test League")
    first, second = claim(campaign), claim(campaign, email="bogdan@elsewhere.example.org", name="Bogdan")
    send(team, f"/desk/signatures/{first}/approve", organisation=str(organisation))
    response = send(team, f"/desk/signatures/{second}/approve", organisation=str(organisation))
    assert (
        response.status_code == 422 and "Somebody has already signed for this organisation." in response.text
    )
    assert state_of(app, second) == "review"


def test_a_refused_approval_leaves_no_organisation_behind(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    signature_id = claim(campaign, email="league@gmail.com")
    response = send(team, f"/desk/signatures/{signature_id}/approve", organisation="new", own_domain="y")
    assert response.status_code == 422 and "Anyone can have a mailbox at gmail.com" in response.text
    with app.app_context():
        assert not db.session.scalars(select(Organisation)).all()
    assert state_of(app, signature_id) == "review"


def test_a_domain_of_another_organisation_is_not_taken(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    owner = campaign.organisation("Owner", "league.example.org")
    signature_id = claim(campaign)
    response = send(team, f"/desk/signatures/{signature_id}/approve", organisation="new", own_domain="y")
    assert response.status_code == 422 and "belongs to another organisation" in response.text
    with app.app_context():
        assert db.session.get_one(OrganisationDomain, "league.example.org").organisation_id == owner


def test_rejecting_needs_a_reason_and_can_be_undone(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    signature_id = claim(campaign)
    response = send(team, f"/desk/signatures/{signature_id}/reject", reason="")
    assert response.status_code == 422 and "Please give the reason" in response.text
    send(team, f"/desk/signatures/{signature_id}/reject", reason="Nobody there knows of it")
    assert "Nobody there knows of it" in team.get(TABLE).text
    assert state_of(app, signature_id) == "rejected"
    send(team, f"/desk/signatures/{signature_id}/undo")
    assert state_of(app, signature_id) == "review"
    assert [action for action, _subject, _details in actions(app)] == [
        "organisation rejected",
        "rejection undone",
    ]


def test_undoing_gives_way_to_a_new_claim(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    signature_id = claim(campaign)
    send(team, f"/desk/signatures/{signature_id}/reject", reason="Unclear")
    # The mail with the reason goes out.
    campaign.work()
    claim(campaign)
    send(team, f"/desk/signatures/{signature_id}/undo")
    assert "signed again meanwhile" in team.get(TABLE).text
    assert state_of(app, signature_id) == "rejected"


def test_a_claim_that_was_withdrawn_meanwhile_is_not_decided(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    signature_id = claim(campaign)
    with app.app_context(), writing() as session:
        withdraw(session, session.get_one(Signature, signature_id))
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new")
    assert "decided or withdrawn meanwhile" in team.get(REVIEW).text
    with app.app_context():
        assert not db.session.scalars(select(Organisation)).all()


def test_the_log_names_nobody(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    signature_id = claim(campaign)
    send(team, f"/desk/signatures/{signature_id}/reject", reason="Anna is unknown")
    assert not re.search("Anna|League|example", str(actions(app)))


DECISIONS = ["approve", "reject", "undo", "hide", "show", "message"]


@pytest.mark.parametrize("decision", DECISIONS)
def test_strangers_decide_nothing(client: FlaskClient, campaign: Campaign, app: Flask, decision: str) -> None:
    signature_id = claim(campaign)
    token = csrf_of(client.get("/desk/sign-in"))
    response = client.post(
        f"/desk/signatures/{signature_id}/{decision}",
        data={"csrf_token": token, "organisation": "new", "reason": "x", "decision": "show"},
    )
    assert response.status_code == 303 and "/desk/sign-in" in response.location
    assert state_of(app, signature_id) == "review"


@pytest.mark.parametrize("decision", DECISIONS)
def test_readers_decide_nothing(campaign: Campaign, decision: str) -> None:
    reader = campaign.member("reader@team.example", role="reader")
    assert reader.get(TABLE).status_code == 200
    assert send(reader, f"/desk/signatures/{claim(campaign)}/{decision}").status_code == 403


@pytest.mark.parametrize("decision", DECISIONS)
def test_decisions_are_not_links(team: FlaskClient, campaign: Campaign, decision: str) -> None:
    assert team.get(f"/desk/signatures/{claim(campaign)}/{decision}").status_code == 405


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_about_nothing_is_not_found(team: FlaskClient, decision: str) -> None:
    assert send(team, f"/desk/signatures/{uuid.uuid4()}/{decision}", decision="show").status_code == 404


@pytest.mark.parametrize("address", [TABLE, REVIEW])
def test_strangers_are_asked_to_sign_in(client: FlaskClient, address: str) -> None:
    assert "/desk/sign-in" in client.get(address).location


def test_the_table_of_an_unknown_statement_is_not_found(team: FlaskClient) -> None:
    assert team.get("/desk/statements/none/signatures").status_code == 404
