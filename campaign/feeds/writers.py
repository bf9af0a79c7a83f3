"""A feed in each of its forms, and a calendar."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event

from campaign.feeds.entries import Feed

MIMETYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
CALENDAR = "text/calendar"


@dataclass(frozen=True, slots=True)
class Appointment:
    """An entry of a calendar: a moment at the local time of its place, or a whole day.

    `uid` never changes.
    """

    uid: str
    url: str
    title: str
    description: str
    place: str
    starts: dt.datetime | dt.date
    changed: dt.datetime
    # Raised by every change, so that a calendar program knows its copy is old (RFC 5545, 3.8.7.4).
    sequence: int = 0


def write(feed: Feed, form: str) -> bytes:
    """A feed in the form `atom`, `rss` or `json`."""
    writers: dict[str, Callable[[Feed], bytes]] = {"atom": _atom, "rss": _rss, "json": _json}
    return writers[form](feed)


def write_calendar(title: str, appointments: list[Appointment]) -> bytes:
    """An iCalendar file (RFC 5545) with the rules of every zone that it names."""
    calendar = Calendar()
    calendar.add("prodid", "-//Undersigned//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.changed)
    event.add("sequence", appointment.sequence)
    event.add("summary", appointment.title)
    event.add("dtstart", appointment.starts)
    event.add("url", appointment.url)
    for name, said in (("description", appointment.description), ("location", appointment.place)):
        if said:
            event.add(name, said)
    return event


def _generator(feed: Feed) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id(feed.urn)
    generator.title(feed.title)
    generator.description(feed.description or feed.title)
    generator.language(feed.language)
    generator.updated(feed.updated)
    generator.lastBuildDate(feed.updated)
    generator.generator("Undersigned")
    for entry in feed.entries:
        written = generator.add_entry(order="append")
        written.id(entry.urn)
        written.guid(entry.urn, permalink=False)
        written.title(entry.title)
        written.link(href=entry.url)
        written.content(entry.html or entry.title, type="html")
        written.published(entry.published)
        written.updated(entry.updated)

    return generator


def _atom(feed: Feed) -> bytes:
    generator = _generator(feed)
    generator.author(name=feed.title)
    generator.link(href=feed.page, rel="alternate")
    generator.link(href=feed.urls["atom"], rel="self")
    return bytes(generator.atom_str(pretty=True))


def _rss(feed: Feed) -> bytes:
    generator = _generator(feed)
    generator.link(href=feed.urls["rss"], rel="self")
    # The last one is the channel's own link.
    generator.link(href=feed.page, rel="alternate")
    return bytes(generator.rss_str(pretty=True))


def _json(feed: Feed) -> bytes:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/"""
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.urls["json"],
        "description": feed.description or feed.title,
        "language": feed.language,
        "items": [
            {
                "id": entry.urn,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.html or entry.title,
                "language": entry.language,
                "date_published": entry.published.isoformat(),
                "date_modified": entry.updated.isoformat(),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
