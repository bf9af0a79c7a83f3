"""The site answers under its own names only."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.config import Settings
from tests.support import KEYS, Campaign, form

OURS = ["localhost", "localhost:5000", "127.0.0.1:8000", "[::1]:8000", "[::1]", "LOCALHOST", "localhost."]
FOREIGN = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "xlocalhost",
    "10.0.0.1",
    "[::2]:80",
    "a b",
    "",
    "localhost@evil.example",
]


@pytest.mark.parametrize("host", OURS)
def test_our_names_are_answered_with_any_port(client: FlaskClient, host: str) -> None:
    assert client.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_other_names_are_refused_with_a_plain_page(
    campaign: Campaign, client: FlaskClient, host: str
) -> None:
    campaign.statement()
    for path in (
        "/",
        "/s/free",
        "/be/s/free/signatories",
        "/desk/sign-in",
        "/s",
        "/nowhere",
        "/static/css/base.css",
    ):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400, path
        assert 'class="lede"' in response.text
        assert "evil" not in response.text + str(response.headers)
    assert client.post("/s/free/sign", data=form(), headers={"Host": host}).status_code == 400
    assert "This site has a different address" in client.get("/", headers={"Host": host}).text


@pytest.mark.parametrize("host", [*OURS, *FOREIGN])
def test_health_is_told_under_any_name(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
    assert client.get("/readyz", headers={"Host": host}).get_json()["database"] is True


def test_a_refused_name_fills_no_cache(app: Flask, campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    client.get("/s/free", headers={"Host": "evil.example"})
    assert len(app.extensions["page_cache"]._pages) == 0


def test_the_names_are_those_of_the_three_addresses_and_of_this_machine_only_when_the_site_is_on_it() -> None:
    urls = {
        "SITE_URL": "https://sign.org/campaign/",
        "LINK_URL": "https://mail.net:8443",
        "ONION_URL": "http://abc.onion",
    }
    assert Settings.from_environment(KEYS | urls).hosts == {"sign.org", "mail.net", "abc.onion"}
    assert Settings.from_environment(KEYS | {"SITE_URL": "https://падпіс.бел"}).hosts == {
        "падпіс.бел".encode("idna").decode()
    }
    assert Settings.from_environment(KEYS).hosts == {"127.0.0.1", "localhost", "::1"}
