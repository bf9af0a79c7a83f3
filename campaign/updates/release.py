"""A release from its date to the news: what it will change and send, tried out before anything is kept."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import writing
from campaign.people import team_operations as case_files
from campaign.people import timeline
from campaign.people.detention import Case, derive
from campaign.people.models import Person
from campaign.people.timeline import Event, happening, ordered
from campaign.people.visibility import shows_of
from campaign.statements.rights import may_work_on
from campaign.updates import team_operations
from campaign.updates.models import Update
from campaign.updates.news_mail import mailing_of
from campaign.updates.operations import UpdateContent, UpdateWords, update_fingerprint


@dataclass(frozen=True, slots=True)
class DraftedNews:
    """The news for one campaign as they would be drafted, and the number of signers who asked for them.

    `own`: the member may publish them; else the team of that campaign finds the draft.
    """

    statement_id: int
    texts: tuple[UpdateWords, ...]
    waiting: int
    own: bool


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a release would change: the case before and after, the news for each campaign, and whether the
    public sees the person at all.
    """

    before: Case
    after: Case
    news: tuple[DraftedNews, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What the member decided for one campaign: the words, whether they are published, and mailed."""

    statement_id: int
    texts: tuple[UpdateWords, ...]
    publish: bool
    mail: bool


class _NothingKept(Exception):
    """The end of a rehearsal: its transaction is rolled back."""


def rehearse(person_id: uuid.UUID, released: Event) -> Rehearsal:
    """What follows from this release, all of it undone again. Raises TimelineFault."""
    found: list[Rehearsal] = []
    try:
        with writing() as session:
            person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
            before = _case(person)
            (event,) = timeline.enter_events(session, person, [released])
            news = tuple(_drafted(update) for update in _news_of(session, event.id))
            found.append(Rehearsal(before, _case(person), news, shows_of(person).name))
            raise _NothingKept
    except _NothingKept:
        return found[0]


def carry_out(session: Session, person_id: uuid.UUID, released: Event, decided: list[Decided]) -> int:
    """The release with all that was decided about its news, in one transaction. Returns how many news were
    published. Raises TimelineFault.
    """
    case_files.enter_events(session, person_id, [released])
    drafts = {update.statement_id: update for update in _news_of(session, released.event_id)}
    published = 0
    for one in decided:
        update = drafts.get(one.statement_id)
        if update is None or not may_work_on(one.statement_id):
            continue
        entry = UpdateContent(
            update.kind, one.texts, update.statement_id, None, update.happened_on, update.precision
        )
        team_operations.change(session, update.id, entry, update_fingerprint(update))
        if one.publish:
            team_operations.publish(session, update.id)
            published += 1
        if one.publish and one.mail:
            team_operations.mail(session, update.id)
    return published


def _news_of(session: Session, event_id: uuid.UUID | None) -> list[Update]:
    return list(
        session.scalars(select(Update).where(Update.event_id == event_id).order_by(Update.statement_id))
    )


def _drafted(update: Update) -> DraftedNews:
    texts = tuple(UpdateWords(text.language, text.title, text.body) for text in update.texts)
    statement_id = update.statement_id or 0
    return DraftedNews(statement_id, texts, mailing_of(update).waiting, may_work_on(statement_id))


def _case(person: Person) -> Case:
    return derive(map(happening, ordered(person.events)), clock.today(), person.confirmed_on)
