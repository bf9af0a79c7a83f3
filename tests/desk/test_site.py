"""The page of the site's settings, setting up, and what readers then see."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.config import OFFERED
from campaign.extensions import db
from campaign.site.queries import this_site
from tests.support import PASSWORD, Campaign, csrf_of
from tests.world.members import working_for
from tests.world.pictures import picture
from tests.world.signatures_desk import send

pytestmark = pytest.mark.databases("sqlite")
NAMES = {f"offer_{code}": "y" for code in OFFERED} | {
    "name": "Georgian Journalists",
    "default_language": "en",
    "time_zone": "Asia/Tbilisi",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def logo(team: FlaskClient, file: bytes, name: str = "logo.png", **fields: Any) -> TestResponse:
    return send(team, "/desk/site/logo", picture=(io.BytesIO(file), name), **fields)


def test_what_is_set_shows_at_once_everywhere(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement()
    assert "Undersigned" in client.get("/").text
    saved = send(team, "/desk/site/names", **NAMES)
    assert (saved.status_code, saved.headers["Location"]) == (303, "/desk/site#names")
    send(team, "/desk/site/look", accent="0055AA")
    send(
        team,
        "/desk/site/contacts",
        operator="Coalition\n5 Rose Street, Tbilisi",
        contact="https://coalition.example.org/contact",
        press_contact="Press@coalition.example.org",
        privacy_contact="data@coalition.example.org",
        social_links="https://mastodon.example.org/@coalition",
    )
    send(
        team,
        "/desk/site/texts",
        tagline_en="Freedom to write.",
        about_en="We **are** <b>many</b>.",
        footer_en="Since 2024.",
    )
    campaign.app.extensions["page_cache"].clear()
    home = client.get("/be/").text
    for said in (
        "<span>Georgian Journalists</span>",
        "Freedom to write.",
        "<p>Since 2024.</p>",
        'href="mailto:Press@coalition.example.org"',
        "https://mastodon.example.org/@coalition",
        "/looks.css?v=0055aa",
    ):
        assert said in home, said
    assert "<strong>are</strong> &lt;b&gt;many" in client.get("/about").text
    privacy = client.get("/privacy").text
    assert "5 Rose Street, Tbilisi" in privacy and "data@coalition.example.org" in privacy
    assert "--accent: #0055aa" in client.get("/looks.css").text
    assert client.get("/feed.json").get_json()["title"] == "Georgian Journalists"
    assert 'value="Asia/Tbilisi" selected' in team.get("/desk/statements/new").text
    with campaign.app.app_context():
        logged = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "site settings changed")
        ).all()
        assert len(logged) == 4
        assert not any("coalition.example" in entry.details for entry in logged)
    assert "Fields: tagline (en), about (en), footer (en)" in team.get("/desk/audit").text


@pytest.mark.parametrize(
    ("section", "fields", "said"),
    [
        ("names", NAMES | {"name": " "}, "Please enter the name of the site."),
        (
            "names",
            {"name": "A", "default_language": "en", "time_zone": "UTC"},
            "Please tick at least one language.",
        ),
        ("names", NAMES | {"offer_en": ""}, "English is the default language, but is not ticked."),
        ("names", NAMES | {"default_language": "xx"}, "Please choose the default language from the list."),
        ("names", NAMES | {"time_zone": "Asia/Nowhere"}, "Please choose a time zone from the list."),
        ("look", {"accent": "#ffcc00"}, "the contrast with the page is 1.4 : 1"),
        ("look", {"accent": "#0055aa", "accent_dark": "#003366"}, "at least 4.5 : 1 is needed"),
        ("look", {"accent": "red"}, "“red” is not a colour."),
        ("look", {"accent_dark": "#ffffff"}, "Please enter the accent colour too"),
        ("contacts", {"contact": "ask anna"}, "Please enter an e-mail address such as name@example.org"),
        ("contacts", {"press_contact": "anna@"}, "This does not look like an e-mail address."),
        ("contacts", {"privacy_contact": "javascript:alert(1)"}, "A web address begins with https://"),
        ("contacts", {"contact": "http://localhost/"}, "Nobody else can open this address."),
        ("contacts", {"sender_name": "anna@example.org"}, "Please enter a name, not an address"),
        ("contacts", {"social_links": "https://a.example.org\nnothing here"}, "“nothing here”: "),
        ("contacts", {"operator": "\n".join(map(str, range(12)))}, "Please enter at most 10 lines."),
        ("retention", {"contact_days": "0"}, "Please enter a whole number of days from 1 to 730."),
        ("retention", {"undo_days": "-1"}, "Please enter a whole number of days from 1 to 365."),
        ("texts", {"tagline_en": "x" * 201}, "Please use at most 200."),
    ],
)
def test_bad_input_is_said_and_stays(
    team: FlaskClient, app: Flask, section: str, fields: dict[str, str], said: str
) -> None:
    page = send(team, f"/desk/site/{section}", **fields)
    assert (page.status_code, said in page.text) == (422, True), page.text[page.text.find("error-summary") :][
        :900
    ]
    for typed in fields.values():
        chosen = typed in {"xx", "Asia/Nowhere"}
        assert chosen or typed.strip().splitlines()[-1:] == [] or typed.splitlines()[-1] in page.text
    with app.app_context():
        assert this_site().version == 0


def test_logos_are_drawn_anew_or_refused(team: FlaskClient, client: FlaskClient, app: Flask) -> None:
    for file, said in (
        (SVG, "SVG can carry programs"),
        (b"", "Please choose a file."),
        (picture("JPEG")[:1200], "can’t be read"),
        (b"\x89PNG" + b"\0" * 6_000_000, "larger than 5 MB"),
    ):
        page = logo(team, file)
        assert (page.status_code, said in page.text.replace("&#39;", "’").replace("can't", "can’t")) == (
            422,
            True,
        ), said
    assert logo(team, b"\0" * 40_000_000).status_code == 413
    assert client.get("/looks/logo.png").status_code == 404
    house = client.get("/favicon.ico").data
    assert logo(team, picture("JPEG"), description="A rose").status_code == 303
    app.extensions["page_cache"].clear()
    home = client.get("/").text
    assert 'alt="A rose"' in home
    drawn = Image.open(io.BytesIO(client.get("/looks/logo.png").data))
    assert drawn.format == "PNG" and max(drawn.size) <= 480
    icon = client.get("/favicon.ico").data
    assert icon != house and Image.open(io.BytesIO(icon)).format == "ICO"
    assert Image.open(io.BytesIO(client.get("/apple-touch-icon.png").data)).size == (180, 180)
    send(team, "/desk/site/logo/remove")
    app.extensions["page_cache"].clear()
    assert client.get("/favicon.ico").data == house


def test_languages_that_are_not_offered_lead_to_the_default_one(
    team: FlaskClient, client: FlaskClient
) -> None:
    fields = NAMES | {"offer_ru": "", "offer_en": "", "default_language": "be", "place_de": "1"}
    # The owner goes on in the language of the page.
    assert send(team, "/desk/site/names", **fields).headers["Location"] == "/en/desk/site#names"
    home = client.get("/").text
    assert '<html lang="be">' in home and 'href="/ru' not in home
    assert home.index('hreflang="de"') < home.index('hreflang="be"')
    for asked, leads in (
        ("/ru/about?q=1", "/about?q=1"),
        ("/be/s/", "/s/"),
        ("/en", "/"),
        ("/ru//evil.example/", "/evil.example/"),
        ("/ru/%5C%5Cevil.example", "/%5C%5Cevil.example"),
    ):
        moved = client.get(asked)
        assert (moved.status_code, moved.headers["Location"]) == (302, leads), asked
    assert '<html lang="de">' in client.get("/de/").text


def test_the_preview_saves_nothing(team: FlaskClient, app: Flask) -> None:
    page = send(team, "/desk/site/look", accent="#0055aa", preview="y")
    assert page.status_code == 200 and "Nothing is saved yet" in page.text
    assert "/desk/site/colours.css?light=0055aa" in page.text
    assert ".on-light { --accent: #0055aa" in team.get("/desk/site/colours.css?light=0055aa&dark=}x").text
    page = send(team, "/desk/site/names", preview="y", **NAMES | {"name": "Not Yet"})
    assert page.text.count("<span>Not Yet</span>") == 2
    with app.app_context():
        assert this_site().version == 0


def test_the_environment_is_shown_without_values(team: FlaskClient, app: Flask) -> None:
    page = team.get("/desk/site").text
    settings = app.extensions["settings"]
    for name in ("SECRET_KEYS", "VAULT_KEYS", "DATABASE_URL", "MAIL_SERVER", "REDIS_URL"):
        assert f"<code>{name}</code>" in page
    for secret in (*settings.secret_keys, *settings.vault_keys, settings.database_url):
        assert secret not in page
    assert "not set" in page


def test_the_first_owner_is_led_through_five_steps(app: Flask, campaign: Campaign) -> None:
    campaign.member("first@team.example", role="owner")
    campaign.member("editor@team.example", role="editor")

    def signed_in(email: str) -> tuple[FlaskClient, str]:
        browser = app.test_client()
        fields = {"csrf_token": csrf_of(browser.get("/desk/sign-in")), "email": email, "password": PASSWORD}
        return browser, browser.post("/desk/sign-in", data=fields).headers["Location"]

    assert signed_in("editor@team.example")[1] == "/desk/"
    team, leads = signed_in("first@team.example")
    assert leads == "/desk/site/start"
    assert "step 1 of 5" in team.get(leads).text
    saved = send(team, "/desk/site/names", step="1", **NAMES)
    assert saved.headers["Location"] == "/desk/site/start?step=2"
    wrong = send(team, "/desk/site/look", step="2", accent="#ffcc00")
    assert (wrong.status_code, "step 2 of 5" in wrong.text) == (422, True)
    # Left in the middle, it goes on there.
    team, leads = signed_in("first@team.example")
    assert "step 2 of 5" in team.get(leads).text
    assert "Set up your site" in team.get("/desk/").text
    for step, section in ((2, "look"), (3, "contacts"), (4, "retention")):
        assert (
            send(team, f"/desk/site/{section}", step=str(step))
            .headers["Location"]
            .endswith(f"step={step + 1}")
        )
    assert "This is how your site looks now." in team.get("/desk/site/start").text
    send(team, "/desk/site/start/end")
    assert signed_in("first@team.example")[1] == "/desk/"
    assert "Set up your site" not in team.get("/desk/").text
    assert team.get("/desk/site/start?step=6").status_code == 404


def test_only_owners_may_change_it(campaign: Campaign, client: FlaskClient) -> None:
    organisation = campaign.organisation("Friends", slug="friends")
    assert working_for(campaign, organisation).get("/desk/site").status_code == 403
    editor = campaign.member("editor@team.example", role="editor")
    assert editor.get("/desk/site").status_code == 403
    assert send(editor, "/desk/site/names", **NAMES).status_code == 403
    assert client.get("/desk/site").status_code == 303
