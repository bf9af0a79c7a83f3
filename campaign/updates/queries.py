"""Reading updates: timelines of statements and topics, and the hearings to come."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.dates import Precision
from campaign.core.text import printed_links, render_markdown
from campaign.core.timezones import in_zone, place_name
from campaign.extensions import db
from campaign.statements.models import UNSEEN, Safety, Statement, StatementTopic
from campaign.updates.models import Hearing, Update, UpdateKind, UpdateText
from campaign.updates.visibility import may_be_told


@dataclass(frozen=True, slots=True)
class HearingShown:
    """A court hearing, at the local time of the place."""

    starts_at: dt.datetime
    at_known: bool
    time_zone: str
    zone_place: str
    court: str
    case: str
    place: str
    outcome: str

    @property
    def day(self) -> dt.date:
        """The day in the place: at midnight in Minsk it is still the day before in UTC."""
        return self.starts_at.date()

    @property
    def to_come(self) -> bool:
        """True until the end of its day, in the place."""
        return in_zone(clock.now(), self.time_zone).date() <= self.day


@dataclass(frozen=True, slots=True)
class UpdateShown:
    """An update in the reader's language, or the best there is. `sources` are (text, address or None)."""

    id: int
    kind: UpdateKind
    statement_id: int | None
    topic_id: int | None
    title: str
    body: Markup
    language: str
    happened_on: dt.date | None
    precision: Precision
    sources: tuple[tuple[str, str | None], ...]
    hearing: HearingShown | None
    created_at: dt.datetime
    published_at: dt.datetime | None
    changed_at: dt.datetime

    @property
    def sorting(self) -> dt.date:
        """The day by which it stands in a timeline."""
        known = self.hearing.day if self.hearing else self.happened_on
        return known or (self.published_at or self.changed_at).date()


def updates_of_statement(statement_id: int, language: str, most: int | None = None) -> list[UpdateShown]:
    """The published updates of a statement, the newest first; with `most`, only as many as were changed
    last.
    """
    return _shown(_public(most).where(Update.statement_id == statement_id), language)


def updates_of_topic(topic_id: int, language: str, most: int | None = None) -> list[UpdateShown]:
    """The published updates of a topic and of its statements, the newest first; `most` as above."""
    belonging = select(StatementTopic.statement_id).where(StatementTopic.topic_id == topic_id)
    return _shown(
        _public(most).where(or_(Update.topic_id == topic_id, Update.statement_id.in_(belonging))), language
    )


def all_updates(language: str, most: int | None = None) -> list[UpdateShown]:
    """All published updates, the newest first; `most` as above."""
    return _shown(_public(most), language)


def updates_for_team(language: str, statements: list[int] | None) -> list[UpdateShown]:
    """All updates, drafts included; only those on these statements where they are given."""
    query = select(Update)
    return _shown(query if statements is None else query.where(Update.statement_id.in_(statements)), language)


def public_update(update_id: int) -> Update | None:
    """An update that everyone may read."""
    return db.session.scalar(_public().where(Update.id == update_id))


def updates_about(person_id: uuid.UUID, language: str) -> list[UpdateShown]:
    """All updates about a person, drafts included, for the team."""
    return _shown(select(Update).where(Update.person_id == person_id), language)


def next_hearing(updates: list[UpdateShown]) -> UpdateShown | None:
    """The next hearing from now on."""
    coming = [update for update in updates if update.hearing and update.hearing.to_come]
    return min(coming, key=lambda update: update.sorting, default=None)


def updates_version() -> tuple[int, dt.datetime | None]:
    """A version that changes when any update changes."""
    row = db.session.execute(select(func.count(Update.published_at), func.max(Update.changed_at))).one()
    return (row[0], row[1])


def update_with(session: Session, update_id: int) -> Update | None:
    """One update, published or not."""
    return session.get(Update, update_id)


def shown(update: Update, language: str) -> UpdateShown:
    """An update in `language`, else in the language in which it was written."""
    texts = {text.language: text for text in update.texts}
    text = texts.get(language) or update.texts[0]

    return UpdateShown(
        update.id,
        UpdateKind(update.kind),
        update.statement_id,
        update.topic_id,
        text.title,
        render_markdown(text.body),
        text.language,
        update.happened_on,
        Precision(update.precision),
        tuple(
            (line, line if line.startswith(("https://", "http://")) else None)
            for line in update.sources.splitlines()
        ),
        _hearing(update.hearing, text, language) if update.hearing else None,
        update.created_at,
        update.published_at,
        update.changed_at,
    )


def _unlinked(update: UpdateShown) -> UpdateShown:
    """The update with its sources as text, not links, for a statement of high safety.

    A visit could be held against the reader.
    """
    return replace(
        update,
        body=printed_links(update.body),
        sources=tuple((line, None) for line, _address in update.sources),
    )


def _hearing(hearing: Hearing, text: UpdateText, language: str) -> HearingShown:
    local = hearing.starts_at.astimezone(ZoneInfo(hearing.time_zone))
    zone = hearing.time_zone, place_name(hearing.time_zone, language)
    return HearingShown(local, hearing.at_known, *zone, text.court, text.case, text.place, text.outcome)


def _public(most: int | None = None) -> Select[Update]:
    """Published updates, without those on an unseen statement or about a person who is no longer shown."""
    unseen = select(Statement.id).where(Statement.status.in_(UNSEEN))
    on_seen = or_(Update.statement_id.is_(None), Update.statement_id.not_in(unseen))
    seen = select(Update).where(Update.published_at.is_not(None), on_seen, may_be_told())
    return seen if most is None else seen.order_by(Update.changed_at.desc(), Update.id.desc()).limit(most)


def _shown(query: Select[Update], language: str) -> list[UpdateShown]:
    guarded = set(db.session.scalars(select(Statement.id).where(Statement.safety == Safety.HIGH)))
    read = [(update, shown(update, language)) for update in db.session.scalars(query)]
    found = [_unlinked(update) if row.statement_id in guarded else update for row, update in read]
    return sorted(found, key=lambda update: (update.sorting, update.id), reverse=True)
