"""The neutral host of the links in mails (LINK_URL) serves what mails lead to, and nothing else; and nothing there
names the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign import create_app
from campaign.config import Settings
from campaign.extensions import db
from tests.support import Campaign, PublicClient
from tests.world.exchanges import Headers, RequestScope, answers

NEUTRAL, SITE, NAME = "post.neutral.example", "sign.league.example", "The League of Canaries"
ELSEWHERE = [
    "/", "/s/", "/s", "/s/free", "/s/free/signatories", "/s/free/live", "/s/free/live.json", "/s/free/lost-link",
    "/about", "/p/", "/o/x", "/t/x", "/u/1", "/u/1/", "/v/x", "/desk", "/desk/", "/desk/sign-in", "/privacy", "/safety",
    "/robots.txt", "/favicon.ico", "/sitemap.xml", "/.well-known/security.txt", "/metrics", "/calendar.ics",
    "/api/v1/statements", "/api/v1/openapi.json", "/oembed", "/embed/s/free", "/feed.rss", "/mailbox", "/take-back",
    "/link-sent", "/nowhere", "/be/", "/be/s/free", "/be/nowhere", "/c", "/c/", "/i/", "/static", "/static/",
    "/codes", "/check-your-mail/x", "/x%0d%0a", "/%00",
]  # fmt: skip


@pytest.fixture
def secure(environment: dict[str, str], database_url: str, app: Flask, campaign: Campaign) -> Iterator[Flask]:
    """A site with a neutral host, an onion address and a name of its own."""
    said = {
        "SITE_URL": f"https://{SITE}",
        "LINK_URL": f"https://{NEUTRAL}",
        "ONION_URL": "http://canaryonion.onion",
        "SITE_NAME": NAME,
    }
    site = create_app(Settings.from_environment(environment | said | {"DATABASE_URL": database_url}))
    site.test_client_class = PublicClient
    campaign.statement()
    yield site
    with site.app_context():
        db.engine.dispose()


def ask(
    client: FlaskClient, address: str, host: str = NEUTRAL, method: str = "GET", **more: object
) -> TestResponse:
    """A request to one of the hosts."""
    return client.open(address, method=method, base_url=f"https://{host}", **more)


def told(response: TestResponse) -> str:
    """All that a response says."""
    return response.text + str(response.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
def test_all_else_is_one_neutral_page(secure: Flask, method: str) -> None:
    client = secure.test_client()
    pages = set()
    for address in ELSEWHERE:
        response = ask(client, address, method=method)
        assert response.status_code == 404, address
        said = told(response)
        assert not any(
            word in said for word in (NAME, "Undersigned", SITE, "onion", "/s/", "/desk", "/p/")
        ), address
        assert not {"Set-Cookie", "Link", "Location", "Onion-Location"} & set(response.headers.keys())
        if "/be" not in address:
            pages.add(response.text)
    # The same, whether there is such a page on the site or not.
    assert len(pages) == 1


def test_what_mails_lead_to_is_served_and_its_links_can_be_opened(secure: Flask, campaign: Campaign) -> None:
    client = secure.test_client()
    link = campaign.submit().replace("http://localhost", "")
    served = [link, "/check-your-mail", "/be/check-your-mail", f"/be{link}"]
    for address in served:
        page = ask(client, address)
        assert page.status_code == 200, address
        assert not any(word in told(page) for word in (NAME, "Undersigned", "onion"))
        for found in set(re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)):
            method = "GET" if f'action="{found}"' not in page.text else "POST"
            assert ask(client, found.replace("&amp;", "&"), method=method).status_code != 404, (
                address,
                found,
            )
    assert ask(client, "/code").headers["Location"].endswith("/check-your-mail")
    assert "sign.league" not in told(ask(client, "/check-your-mail"))
    assert ask(client, link, method="POST", data={"action": "confirm"}).status_code in (200, 303)
    campaign.work()
    signed = ask(client, link)
    # From here one can go on to the site.
    assert f'href="https://{SITE}/s/free' in signed.text and 'href="/s/' not in signed.text
    assert ask(client, f"{link}/data.json").status_code == 200


def test_a_made_up_link_answers_as_neutrally_as_an_old_one(secure: Flask) -> None:
    client = secure.test_client()
    for address in ("/c/made-up", "/u/made-up", "/i/made-up", "/be/c/made-up"):
        response = ask(client, address)
        assert response.status_code == 404
        assert not any(word in told(response) for word in (NAME, "Undersigned", SITE, "onion"))


def test_the_site_itself_serves_everything_as_before(secure: Flask, campaign: Campaign) -> None:
    client = secure.test_client()
    link = campaign.submit().replace("http://localhost", "")
    for address in ("/", "/s/free", "/about", "/robots.txt", "/desk/sign-in", "/check-your-mail", link):
        assert ask(client, address, SITE).status_code == 200, address
    assert NEUTRAL in ask(client, "/s/free", SITE).headers["Content-Security-Policy"]
    assert ask(client, "/link-sent", SITE).status_code == 200


@pytest.mark.parametrize("host", [NEUTRAL, SITE, "10.0.0.7"])
def test_health_is_told_under_every_name(secure: Flask, host: str) -> None:
    assert ask(secure.test_client(), "/healthz", host).status_code == 200


def test_an_unknown_name_learns_nothing_of_the_site(secure: Flask) -> None:
    response = ask(secure.test_client(), "/nowhere", "10.0.0.7")
    assert response.status_code == 400
    assert not any(word in told(response) for word in (NAME, "Undersigned", SITE, NEUTRAL, "/s/"))


def _by_the_front(
    secure: Flask, monkeypatch: pytest.MonkeyPatch, *hosts: list[tuple[str, str]]
) -> Iterator[str]:
    """All that the front itself says to each of these: health, and a refusal for want of room."""
    asked = [
        (scope, b"code=1")
        for lines in hosts
        for scope in (
            RequestScope("/healthz", headers=Headers(lines)),
            RequestScope("/be/code", method="POST", headers=Headers([*lines, ("content-length", "6")])),
        )
    ]
    found = answers(monkeypatch, secure, *asked, room=0)
    assert [status for status, _headers, _body in found] == [200, 503] * len(hosts)
    return (f"{headers}{body.decode()}" for _status, headers, body in found)


def test_nor_does_the_front_name_it_in_what_it_answers_without_the_app(
    secure: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in _by_the_front(secure, monkeypatch, [("host", NEUTRAL)], [("host", "10.0.0.7")], []):
        assert not any(word in said for word in (NAME, "Undersigned", SITE, NEUTRAL, "onion", "/s/"))
    _health, refused = _by_the_front(secure, monkeypatch, [("host", SITE)])
    assert NAME in refused and 'lang="be"' in refused


def test_the_front_believes_the_proxy_about_the_host_as_the_app_does(
    environment: dict[str, str], database_url: str, monkeypatch: pytest.MonkeyPatch, secure: Flask
) -> None:
    # `secure` has made the tables.
    said = {
        "SITE_URL": f"https://{SITE}",
        "LINK_URL": f"https://{NEUTRAL}",
        "SITE_NAME": NAME,
        "TRUSTED_PROXIES": "1",
    }
    site = create_app(Settings.from_environment(environment | said | {"DATABASE_URL": database_url}))
    inner = ("host", "127.0.0.1:8000")
    neutral = [inner, ("x-forwarded-host", SITE), ("x-forwarded-host", NEUTRAL)]
    _health, refused = _by_the_front(site, monkeypatch, neutral)
    assert NAME not in refused and SITE not in refused
    _health, refused = _by_the_front(site, monkeypatch, [inner, ("x-forwarded-host", f"{NEUTRAL}, {SITE}")])
    assert NAME in refused
    with site.app_context():
        db.engine.dispose()


def test_without_a_neutral_host_nothing_is_cut_off(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    assert app.test_client().get("/s/free").status_code == 200
