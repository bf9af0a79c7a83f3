"""Recording deliveries: what was handed to whom, and the reply."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import clock
from campaign.handover.audit_actions import HandoverAction
from campaign.handover.frozen_lists import freeze
from campaign.handover.models import Channel, FrozenList, Handover
from campaign.signatories.audit_actions import ListAction
from campaign.statements import lifecycle
from campaign.statements.models import Statement


@dataclass(frozen=True, slots=True)
class Delivery:
    """A handover in the team's words.

    `addressee_id` is an addressee of the book; `to_whom` is the recipient, written out.
    """

    by_whom: str
    channel: Channel
    handed_on: dt.date
    addressee_id: int | None = None
    to_whom: str = ""


def record_handover(session: Session, statement: Statement, delivery: Delivery) -> Handover:
    """Record a handover with the list as it stands now. A closed statement counts as handed over from then
    on.

    Raises NotFromHere for a draft.
    """
    lifecycle.hand_over(session, statement, delivery.handed_on)
    handover = Handover(
        statement_id=statement.id,
        frozen_id=freeze(session, statement).id,
        addressee_id=delivery.addressee_id,
        to_whom=delivery.to_whom or None,
        by_whom=delivery.by_whom,
        channel=delivery.channel,
        handed_on=delivery.handed_on,
        recorded_at=clock.now(),
    )

    session.add(handover)
    statement.version += 1
    session.flush()
    facts = {"handover": handover.id, "list": handover.frozen_id}
    record(session, HandoverAction.HANDED_OVER, f"statement:{statement.slug}", **facts)

    return handover


def record_reply(session: Session, handover: Handover, replied_on: dt.date | None, words: str) -> None:
    """Record that a reply came, and what it said; without a day, that none did after all."""
    handover.replied_on, handover.reply = replied_on, (words or None) if replied_on else None
    statement = session.get_one(Statement, handover.statement_id)
    statement.version += 1
    session.flush()
    record(session, HandoverAction.REPLY_RECORDED, f"statement:{statement.slug}", handover=handover.id)


def remove_delivery(session: Session, handover: Handover) -> None:
    """Remove a handover recorded by mistake, with its frozen list. The statement keeps its state."""
    statement, handover_id = session.get_one(Statement, handover.statement_id), handover.id
    statement.version += 1
    frozen = session.get_one(FrozenList, handover.frozen_id)
    session.delete(handover)
    session.flush()
    session.delete(frozen)
    session.flush()
    record(session, HandoverAction.REMOVED, f"statement:{statement.slug}", handover=handover_id)


def take_frozen_list(session: Session, handover: Handover) -> str:
    """Record that the frozen list of a handover leaves the site as a file. Returns the number of the list."""
    statement = session.get_one(Statement, handover.statement_id)
    facts = {"format": "json", "list": handover.frozen_id}
    record(session, ListAction.EXPORTED, f"statement:{statement.slug}", **facts)
    return handover.frozen_id
