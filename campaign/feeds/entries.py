"""What stands in a feed: statements and updates, never a signatory."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from flask import url_for

from campaign.core.http import settings
from campaign.core.language import language
from campaign.statements.queries import published_revisions, statement_lines, statement_page
from campaign.updates.queries import UpdateShown

MOST = 50


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `key` is a URN that stays; `html` is clean; `updated` is when what it says last changed."""

    key: str
    url: str
    title: str
    html: str
    language: str
    published: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it is written in one of the forms. `page` is what it belongs to, `url` maps form to its own address."""

    key: str
    title: str
    description: str
    page: str
    urls: dict[str, str]
    language: str
    entries: list[FeedEntry]

    @property
    def updated(self) -> dt.datetime:
        """When the newest entry changed; the beginning of time for an empty feed, so that it stays the same until there is one."""
        return max((entry.updated for entry in self.entries), default=dt.datetime.fromtimestamp(0, dt.UTC))


def absolute(path: str) -> str:
    """An address of ours, whole, in the language of the page."""
    return settings().site_url + path


def key_of(kind: str, number: object) -> str:
    """The URN of a thing in the language of the feed: the same as long as the site keeps its address."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{settings().site_url}/{kind}/{number}/{language()}')}"


def statement_entries(ids: list[int] | None = None) -> list[FeedEntry]:
    """An entry for each public statement, or for those of `ids`."""
    return [_statement(line.id) for line in statement_lines(language(), ids=ids)]


def update_entries(updates: list[UpdateShown]) -> list[FeedEntry]:
    """An entry for each published update."""
    slugs = {line.id: line.slug for line in statement_lines(language())}
    return [_update(update, slugs) for update in updates]


def newest(entries: list[FeedEntry]) -> list[FeedEntry]:
    """The newest first, as many as a feed holds."""
    return sorted(entries, key=lambda entry: (entry.updated, entry.key), reverse=True)[:MOST]


def _statement(statement_id: int) -> FeedEntry:
    page = statement_page(statement_id, language())
    revisions = [revision.published_at for revision in published_revisions(statement_id) if revision.published_at]
    address = absolute(url_for("pages.statement", slug=page.slug))
    return FeedEntry(key_of("statement", statement_id), address, page.title, str(page.body), page.language, revisions[0], revisions[-1])


def _update(update: UpdateShown, slugs: dict[int, str]) -> FeedEntry:
    slug = slugs.get(update.statement_id or 0)
    path = url_for("pages.statement", slug=slug) if slug else url_for("pages.update", update_id=update.id)
    published = update.published_at or update.changed_at
    address = absolute(path) + (f"#update-{update.id}" if slug else "")
    return FeedEntry(key_of("update", update.id), address, update.title, str(update.body), update.language, published, update.changed_at)
