"""Who signs again is told so, and decides whether the new words replace the old."""

from __future__ import annotations

import re

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


def test_row_23_the_page_that_waits_tells_everyone_alike_what_to_do_when_no_mail_comes(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    pages = set()
    for name in ("Anna Example", "Borys Example", "Anna Example", "Borys Example", "Anna Example"):
        sent = client.post("/s/free/sign", data=form(name=name, email="home@post.example.org"))
        pages.add(client.get(sent.headers["Location"].removeprefix("http://localhost")).text)
    pages.add(client.get("/check-your-mail").text)
    (page,) = pages
    for said in (
        "If no e-mail comes",
        "other people who use the same mailbox",
        "wait a week",
        "another mailbox",
        "write to",
    ):
        assert said in page
    for language in ("be", "ru", "uk", "pl", "de"):
        assert "If no e-mail comes" not in client.get(f"/{language}/check-your-mail").text


def test_row_23_so_does_the_page_after_a_lost_link_before_and_after_the_limit_of_mails(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.signed(**form(email="home@post.example.org"))
    pages = set()
    for address in (*["home@post.example.org"] * 5, "stranger@post.example.org"):
        sent = client.post("/s/free/lost-link", data={"email": address})
        assert sent.status_code == 303
        campaign.work()
        pages.add(client.get(sent.headers["Location"].removeprefix("http://localhost")).text)
    (page,) = pages
    said = re.findall(r"<(?:h2|li)>([^<]{20,}|If no e-mail comes)</", page)
    assert "If no e-mail comes" in said and len(said) >= 5
    for language in ("be", "ru", "uk", "pl", "de"):
        translated = client.get(f"/{language}/link-sent").text
        assert [sentence for sentence in said if sentence in translated] == []


def test_row_23_of_two_alike_forms_either_link_is_enough_and_people_are_kept_apart(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    first, again = (campaign.submit(name="Anna Example", email="home@post.example.org") for _ in range(2))
    other = campaign.submit(name="Borys Example", email="home@post.example.org")
    for link in (again, other, first):
        assert (
            client.post(link.replace("http://localhost", ""), data={"action": "confirm"}).status_code == 303
        )
    campaign.work()
    assert client.get("/s/free/live.json").get_json()["counts"]["people"] == 2
