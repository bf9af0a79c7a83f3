"""The registry of organisations, as the team keeps it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.domains import own_domain
from campaign.organisations.errors import DomainRefused
from campaign.organisations.models import Organisation, OrganisationName
from campaign.organisations.queries import find_organisations, organisation_speaking
from tests.support import Campaign, csrf_of

INDEX = "/desk/organisations/"
NEW = "/desk/organisations/new"


def send(team: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Fill in the form at `address`."""
    return team.post(address, data={"csrf_token": csrf_of(team.get(address))} | fields)


def test_entering_an_organisation(team: FlaskClient, app: Flask) -> None:
    response = send(
        team,
        NEW,
        name_en="Test League",
        name_be="Тэставая ліга",
        aliases="TL\r\n\r\nTL\r\nTest League",
        country="PL",
        website="league.example.org",
        domains="@League.example.org",
    )
    assert response.status_code == 303
    page = team.get(INDEX).text
    for words in ("Test League", "Poland", ">league.example.org<"):
        assert words in page
    with app.app_context():
        names = {
            (row.language, row.name, row.use, row.canonical)
            for row in db.session.scalars(select(OrganisationName))
        }
        assert names == {
            ("en", "Test League", "name", True),
            ("be", "Тэставая ліга", "name", False),
            ("en", "TL", "alias", False),
        }
        assert organisation_speaking(db.session(), "tl", "mail.league.example.org") is not None
        assert [
            row.action
            for row in db.session.scalars(select(AuditEntry))
            if row.subject == "organisation:test-league"
        ] == ["organisation entered"]


def test_changing_it_keeps_its_address_and_names_in_other_languages(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    organisation_id = campaign.organisation("Test League", "league.example.org", aliases=["TL"])
    with app.app_context(), writing() as session:
        session.add(
            OrganisationName(
                organisation_id=organisation_id,
                language="fr",
                name="Ligue",
                use="name",
                canonical=False,
                search_key="ligue",
            )
        )
    page = team.get("/desk/organisations/test-league/edit").text
    assert (
        'value="Test League"' in page and "TL</textarea>" in page and "league.example.org</textarea>" in page
    )
    assert "fr: Ligue</textarea>" in page
    send(
        team,
        "/desk/organisations/test-league/edit",
        name_en="Better League",
        others="fr: Ligue",
        aliases="TL\nTest League",
        domains="league.example.org\nbetter.example.org",
    )
    with app.app_context():
        found = db.session.get_one(Organisation, organisation_id)
        assert {row.name for row in found.names} == {"Better League", "Ligue", "TL", "Test League"}
        assert {row.domain for row in found.domains} == {"league.example.org", "better.example.org"}
        assert found.slug == "test-league"


@pytest.mark.parametrize("words", ["league", "LIGA", "тэставая", "tl"])
def test_search_finds_every_name_in_any_script(team: FlaskClient, words: str) -> None:
    send(team, NEW, name_en="Test League", name_be="Тэставая ліга", aliases="TL")
    send(team, NEW, name_en="Quite Another")
    page = team.get(f"{INDEX}?q={words}").text
    assert "Test League" in page and "Quite Another" not in page


def test_pages_of_the_registry_follow_each_other(campaign: Campaign, app: Flask) -> None:
    for letter in "ABC":
        campaign.organisation(f"Group {letter}")
    with app.app_context():
        first = [found.slug for found in find_organisations("group", most=2)]
        assert first == ["group-a", "group-b"]
        assert [found.slug for found in find_organisations("group", after=first[-1])] == ["group-c"]


BAD = {
    "no name": ({}, "Please enter the name in at least one language."),
    "address as a name": ({"name_en": "www.league.org"}, "A name can't contain a web address."),
    "hidden characters": ({"name_en": "Te\u202est"}, "There are invisible characters in this."),
    "long name": ({"name_en": "x" * 201}, "Please use at most 200."),
    "bad alias": ({"name_en": "League", "aliases": "League of http://x.org"}, "A name can't contain a web address."),
    "unknown country": ({"name_en": "League", "country": "ZZ"}, "Please choose a country from the list."),
    "script as website": ({"name_en": "League", "website": "javascript://x.y"}, "A web address begins with https://."),
    "words as website": ({"name_en": "League", "website": "our site"}, "Please enter a web address"),
    "no domain": ({"name_en": "League", "domains": "league"}, "is not an e-mail domain"),
    "an address": ({"name_en": "League", "domains": "anna@league.org"}, "is not an e-mail domain"),
    "a line without a code": ({"others": "Viasna"}, "Please begin each line with the code of its language"),
    "an unknown language": ({"others": "zz: Viasna"}, "Please begin each line with the code of its language"),
    "a language with its own field": ({"others": "be: Вясна"}, "There is a separate field for the name in this language: Беларуская"),
    "two names in one language": ({"others": "fr: Ligue\nfr: Liga"}, "There are two names for “fr”."),
    "a bad name among others": ({"others": "fr: http://x.org"}, "A name can't contain a web address."),
    "a main name that is not there": ({"name_en": "League", "canonical": "be"}, "There is no name in this language."),
    "an unknown main name": ({"name_en": "League", "canonical": "xx"}, "Please choose the main name from the list."),
    "an unknown status": ({"name_en": "League", "un_status": "best"}, "Please choose a status from the list."),
    "a year to come": ({"name_en": "League", "founded": "2999"}, "Please enter a year with four digits"),
    "no year": ({"name_en": "League", "founded": "long ago"}, "Please enter a year with four digits"),
    "a liquidation to come": ({"name_en": "League", "liquidated_on": "2999-01-01"}, "This day is in the future."),
    "a liquidation without a day": ({"name_en": "League", "liquidated_by": "Court"}, "Please give the day of the liquidation too."),
    "the sign between aliases": ({"name_en": "League", "aliases": "A | B"}, "contain the character |"),
    "free provider": ({"name_en": "League", "domains": "league.example.org\ngmail.com"}, "Anyone can have a mailbox at gmail.com."),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_beside_the_field(team: FlaskClient, app: Flask, case: str) -> None:
    fields, message = BAD[case]
    response = send(team, NEW, **fields)
    assert response.status_code == 422 and message in html.unescape(response.text)
    with app.app_context():
        assert not db.session.scalars(select(Organisation)).all()


@pytest.mark.parametrize("address", [NEW, "/desk/organisations/test-league/edit"])
def test_a_domain_of_another_organisation_is_refused(
    team: FlaskClient, campaign: Campaign, address: str
) -> None:
    campaign.organisation("Owner", "owner.example.org")
    campaign.organisation("Test League")
    response = send(team, address, name_en="Test League", domains="owner.example.org", sure="y")
    assert (
        response.status_code == 422 and "owner.example.org belongs to another organisation" in response.text
    )


@pytest.mark.parametrize(
    "typed",
    [
        "gmail.com",
        "mail.ru",
        "yandex.by",
        "yandex.com.tr",
        "proton.me",
        "tut.by",
        "outlook.com",
        "x.mail.ru",
        "Outlook.de",
        "org.by",
        "co.uk",
    ],
)
def test_domains_where_everyone_has_a_mailbox_are_refused(typed: str) -> None:
    with pytest.raises(DomainRefused) as refused:
        own_domain(typed)
    assert refused.value.shared


@pytest.mark.parametrize(
    "typed", ["", "league", "-x.org", "x..org", "127.0.0.1", "a b.org", "x" * 64 + ".org"]
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(DomainRefused) as refused:
        own_domain(typed)
    assert not refused.value.shared


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@SPRING96.org", "spring96.org"),
        ("праваабарона.бел", "xn--80aaahgbc3aggro.xn--90ais"),
        ("mail.league.org.by", "mail.league.org.by"),
    ],
)
def test_own_domains_are_kept_in_the_form_of_the_dns(typed: str, kept: str) -> None:
    assert own_domain(typed) == typed.lower().removeprefix("@").encode("idna").decode()
    assert own_domain(kept).count(".") == kept.count(".")


@pytest.mark.parametrize("address", [INDEX, NEW, "/desk/organisations/test-league/edit"])
def test_strangers_and_readers_are_kept_out(client: FlaskClient, campaign: Campaign, address: str) -> None:
    campaign.organisation("Test League")
    assert "/desk/sign-in" in client.get(address).location
    assert campaign.member("moderator@team.example", role="moderator").get(address).status_code == 403


def test_the_list_takes_no_form(team: FlaskClient) -> None:
    assert team.post(INDEX, data={"csrf_token": csrf_of(team.get(NEW))}).status_code == 405


def test_an_unknown_organisation_has_no_page(team: FlaskClient) -> None:
    assert team.get("/desk/organisations/none/edit").status_code == 404


@pytest.mark.parametrize("query", ["q=%25%27%22_", "after=zzz"])
def test_odd_searches_find_nothing_and_break_nothing(team: FlaskClient, query: str) -> None:
    assert team.get(f"{INDEX}?{query}").status_code == 200


def test_a_long_name_in_a_script_with_long_sounds_is_entered_and_found(team: FlaskClient, app: Flask) -> None:
    name = ("Абарончая " * 20).strip()[:200].replace("а", "щ")
    send(team, NEW, name_en=name, domains="long.example.org")
    with app.app_context():
        assert organisation_speaking(db.session(), name, "long.example.org") is not None
