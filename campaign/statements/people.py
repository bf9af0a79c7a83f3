"""The people for whose release a campaign works."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.people.models import CampaignPerson
from campaign.statements.errors import NoReleaseCampaign
from campaign.statements.models import Kind, Statement


def add_person(session: Session, statement: Statement, person_id: uuid.UUID) -> None:
    """Add a person to a campaign, last in its order.

    Doing it twice is no error. Flushes. Raises NoReleaseCampaign.
    """
    if statement.kind != Kind.RELEASE_CAMPAIGN:
        raise NoReleaseCampaign

    link = session.get(CampaignPerson, (statement.id, person_id))
    if link is not None and link.removed_at is None:
        return
    last = session.scalar(
        select(func.max(CampaignPerson.rank)).where(CampaignPerson.statement_id == statement.id)
    )
    rank = 0 if last is None else last + 1
    if link is None:
        session.add(CampaignPerson(statement_id=statement.id, person_id=person_id, rank=rank))
    else:
        link.rank, link.removed_at = rank, None

    statement.version += 1
    session.flush()


def take_off(session: Session, statement: Statement, person_id: uuid.UUID) -> None:
    """Remove a person from a campaign.

    The row stays, since somebody may have signed for them. Doing it twice is no error. Flushes.
    """
    link = session.get(CampaignPerson, (statement.id, person_id))
    if link is not None and link.removed_at is None:
        link.removed_at = clock.now()
        statement.version += 1
        session.flush()


def move_up(session: Session, statement: Statement, person_id: uuid.UUID) -> None:
    """Move a person up by one place. The first one stays. Flushes."""
    there = (CampaignPerson.statement_id == statement.id, CampaignPerson.removed_at.is_(None))
    links = list(
        session.scalars(
            select(CampaignPerson).where(*there).order_by(CampaignPerson.rank, CampaignPerson.person_id)
        )
    )
    place = next((place for place, link in enumerate(links) if link.person_id == person_id), 0)

    if place:
        links[place - 1], links[place] = links[place], links[place - 1]
        for rank, link in enumerate(links):
            link.rank = rank
        statement.version += 1
        session.flush()


def members(session: Session, statement_id: int) -> list[uuid.UUID]:
    """The ids of the people of a campaign, in its order, whatever may be shown of them."""
    there = (CampaignPerson.statement_id == statement_id, CampaignPerson.removed_at.is_(None))
    return list(
        session.scalars(
            select(CampaignPerson.person_id)
            .where(*there)
            .order_by(CampaignPerson.rank, CampaignPerson.person_id)
        )
    )
