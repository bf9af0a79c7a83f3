"""Entries of feeds: statements and updates, never a signatory."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from flask import render_template, url_for

from campaign.core.language import language
from campaign.core.settings import settings
from campaign.statements.queries import newest_published, statement_lines, statement_page
from campaign.updates.queries import UpdateShown

# The most entries of a feed; no more are read or rendered.
MOST = 50
# A feed reader does not know the page, so relative links are completed.
_RELATIVE = re.compile(r'(?<=<a href=")(?=[/#?])(?!//)')
# Characters that no XML document may hold (https://www.w3.org/TR/xml/#charsets), and so no feed.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry of a feed.

    `urn` never changes; `html` is clean; `updated` is when its content last changed.
    """

    urn: str
    url: str
    title: str
    html: str
    language: str
    published: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it is written in one of the forms.

    `page` is the page it belongs to, `url` maps a form to the feed's own address.
    """

    urn: str
    title: str
    description: str
    page: str
    urls: dict[str, str]
    language: str
    entries: list[FeedEntry]

    @property
    def updated(self) -> dt.datetime:
        """The time the newest entry changed.

        The beginning of time for an empty feed, so that it stays the same until there is one.
        """
        return max((entry.updated for entry in self.entries), default=dt.datetime.fromtimestamp(0, dt.UTC))


def absolute(path: str) -> str:
    """The full address of a path of ours, in the language of the page."""
    return settings().site_url + path


def urn_of(kind: str, number: object) -> str:
    """The URN of a thing in the language of the feed: the same as long as the site keeps its address."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{settings().site_url}/{kind}/{number}/{language()}')}"


def statement_entries(ids: list[int] | None = None) -> list[FeedEntry]:
    """An entry for each public statement, or each of `ids`, as many as a feed holds."""
    return [_statement(*row) for row in newest_published(MOST, ids)]


def update_entries(updates: list[UpdateShown]) -> list[FeedEntry]:
    """An entry for each published update."""
    told_of = sorted({update.statement_id for update in updates if update.statement_id is not None})
    slugs = {line.id: line.slug for line in statement_lines(language(), ids=told_of)}
    return [_update(update, slugs) for update in updates]


def newest(entries: list[FeedEntry]) -> list[FeedEntry]:
    """The newest first, as many as a feed holds."""
    return sorted(entries, key=lambda entry: (entry.updated, entry.urn), reverse=True)[:MOST]


def _statement(statement_id: int, first: dt.datetime, last: dt.datetime) -> FeedEntry:
    page = statement_page(statement_id, language())
    address = absolute(url_for("pages.statement", slug=page.slug))
    return _entry("statement", page.id, address, page.title, str(page.body), page.language, first, last)


def _update(update: UpdateShown, slugs: dict[int, str]) -> FeedEntry:
    slug = slugs.get(update.statement_id or 0)
    path = url_for("pages.statement", slug=slug) if slug else url_for("pages.update", update_id=update.id)
    address = absolute(path) + (f"#update-{update.id}" if slug else "")
    html = render_template("feeds/update.html", update=update).strip()

    return _entry(
        "update",
        update.id,
        address,
        update.title,
        html,
        update.language,
        update.published_at or update.changed_at,
        update.changed_at,
    )


def _entry(
    kind: str,
    number: int,
    url: str,
    title: str,
    html: str,
    written_in: str,
    published: dt.datetime,
    updated: dt.datetime,
) -> FeedEntry:
    """An entry. It says if its text is in another language than the feed's; links are absolute."""
    said = html if written_in == language() else f'<div lang="{written_in}">{html}</div>'
    whole = _RELATIVE.sub(lambda found: _base(said[found.end()], url), said)
    return FeedEntry(urn_of(kind, number), url, in_xml(title), in_xml(whole), written_in, published, updated)


def _base(first: str, url: str) -> str:
    return settings().site_url if first == "/" else url.partition("#")[0]


def in_xml(text: str) -> str:
    """The text without characters that XML can't hold: one of them would break the whole feed."""
    return _NOT_IN_XML.sub("", text)
