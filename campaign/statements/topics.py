"""Topics: subjects under which statements and updates are found and followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.config import LANGUAGES
from campaign.core import clock, edit_lock
from campaign.core.language import default_language
from campaign.extensions import db
from campaign.statements.errors import TopicSlugTaken
from campaign.statements.models import Statement, StatementTopic, Topic, TopicName


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A topic in one language."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class TopicShown:
    """A topic as shown to a reader, in their language or the best available one."""

    id: int
    slug: str
    name: str
    description: str
    language: str


def enter_topic(session: Session, slug: str, names: Mapping[str, TopicWords]) -> Topic:
    """Enter a topic. Its slug never changes, since feeds are subscribed to under it.

    Flushes. Raises TopicSlugTaken.
    """
    if session.scalar(select(Topic.id).where(Topic.slug == slug)) is not None:
        raise TopicSlugTaken
    topic = Topic(slug=slug, created_at=clock.now(), names=_rows(names))
    session.add(topic)
    try:
        session.flush()
    except IntegrityError as error:
        raise TopicSlugTaken from error
    return topic


def topic_fingerprint(topic: Topic) -> str:
    """The fingerprint of a topic's wording."""
    return edit_lock.fingerprint({row.language: [row.name, row.description] for row in topic.names})


def change_topic(session: Session, topic: Topic, names: Mapping[str, TopicWords], read: str) -> None:
    """Replace a topic's wording; `read` is the topic_fingerprint() of the wording that was read before.

    Flushes. Raises EditedMeanwhile.
    """
    edit_lock.refuse_edited(read, topic_fingerprint(topic))
    topic.names = []
    session.flush()
    topic.names = _rows(names)
    topic.version += 1
    belonging = select(StatementTopic.statement_id).where(StatementTopic.topic_id == topic.id)
    session.execute(
        update(Statement).where(Statement.id.in_(belonging)).values(version=Statement.version + 1)
    )
    session.flush()


def all_topics() -> list[Topic]:
    """Every topic, in the order in which they were entered."""
    return list(db.session.scalars(select(Topic).order_by(Topic.id)))


def topic_by_slug(slug: str) -> Topic | None:
    """One topic for its page."""
    return db.session.scalar(select(Topic).where(Topic.slug == slug))


def topics_by_id(ids: Iterable[int]) -> list[Topic]:
    """The topics with these ids."""
    return list(db.session.scalars(select(Topic).where(Topic.id.in_(list(ids))).order_by(Topic.id)))


def topics_of(statement_id: int) -> list[Topic]:
    """The topics of a statement."""
    return topics_by_id(
        db.session.scalars(select(StatementTopic.topic_id).where(StatementTopic.statement_id == statement_id))
    )


def shown(topic: Topic, language: str) -> TopicShown:
    """The topic in `language`, else in the first language of the interface that it has."""
    names = {row.language: row for row in topic.names}
    row = names[next(code for code in (language, default_language(), *LANGUAGES, *names) if code in names)]
    return TopicShown(topic.id, topic.slug, row.name, row.description, row.language)


def statements_on(topic_id: int) -> list[int]:
    """The statements of a topic, drafts among them."""
    return list(
        db.session.scalars(select(StatementTopic.statement_id).where(StatementTopic.topic_id == topic_id))
    )


def topics_version() -> tuple[int, int]:
    """The version of lists of topics, which changes when any topic changes."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Topic.version), 0)).select_from(Topic)
    ).one()
    return (row[0], row[1])


def _rows(names: Mapping[str, TopicWords]) -> list[TopicName]:
    return [
        TopicName(language=code, name=said.name, description=said.description) for code, said in names.items()
    ]
