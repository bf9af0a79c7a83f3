"""The privacy notice says what the settings say; safer signing; security.txt; Onion-Location."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.config import Settings, SettingsError
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.privacy.backups import note
from campaign.statements.models import Safety
from tests.support import KEYS, Campaign


@pytest.fixture
def running(app: Flask) -> Iterator[Any]:
    """Let the site run with other settings."""
    before = app.extensions["settings"], app.extensions["site_host"]

    def run(**changed: Any) -> None:
        app.extensions["settings"] = dataclasses.replace(before[0], **changed)
        forget_all(app)
        app.extensions["page_cache"].clear()

    yield run
    app.extensions["settings"], app.extensions["site_host"] = before
    app.extensions["page_cache"].clear()


def test_the_notice_says_who_runs_the_site_and_how(client: FlaskClient, running: Any) -> None:
    running(
        operator=("A League", "Street 1, Vilnius"),
        privacy_contact="mailto:data@league.example",
        mail_server="relay.example.net",
        mail_sender="a@b.example",
    )
    page = client.get("/privacy").text
    for words in (
        "A League",
        "Street 1, Vilnius",
        "data@league.example",
        "relay.example.net",
        "a@b.example",
        "for at most 7 days",
        "There is no backup at present",
    ):
        assert words in page, words
    running(mail_server="127.0.0.1", operator=())
    page = client.get("/privacy").text
    assert "from the machine that this site runs on" in page
    assert "has not given a name yet" in page


def test_the_notice_counts_backups_and_statements(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.statement("guarded", safety=Safety.HIGH)
    campaign.statement("draft", publish=False)
    with app.app_context(), writing() as session:
        note(session, 12)
    app.extensions["page_cache"].clear()
    page = client.get("/privacy").text
    assert "expires in 12 days" in page
    assert 'href="/s/free"' in page
    assert "never" in page.partition('href="/s/guarded"')[2][:120]
    assert "/s/draft" not in page


@pytest.mark.parametrize("code", ["be", "ru", "uk", "pl", "de"])
def test_both_pages_speak_every_language(client: FlaskClient, code: str) -> None:
    for path in ("privacy", "safety"):
        assert client.get(f"/{code}/{path}").status_code == 200
        assert client.get(f"/{code}/{path}").text.count("mail address") == 0


def test_the_form_leads_to_safer_signing(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    assert 'href="/safety"' in client.get("/s/free").text.partition('id="sign"')[2].partition("</form>")[0]
    page = client.get("/safety").text
    assert page.index("Belarus") < page.index("Tor Browser")


def test_security_txt_has_a_contact_and_an_end(client: FlaskClient, running: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    running(security_contact="mailto:holes@league.example")
    answer = client.get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:holes@league.example"
    end = dt.datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00"))
    assert dt.timedelta(days=30) < end - clock.now() < dt.timedelta(days=365)
    assert fields["Canonical"].endswith("/.well-known/security.txt")


def test_tor_browser_is_told_of_the_onion_address_but_not_by_the_neutral_host(
    app: Flask, client: FlaskClient, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Onion-Location" not in client.get("/").headers
    running(
        onion_url="http://abc.onion", site_url="https://sign.example.org", link_url="https://mail.example.net"
    )
    monkeypatch.setitem(app.extensions, "site_host", "sign.example.org")
    hosts = app.extensions["settings"].hosts
    monkeypatch.setitem(app.extensions, "hosts", hosts)
    monkeypatch.setitem(app.extensions, "neutral_host", "mail.example.net")
    answer = client.get("/be/s/?q=1", base_url="https://sign.example.org")
    assert answer.headers["Onion-Location"] == "http://abc.onion/be/s/?q=1"
    assert (
        client.get("/about", base_url="https://sign.example.org").headers["Onion-Location"]
        == "http://abc.onion/about"
    )
    assert "Onion-Location" not in client.get("/about", base_url="https://mail.example.net").headers
    assert "Onion-Location" not in client.get("/about", base_url="http://abc.onion").headers
    assert (
        "Onion-Location" not in client.get("/api/v1/statements", base_url="https://sign.example.org").headers
    )


def test_contacts_are_addresses() -> None:
    found = Settings.from_environment(
        KEYS | {"PRIVACY_CONTACT": "data@league.example", "OPERATOR": "A League | Street 1"}
    )
    assert (found.privacy_contact, found.security_contact, found.operator) == (
        "mailto:data@league.example",
    ) * 2 + (("A League", "Street 1"),)
    assert (
        Settings.from_environment(
            KEYS | {"SECURITY_CONTACT": "https://league.example/holes"}
        ).security_contact
        == "https://league.example/holes"
    )
    for wrong in ("nobody", "a b@c", "mailto:<x>@y"):
        with pytest.raises(SettingsError):
            Settings.from_environment(KEYS | {"PRIVACY_CONTACT": wrong})
