"""Statements and topics that name a person: titles, texts, addresses, earlier versions."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.permissions import confined_to
from campaign.people.models import Person
from campaign.people.name_mentions import Mention, NameFinder
from campaign.statements.models import UNSEEN, FormerSlug, Revision, Statement, Topic
from campaign.statements.rights import own_statements


def named_in_statements(session: Session, _person: Person, finder: NameFinder) -> Iterable[Mention]:
    """What everyone can read of statements, the text in force before earlier ones."""
    own = own_statements()
    former: dict[int, list[str]] = {}
    for row in session.scalars(select(FormerSlug)):
        former.setdefault(row.statement_id, []).append(row.slug)
    for statement in session.scalars(
        select(Statement).where(Statement.status.not_in(UNSEEN)).order_by(Statement.id)
    ):
        published = [one for one in statement.revisions if one.published_at is not None]
        if published:
            endpoint = "statements_desk.edit" if own is None or statement.id in own else None
            yield from _of_statement(statement, published, former.get(statement.id, []), finder, endpoint)


def named_in_topics(session: Session, _person: Person, finder: NameFinder) -> Iterable[Mention]:
    """Topics that are called after a person, or described by one."""
    for topic in session.scalars(select(Topic).order_by(Topic.id)):
        named = topic.names[0] if topic.names else None
        if finder.finds(
            topic.slug, *(part for name in topic.names for part in (name.name, name.description))
        ):
            title, language = (named.name, named.language) if named else (topic.slug, "en")
            endpoint = "topics_desk.edit" if confined_to() is None else None
            yield Mention(_("Topic"), title, language, endpoint, {"topic": topic.slug})


def _of_statement(
    statement: Statement,
    published: list[Revision],
    former: list[str],
    finder: NameFinder,
    endpoint: str | None,
) -> Iterable[Mention]:
    newest, earlier = published[-1], published[:-1]
    title = newest.translations[0].title, newest.translations[0].language
    of_it = {"slug": statement.slug}
    if finder.finds(*_words(newest)):
        yield Mention(_("Text of a statement, and all that is made of it"), *title, endpoint, of_it)
    if finder.finds(statement.source, statement.press_name):
        yield Mention(_("Source or press contact of a statement"), *title, endpoint, of_it)
    if finder.finds(statement.slug, *former):
        yield Mention(_("Address of a statement"), *title, endpoint, of_it)
    if any(finder.finds(*_words(revision)) for revision in earlier):
        # An earlier version is what people have signed: it can't be changed.
        yield Mention(_("Earlier version of a statement, which stays public"), *title)


def _words(revision: Revision) -> list[str]:
    written = [part for text in revision.translations for part in (text.title, text.body)]
    return [*written, revision.note or ""]
