"""Writing updates: news, outcomes, court hearings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.core import clock, edit_lock
from campaign.core.dates import Precision
from campaign.statements.models import Statement, Topic
from campaign.updates.models import Hearing, Update, UpdateKind, UpdateText
from campaign.updates.news_mail import stop_mailing


@dataclass(frozen=True, slots=True)
class UpdateWords:
    """An update in one language. Court, case, place and outcome belong to hearings."""

    language: str
    title: str
    body: str = ""
    court: str = ""
    case: str = ""
    place: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """The time of a hearing in UTC, the time zone of the place, and whether more than the day is known."""

    starts_at: dt.datetime
    time_zone: str
    at_known: bool = True


@dataclass(frozen=True, slots=True)
class UpdateContent:
    """The content of an update. It is on a statement, a topic, or both; the first text is the original."""

    kind: UpdateKind
    texts: Sequence[UpdateWords]
    statement_id: int | None = None
    topic_id: int | None = None
    happened_on: dt.date | None = None
    precision: Precision = Precision.DAY
    sources: Sequence[str] = ()
    sitting: Sitting | None = None


def enter_update(session: Session, entry: UpdateContent, *, publish: bool = False) -> Update:
    """Write an update; until it is published only the team reads it. Flushes."""
    update = Update(created_at=clock.now(), changed_at=clock.now())
    _fill(session, update, entry)
    session.add(update)
    session.flush()
    if publish:
        publish_update(session, update)
    return update


def update_fingerprint(update: Update) -> str:
    """The fingerprint of an update: it differs after every change, also after publishing."""
    return edit_lock.fingerprint({"changed_at": update.changed_at.timestamp()})


def change_update(session: Session, update: Update, entry: UpdateContent, read: str) -> None:
    """Replace the content of an update; `read` is the update_fingerprint() it had when it was read.

    Flushes. Raises EditedMeanwhile.
    """
    edit_lock.refuse_edited(read, update_fingerprint(update))
    renew_pages(session, update)
    update.texts, update.hearing = [], None
    if update.statement_id != entry.statement_id:
        # The statement it moves to may have an update on the event already; it stays about the person.
        update.event_id = None
    session.flush()
    _fill(session, update, entry)
    update.changed_at = clock.now()
    renew_pages(session, update)
    session.flush()


def publish_update(session: Session, update: Update) -> None:
    """Show an update to everyone. Doing it twice is no error."""
    if update.published_at is None:
        update.published_at = update.changed_at = clock.now()
        renew_pages(session, update)
        session.flush()


def withdraw_update(session: Session, update: Update) -> None:
    """Take an update off the public pages and feeds; the team keeps it.

    Mails about it still in the outbox are not sent. Doing it twice is no error.
    """
    if update.published_at is not None:
        update.published_at, update.changed_at = None, clock.now()
        renew_pages(session, update)
        stop_mailing(session, update.id)
        session.flush()


def remove_update(session: Session, update: Update) -> None:
    """Delete an update for good."""
    renew_pages(session, update)
    stop_mailing(session, update.id)
    session.delete(update)
    session.flush()


def _fill(session: Session, update: Update, entry: UpdateContent) -> None:
    update.kind, update.statement_id, update.topic_id = entry.kind, entry.statement_id, entry.topic_id
    update.happened_on, update.precision = entry.happened_on, entry.precision
    update.sources = "\n".join(entry.sources)
    update.texts = [
        UpdateText(
            language=said.language, rank=rank, title=said.title, body=said.body,
            court=said.court, case=said.case, place=said.place, outcome=said.outcome,
        )
        for rank, said in enumerate(entry.texts)
    ]  # fmt: skip

    sitting = entry.sitting
    update.hearing = (
        Hearing(starts_at=sitting.starts_at, at_known=sitting.at_known, time_zone=sitting.time_zone)
        if sitting
        else None
    )


def renew_pages(session: Session, update: Update) -> None:
    """Raise the versions of the pages and feeds that show it."""
    topics = {update.topic_id} if update.topic_id is not None else set()
    if update.statement_id is not None:
        statement = session.get_one(Statement, update.statement_id)
        statement.version += 1
        topics |= {link.topic_id for link in statement.topics}
    for topic_id in sorted(topics):
        session.get_one(Topic, topic_id).version += 1
