"""The prefix in the address decides the language; nothing that a browser sends by itself does."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.config import OFFERED
from campaign.core.formats import country_name, day, day_of_month, moment, number
from campaign.core.language import ENVIRON_KEY, in_language, language_name
from tests.support import BELARUSIAN, ENGLISH, Campaign

PREFIXED = [code for code in OFFERED if code != "en"]


def _language_of(page: str) -> str:
    found = re.search(r'<html lang="([a-z-]+)"', page)
    assert found, page[:300]
    return found.group(1)


def _own_links(page: str) -> set[str]:
    without_switch = re.sub(r'<(?:a|link)[^>]*hreflang="[^"]*"[^>]*>', "", page)
    return {
        href
        for href in re.findall(r'(?:href|action)="(/[^"]*)"', without_switch)
        if not href.startswith("/static/")
    }


@pytest.mark.parametrize("code", PREFIXED)
def test_links_of_a_page_stay_in_its_language(campaign: Campaign, client: FlaskClient, code: str) -> None:
    campaign.statement(texts=(ENGLISH, BELARUSIAN))
    for path in ("/", "/s/", "/s/free", "/s/free/signatories", "/about"):
        page = client.get(f"/{code}{path}").text
        assert _language_of(page) == code
        assert _own_links(page) and all(href.startswith(f"/{code}/") for href in _own_links(page)), path


def test_english_has_no_prefix(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    page = client.get("/s/free").text
    assert _language_of(page) == "en"
    assert not [href for href in _own_links(page) if href[1:3] in OFFERED and href[3:4] in {"", "/"}]
    moved = client.get("/en/s/free?q=a")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/s/free?q=a")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "12,345 | 2 August 2026 | 2 August 2026, 16:05 | 2 Aug | Belarus"),
        ("be", "12 345 | 2 жніўня 2026 г. | 2 жніўня 2026 г., 16:05 | 2 жні | Беларусь"),
        ("ru", "12 345 | 2 августа 2026 г. | 2 августа 2026 г., 16:05 | 2 авг. | Беларусь"),
        ("uk", "12 345 | 2 серпня 2026 р. | 2 серпня 2026 р., 16:05 | 2 серп. | Білорусь"),
        ("pl", "12 345 | 2 sierpnia 2026 | 2 sierpnia 2026, 16:05 | 2 sie | Białoruś"),
        ("de", "12.345 | 2. August 2026 | 2. August 2026, 16:05 | 2. Aug. | Belarus"),
    ],
    ids=lambda value: value[:2],
)
def test_numbers_days_and_countries_are_written_as_readers_write_them(
    app: Flask, code: str, said: str
) -> None:
    when = dt.datetime(2026, 8, 2, 14, 5, tzinfo=dt.UTC)
    with app.test_request_context("/", environ_overrides={ENVIRON_KEY: code}):
        parts = (
            number(12345),
            day(when),
            moment(when, "Europe/Warsaw"),
            day_of_month(when.date()),
            country_name("BY"),
        )
    # Spaces that hold a number or a day together are spaces here.
    assert " ".join(" | ".join(parts).split()) == said


@pytest.mark.parametrize("path", ["/xx/", "/fr/s/", "/BE/", "/be/be/", "/bee/", "/be-BY/"])
def test_an_unknown_prefix_is_an_unknown_address(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/be", "/be/"])
def test_the_prefix_alone_is_the_home_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, _language_of(response.text)) == (200, "be")


@pytest.mark.parametrize("path", ["/", "/about", "/check-your-mail", "/nowhere"])
@pytest.mark.parametrize("wish", ["be", "ru,en;q=0.1", "*", "x" * 3000])
def test_the_wish_of_the_browser_is_never_read(client: FlaskClient, path: str, wish: str) -> None:
    with_wish, without = client.get(path, headers={"Accept-Language": wish}), client.get(path)
    # Words are drawn anew each time.
    drawn = re.compile(r'(?<=name="words" type="hidden" value=")[a-z ]+')
    assert drawn.sub("", with_wish.text) == drawn.sub("", without.text)
    assert "Accept-Language" not in with_wish.headers.get("Vary", "")


def test_an_error_page_is_in_the_language_of_its_address(client: FlaskClient) -> None:
    response = client.get("/be/nowhere")
    assert (response.status_code, _language_of(response.text)) == (404, "be")


def test_the_switch_names_each_language_in_itself_and_keeps_the_page(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    page = client.get("/be/s/free/signatories?q=an").text
    switch = {
        code: href for href, code in re.findall(r'<a href="([^"]*)" lang="[^"]*" hreflang="([^"]*)"', page)
    }
    assert switch == {"en": "/s/free/signatories?q=an"} | {
        code: f"/{code}/s/free/signatories?q=an" for code in PREFIXED
    }
    assert all(name in page for name in OFFERED.values())


def test_addresses_and_names_of_languages_are_made_without_a_request() -> None:
    assert in_language("be", "/s/x?a=1") == "/be/s/x?a=1"
    assert in_language("en", "/s/x") == "/s/x"
    assert (language_name("ru"), language_name("fr")) == ("Русский", "français")
