"""Feeds and calendars, the same for everyone and cached like other public pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from campaign.core.language import language
from campaign.core.page_cache import StoredPage, page_cache
from campaign.feeds.appointments import appointments_of, sittings_of
from campaign.feeds.entries import (
    MOST,
    Feed,
    FeedEntry,
    absolute,
    in_xml,
    newest,
    statement_entries,
    update_entries,
    urn_of,
)
from campaign.feeds.writers import CALENDAR, MIMETYPES, write, write_calendar
from campaign.people.dossier import person_page
from campaign.people.queries import people_version, person_version
from campaign.site.queries import this_site
from campaign.statements.published import published_or_404, topic_or_404
from campaign.statements.queries import statement_page, statements_version
from campaign.statements.topics import shown, statements_on
from campaign.updates.queries import all_updates, updates_of_statement, updates_of_topic, updates_version

bp = Blueprint("feeds", __name__)


@bp.get("/feed.<form>")
def site(form: str) -> Response:
    """All statements and updates."""

    def feed() -> Feed:
        entries = [*statement_entries(), *update_entries(all_updates(language(), MOST))]
        said = _("Joint statements, petitions and release campaigns, signed with care.")
        return _feed(
            "site", 0, this_site().name, said, url_for("pages.home"), _addresses("feeds.site"), entries
        )

    return _stored(("feed", form, language()), form, lambda: (statements_version(), updates_version()), feed)


@bp.get("/t/<topic>/feed.<form>")
def topic(topic: str, form: str) -> Response:
    """The statements and updates of a topic."""

    def feed() -> Feed:
        found = topic_or_404(topic)
        named = shown(found, language())
        entries = [
            *statement_entries(statements_on(found.id)),
            *update_entries(updates_of_topic(found.id, language(), MOST)),
        ]
        page, addresses = url_for("pages.topic", topic=topic), _addresses("feeds.topic", topic=topic)
        return _feed("topic", found.id, named.name, named.description, page, addresses, entries)

    return _stored(("feed of topic", topic, form, language()), form, lambda: _topic_version(topic), feed)


@bp.get("/s/<slug>/feed.<form>")
def statement(slug: str, form: str) -> Response:
    """A statement and its updates."""

    def feed() -> Feed:
        page = statement_page(published_or_404(slug)[0], language())
        entries = [
            *statement_entries([page.id]),
            *update_entries(updates_of_statement(page.id, language(), MOST)),
        ]
        address, addresses = url_for("pages.statement", slug=slug), _addresses("feeds.statement", slug=slug)
        return _feed("statement", page.id, page.title, "", address, addresses, entries)

    return _stored(("feed of statement", slug, form, language()), form, lambda: published_or_404(slug), feed)


@bp.get("/calendar.ics")
def calendar() -> Response:
    """All hearings, of updates and of people, and closing days."""

    def render() -> bytes:
        return write_calendar(this_site().name, appointments_of(all_updates(language()), None))

    return _stored_calendar(
        ("calendar", language()), lambda: (statements_version(), updates_version(), people_version()), render
    )


@bp.get("/t/<topic>/calendar.ics")
def topic_calendar(topic: str) -> Response:
    """The hearings and closing days of a topic."""

    def render() -> bytes:
        found = topic_or_404(topic)
        updates = updates_of_topic(found.id, language())
        return write_calendar(
            shown(found, language()).name, appointments_of(updates, statements_on(found.id))
        )

    return _stored_calendar(
        ("calendar of topic", topic, language()), lambda: (_topic_version(topic), people_version()), render
    )


@bp.get("/s/<slug>/calendar.ics")
def statement_calendar(slug: str) -> Response:
    """The hearings of a statement, and the day on which it closes."""

    def render() -> bytes:
        page = statement_page(published_or_404(slug)[0], language())
        return write_calendar(
            page.title, appointments_of(updates_of_statement(page.id, language()), [page.id])
        )

    return _stored_calendar(
        ("calendar of statement", slug, language()),
        lambda: (published_or_404(slug), people_version()),
        render,
    )


@bp.get("/p/<slug>/calendar.ics")
def person_calendar(slug: str) -> Response:
    """The hearings in the case of one person, as far as they are public."""

    def version() -> object:
        return person_version(slug) or abort(404)

    def render() -> bytes:
        page = person_page(slug, language()) or abort(404)
        return write_calendar(page.name, sittings_of(page))

    return _stored_calendar(("calendar of person", slug, language()), version, render)


def _feed(
    kind: str,
    number: int,
    title: str,
    said: str,
    page: str,
    addresses: dict[str, str],
    entries: list[FeedEntry],
) -> Feed:
    return Feed(
        urn_of(f"feed of {kind}", number),
        in_xml(title),
        in_xml(said),
        absolute(page),
        addresses,
        language(),
        newest(entries),
    )


def _addresses(endpoint: str, **parts: Any) -> dict[str, str]:
    return {form: absolute(url_for(endpoint, form=form, **parts)) for form in MIMETYPES}


def _stored(key: object, form: str, version: Callable[[], object], feed: Callable[[], Feed]) -> Response:
    if form not in MIMETYPES:
        abort(404)
    return (
        page_cache().get(key, version, lambda: StoredPage.of(write(feed(), form), MIMETYPES[form])).response()
    )


def _stored_calendar(key: object, version: Callable[[], object], render: Callable[[], bytes]) -> Response:
    return page_cache().get(key, version, lambda: StoredPage.of(render(), CALENDAR)).response()


def _topic_version(slug: str) -> object:
    found = topic_or_404(slug)
    return found.id, found.version, statements_version(), updates_version()
