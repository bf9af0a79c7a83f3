"""Who signs again is told so, and decides whether the new words replace the old."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.support import Campaign, code_in, form, organisation_form
from tests.world.signatures_desk import send

ADDRESS = "anna@post.example.org"


def _again(campaign: Campaign, client: FlaskClient, **fields: str) -> str:
    campaign.statement()
    campaign.sign(email=ADDRESS, visibility="counted", name="")
    link = campaign.submit(email=ADDRESS, **fields)
    client.post(link, data={"action": "confirm"})
    campaign.work()
    return link


def test_taking_over_replaces_all_that_was_typed(campaign: Campaign, client: FlaskClient) -> None:
    link = _again(
        campaign,
        client,
        name="Now Public",
        message="With all my heart",
        updates="y",
        country="DE",
        city="Köln",
    )
    page = client.get(link).text
    assert "You have already signed this" in page and "Now Public" in page and "With all my heart" in page
    assert client.post(link, data={"action": "take over"}).status_code == 303
    campaign.work()
    kept = campaign.signature(link)
    assert (kept.visibility, kept.name, kept.city, kept.country, kept.wants_updates) == (
        "public",
        "Now Public",
        "Köln",
        "DE",
        True,
    )
    assert kept.sealed_message is not None and kept.sealed_contact is not None
    assert campaign.counts() == (1, 0)
    assert client.post(link, data={"action": "take over"}).status_code == 409


def test_leaving_it_forgets_what_was_typed(campaign: Campaign, client: FlaskClient) -> None:
    link = _again(campaign, client, name="Now Public")
    assert client.post(link, data={"action": "leave"}).status_code == 303
    page = client.get(link).text
    assert "You have already signed this" not in page and "Now Public" not in page
    assert campaign.signature(link).visibility == "counted"


def test_taking_over_can_hide_a_name(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.sign(email=ADDRESS, message="Hello", updates="y")
    link = campaign.submit(email=ADDRESS, visibility="counted", name="")
    client.post(link, data={"action": "confirm"})
    client.post(link, data={"action": "take over"})
    campaign.work()
    kept = campaign.signature(link)
    assert (kept.visibility, kept.name, kept.sealed_message, kept.sealed_contact) == (
        "counted",
        None,
        None,
        None,
    )


def test_the_code_says_that_nothing_was_changed(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.sign(email=ADDRESS)
    client.post("/s/free/sign", data=form(email=ADDRESS, visibility="counted"))
    campaign.work()
    answer = client.post("/code", data={"code": code_in(campaign.sink.mails[-1])}).text
    assert (
        "You have already signed this" in answer
        and "Nothing was changed" not in answer
        and "nothing was changed" in answer
    )


def test_an_approved_organisation_that_claims_again_has_signed_before(
    campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    campaign.statement()
    organisation = campaign.organisation("Test League")
    first = campaign.signature(campaign.sign(**organisation_form(email=ADDRESS)))
    assert (
        send(team, f"/desk/signatures/{first.id}/approve", organisation=str(organisation)).status_code == 303
    )
    campaign.work()
    link = campaign.submit(**organisation_form(email=ADDRESS))
    client.post(link, data={"action": "confirm"})
    assert "You have already signed this" in client.get(link).text
    assert campaign.signature(link).id == first.id
