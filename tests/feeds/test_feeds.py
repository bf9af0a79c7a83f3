"""Feeds and calendars, read by programs that did not write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import feedparser
import ics
import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.statements import topics
from campaign.statements.topics import Naming
from campaign.updates.models import UpdateKind
from campaign.updates.operations import Entry, Said, Sitting, enter_update
from tests.support import BELARUSIAN, ENGLISH, Campaign, organisation_form

ADDRESSES = ("", "/t/defenders", "/s/free")
FORMS = ("atom", "rss")
HEARING = dt.datetime(2099, 9, 30, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def told(campaign: Campaign, app: Flask) -> int:
    """A statement on a topic, signed, with a hearing and undated news."""
    with app.app_context(), writing() as session:
        topic = topics.enter_topic(session, "defenders", {"en": Naming("Defenders", "About them."), "be": Naming("Праваабаронцы")}).id
    closes = dt.datetime(2099, 12, 31, 22, 59, tzinfo=dt.UTC)
    statement = campaign.statement(texts=(ENGLISH, BELARUSIAN), topics=(topic,), closes_at=closes, time_zone="Europe/Warsaw")
    campaign.statement("hidden", publish=False, topics=(topic,))
    with app.app_context(), writing() as session:
        said = [Said("en", "The hearing <&>", "It is *public*.", "Supreme Court", "A against B", "Minsk"), Said("be", "Пасяджэнне")]
        enter_update(session, Entry(UpdateKind.HEARING, said, statement, topic, sitting=Sitting(HEARING, "Europe/Minsk")), publish=True)
        day = Sitting(dt.datetime(2099, 10, 1, 21, 0, tzinfo=dt.UTC), "Europe/Minsk", at_known=False)
        enter_update(session, Entry(UpdateKind.HEARING, [Said("en", "Some time that day")], statement, sitting=day), publish=True)
        enter_update(session, Entry(UpdateKind.NEWS, [Said("en", "News of the topic")], None, topic), publish=True)
        enter_update(session, Entry(UpdateKind.NEWS, [Said("en", "Not told yet")], statement, topic))
    campaign.sign(name="Ганна Сакрэт", message="A word")
    campaign.sign(**organisation_form(organisation="Secret League", email="x@secret.example.org"))
    return statement


def parsed(client: FlaskClient, address: str) -> Any:
    """A feed as a reader of feeds understands it."""
    response = client.get(address)
    assert response.status_code == 200
    feed = feedparser.parse(response.data, response_headers={"content-type": response.content_type})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_reader_of_feeds_understands_them(told: int, client: FlaskClient, address: str, form: str) -> None:
    feed = parsed(client, f"{address}/feed.{form}")
    titles = {entry.title for entry in feed.entries}
    assert {"Free them all", "The hearing <&>", "Some time that day"} <= titles
    assert ("News of the topic" in titles) == (address != "/s/free")
    assert "Not told yet" not in titles
    for entry in feed.entries:
        assert entry.link.startswith("http://")
        assert entry.id.startswith("urn:uuid:")
        assert entry.get("updated_parsed") or entry.published_parsed
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    if form == "atom":
        assert next(link.href for link in feed.feed.links if link.rel == "self").endswith(f"{address}/feed.atom")
    assert feed.feed.link.endswith(address or "/")
    (hearing,) = (entry for entry in feed.entries if entry.title.startswith("The hearing"))
    assert "<em>public</em>" in (hearing.content[0].value if "content" in hearing else hearing.summary)
    assert client.get(hearing.link.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_json_feeds_have_what_the_format_asks_for(told: int, client: FlaskClient, address: str) -> None:
    response = client.get(f"{address}/feed.json")
    assert response.mimetype == "application/feed+json"
    feed = response.get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith(f"{address}/feed.json")
    assert all(item["id"] and item["url"].startswith("http://") and item["content_html"] for item in feed["items"])
    assert all(dt.datetime.fromisoformat(item["date_modified"]).tzinfo for item in feed["items"])


@pytest.mark.parametrize("address", [f"{address}/{name}" for address in ADDRESSES for name in ("feed.atom", "feed.rss", "feed.json", "calendar.ics")])
def test_no_signatory_and_no_draft_is_in_them(told: int, client: FlaskClient, address: str) -> None:
    response = client.get(address)
    for secret in ("Сакрэт", "Secret League", "hidden", "A word"):
        assert secret not in response.text
    assert "Set-Cookie" not in response.headers
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_each_language_has_its_own(told: int, client: FlaskClient) -> None:
    english, belarusian = parsed(client, "/t/defenders/feed.atom"), parsed(client, "/be/t/defenders/feed.atom")
    assert belarusian.feed.title == "Праваабаронцы"
    assert {"Вызваліць усіх", "Пасяджэнне"} <= {entry.title for entry in belarusian.entries}
    assert not {entry.id for entry in english.entries} & {entry.id for entry in belarusian.entries}
    assert all("/be/" in entry.link for entry in belarusian.entries)


def test_pages_say_where_their_feeds_are(told: int, client: FlaskClient, team: FlaskClient) -> None:
    for address in ADDRESSES:
        page = client.get(address or "/").text
        for form, mimetype in (("atom", "application/atom+xml"), ("rss", "application/rss+xml"), ("json", "application/feed+json")):
            assert f'<link rel="alternate" type="{mimetype}"' in page
            assert f'href="{address}/feed.{form}"' in page
    assert "feed.atom" not in team.get("/desk/").text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_calendar_program_understands_the_calendars(told: int, client: FlaskClient, address: str) -> None:
    response = client.get(f"{address}/calendar.ics")
    assert response.mimetype == "text/calendar"
    events = {event.name: event for event in ics.Calendar(response.text).events}
    hearing = events["The hearing <&>"]
    assert hearing.begin.datetime == HEARING
    assert hearing.location == "Supreme Court, Minsk"
    assert "TZID=Europe/Minsk" in response.text
    assert "BEGIN:VTIMEZONE" in response.text
    whole_day = events["Some time that day"]
    assert whole_day.all_day
    assert whole_day.begin.date() == dt.date(2099, 10, 2)
    assert events["Closes for signatures: Free them all"].begin.datetime == dt.datetime(2099, 12, 31, 22, 59, tzinfo=dt.UTC)
    assert "Пасяджэнне" in {event.name for event in ics.Calendar(client.get(f"/be{address}/calendar.ics").text).events}


@pytest.mark.parametrize(
    "address", ["/feed.txt", "/t/nothing/feed.atom", "/s/hidden/feed.atom", "/s/hidden/calendar.ics", "/t/nothing/calendar.ics", "/t/nothing"]
)
def test_what_is_not_there_is_not_found(told: int, client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_empty_site_has_sound_feeds(client: FlaskClient) -> None:
    assert parsed(client, "/feed.atom").entries == []
    assert parsed(client, "/feed.rss").entries == []
    assert not ics.Calendar(client.get("/calendar.ics").text).events
