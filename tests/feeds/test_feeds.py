"""Feeds and calendars, read by programs that did not write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import feedparser
import ics
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.statements import lifecycle, topics
from campaign.statements.models import Statement
from campaign.statements.operations import StatementText
from campaign.statements.topics import TopicWords
from campaign.updates.models import Update, UpdateKind, UpdateText
from campaign.updates.operations import (
    Sitting,
    UpdateContent,
    UpdateWords,
    change_update,
    enter_update,
    update_fingerprint,
)
from tests.support import BELARUSIAN, ENGLISH, Campaign, organisation_form

ADDRESSES = ("", "/t/defenders", "/s/free")
FORMS = ("atom", "rss")
HEARING = dt.datetime(2099, 9, 30, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def told(campaign: Campaign, app: Flask) -> int:
    """A statement on a topic, signed, with a hearing and undated news."""
    with app.app_context(), writing() as session:
        topic = topics.enter_topic(
            session,
            "defenders",
            {"en": TopicWords("Defenders", "About them."), "be": TopicWords("Праваабаронцы")},
        ).id
    closes = dt.datetime(2099, 12, 31, 22, 59, tzinfo=dt.UTC)
    statement = campaign.statement(
        texts=(ENGLISH, BELARUSIAN), topics=(topic,), closes_at=closes, time_zone="Europe/Warsaw"
    )
    campaign.statement("hidden", publish=False, topics=(topic,))
    with app.app_context(), writing() as session:
        said = [
            UpdateWords("en", "The hearing <&>", "It is *public*.", "Supreme Court", "A against B", "Minsk"),
            UpdateWords("be", "Пасяджэнне"),
        ]
        sitting, sources = Sitting(HEARING, "Europe/Minsk"), ("https://court.example.org/case",)
        enter_update(
            session,
            UpdateContent(UpdateKind.HEARING, said, statement, topic, sources=sources, sitting=sitting),
            publish=True,
        )
        day = Sitting(dt.datetime(2099, 10, 1, 21, 0, tzinfo=dt.UTC), "Europe/Minsk", at_known=False)
        enter_update(
            session,
            UpdateContent(
                UpdateKind.HEARING, [UpdateWords("en", "Some time that day")], statement, sitting=day
            ),
            publish=True,
        )
        enter_update(
            session,
            UpdateContent(UpdateKind.NEWS, [UpdateWords("en", "News of the topic")], None, topic),
            publish=True,
        )
        enter_update(
            session, UpdateContent(UpdateKind.NEWS, [UpdateWords("en", "Not told yet")], statement, topic)
        )
    campaign.signed(name="Ганна Сакрэт", message="A word")
    campaign.signed(**organisation_form(organisation="Secret League", email="x@secret.example.org"))
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
        assert next(link.href for link in feed.feed.links if link.rel == "self").endswith(
            f"{address}/feed.atom"
        )
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
    assert all(
        item["id"] and item["url"].startswith("http://") and item["content_html"] for item in feed["items"]
    )
    assert all(dt.datetime.fromisoformat(item["date_modified"]).tzinfo for item in feed["items"])


@pytest.mark.parametrize(
    "address",
    [
        f"{address}/{name}"
        for address in ADDRESSES
        for name in ("feed.atom", "feed.rss", "feed.json", "calendar.ics")
    ],
)
def test_no_signatory_and_no_draft_is_in_them(told: int, client: FlaskClient, address: str) -> None:
    response = client.get(address)
    for secret in ("Сакрэт", "Secret League", "hidden", "A word"):
        assert secret not in response.text
    assert "Set-Cookie" not in response.headers
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("form", FORMS)
def test_a_hearing_says_in_the_feed_when_and_where(told: int, client: FlaskClient, form: str) -> None:
    (hearing,) = (
        entry
        for entry in parsed(client, f"/s/free/feed.{form}").entries
        if entry.title.startswith("The hearing")
    )
    said = hearing.content[0].value if "content" in hearing else hearing.summary
    for part in (
        "30 September 2099, 11:00",
        "(Minsk)",
        "Supreme Court",
        "A against B",
        'href="https://court.example.org/case"',
    ):
        assert part in said


def test_what_is_told_in_another_language_says_so(told: int, client: FlaskClient) -> None:
    items = {item["title"]: item for item in client.get("/be/s/free/feed.json").get_json(force=True)["items"]}
    assert items["Some time that day"]["language"] == "en"
    assert items["Some time that day"]["content_html"].startswith('<div lang="en">')
    assert "<div lang" not in items["Вызваліць усіх"]["content_html"]


def test_links_are_whole_and_what_xml_refuses_is_left_out(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    statement = campaign.statement(
        texts=(
            StatementText(
                "en",
                "Odd\ufffe title",
                "[Here](/s/) and [there](#since), [far](https://far.example.org/), \uffff.",
            ),
        )
    )
    with app.app_context(), writing() as session:
        enter_update(
            session,
            UpdateContent(
                UpdateKind.NEWS, [UpdateWords("en", "Odd\uffff news", "[Up](?text=en)")], statement
            ),
            publish=True,
        )
    entries = {entry.title: entry.content[0].value for entry in parsed(client, "/feed.atom").entries}
    assert set(entries) == {"Odd title", "Odd news"}
    for link in ("http://localhost/s/", "http://localhost/s/free#since", "https://far.example.org/"):
        assert f'href="{link}"' in entries["Odd title"]
    assert 'href="http://localhost/s/free?text=en"' in entries["Odd news"]


def test_a_feed_holds_the_newest_and_no_more(
    campaign: Campaign, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("campaign.feeds.entries.MOST", "campaign.feeds.views.MOST"):
        monkeypatch.setattr(module, 2)
    for number in range(3):
        campaign.statement(f"text-{number}", texts=(StatementText("en", f"Text {number}", "Body."),))
    assert [entry.title for entry in parsed(client, "/feed.atom").entries] == ["Text 2", "Text 1"]
    with app.app_context(), writing() as session:
        older = session.scalars(select(Statement).where(Statement.slug == "text-0")).one()
        enter_update(
            session, UpdateContent(UpdateKind.NEWS, [UpdateWords("en", "News")], older.id), publish=True
        )
    app.extensions["page_cache"].clear()
    assert [entry.title for entry in parsed(client, "/feed.atom").entries] == ["News", "Text 2"]


def test_a_changed_hearing_is_newer_in_the_feed_and_in_the_calendar(
    told: int, client: FlaskClient, app: Flask
) -> None:
    def read() -> tuple[Any, Any]:
        app.extensions["page_cache"].clear()
        feed = {entry.id: entry for entry in parsed(client, "/s/free/feed.atom").entries}
        text = client.get("/s/free/calendar.ics").text.replace("\r\n ", "")
        return feed, {
            event.partition("UID:")[2].split()[0]: event for event in text.split("BEGIN:VEVENT")[1:]
        }

    feed, events = read()
    (key,) = (key for key, entry in feed.items() if entry.title.startswith("The hearing"))
    with app.app_context(), time_machine.travel(clock.now() + dt.timedelta(hours=2)), writing() as session:
        update = session.scalars(
            select(Update).join(Update.texts).where(UpdateText.court == "Supreme Court")
        ).one()
        moved = UpdateContent(
            UpdateKind.HEARING,
            [UpdateWords("en", "The hearing, moved")],
            update.statement_id,
            sitting=Sitting(HEARING, "Europe/Minsk"),
        )
        change_update(session, update, moved, update_fingerprint(update))
    later, changed = read()
    assert later[key].title == "The hearing, moved"
    assert later[key].updated_parsed > feed[key].updated_parsed
    assert later[key].published_parsed == feed[key].published_parsed
    (uid,) = (uid for uid, event in changed.items() if "The hearing\\, moved" in event)
    numbers = [int(event.partition("SEQUENCE:")[2].split()[0]) for event in (events[uid], changed[uid])]
    assert numbers[1] > numbers[0]


def test_a_text_that_closed_early_keeps_no_later_day(told: int, client: FlaskClient, app: Flask) -> None:
    closed = dt.datetime(2027, 1, 2, 12, 0, tzinfo=dt.UTC)
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, told), closed)
    app.extensions["page_cache"].clear()
    (event,) = (
        event
        for event in ics.Calendar(client.get("/calendar.ics").text).events
        if event.name.startswith("Closes")
    )
    assert event.begin.datetime == closed


def test_lines_of_a_calendar_are_folded_between_letters(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    title = "Пасяджэнне па ліквідацыі Беларускага Хельсінкскага Камітэта, " * 3
    statement = campaign.statement()
    with app.app_context(), writing() as session:
        sitting = Sitting(HEARING, "Europe/Warsaw")
        enter_update(
            session,
            UpdateContent(
                UpdateKind.HEARING, [UpdateWords("be", title.strip(", "))], statement, sitting=sitting
            ),
            publish=True,
        )
    response = client.get("/calendar.ics")
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))
    assert all(line.decode() is not None for line in response.data.split(b"\r\n"))
    (event,) = ics.Calendar(response.text).events
    assert event.name == title.strip(", ")
    assert "TZNAME:CEST" in response.text


def test_each_language_has_its_own(told: int, client: FlaskClient) -> None:
    english, belarusian = (
        parsed(client, "/t/defenders/feed.atom"),
        parsed(client, "/be/t/defenders/feed.atom"),
    )
    assert belarusian.feed.title == "Праваабаронцы"
    assert {"Вызваліць усіх", "Пасяджэнне"} <= {entry.title for entry in belarusian.entries}
    assert not {entry.id for entry in english.entries} & {entry.id for entry in belarusian.entries}
    assert all("/be/" in entry.link for entry in belarusian.entries)


def test_pages_say_where_their_feeds_are(told: int, client: FlaskClient, team: FlaskClient) -> None:
    for address in ADDRESSES:
        page = client.get(address or "/").text
        for form, mimetype in (
            ("atom", "application/atom+xml"),
            ("rss", "application/rss+xml"),
            ("json", "application/feed+json"),
        ):
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
    assert events["Closes for signatures: Free them all"].begin.datetime == dt.datetime(
        2099, 12, 31, 22, 59, tzinfo=dt.UTC
    )
    assert "Пасяджэнне" in {
        event.name for event in ics.Calendar(client.get(f"/be{address}/calendar.ics").text).events
    }


@pytest.mark.parametrize(
    "address",
    [
        "/feed.txt",
        "/t/nothing/feed.atom",
        "/s/hidden/feed.atom",
        "/s/hidden/calendar.ics",
        "/t/nothing/calendar.ics",
        "/t/nothing",
    ],
)
def test_what_is_not_there_is_not_found(told: int, client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_empty_site_has_sound_feeds(client: FlaskClient) -> None:
    assert parsed(client, "/feed.atom").entries == []
    assert parsed(client, "/feed.rss").entries == []
    assert not ics.Calendar(client.get("/calendar.ics").text).events
