"""What was handed to whom, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import clock
from campaign.extensions import db
from campaign.handover.audit_actions import HandoverAction
from campaign.handover.frozen_lists import freeze
from campaign.handover.models import Channel, FrozenList, Handover
from campaign.statements import lifecycle
from campaign.statements.addressees import naming
from campaign.statements.models import Addressee, Statement


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the team says of a handover. `addressee_id` is somebody of the book, `to_whom` whoever received it, written out."""

    by_whom: str
    channel: Channel
    handed_on: dt.date
    addressee_id: int | None = None
    to_whom: str = ""


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """A handover with what everyone may read of it. `days_waiting` counts without a reply; None once there is one."""

    id: int
    to_whom: str
    role: str
    by_whom: str
    channel: Channel
    handed_on: dt.date
    replied_on: dt.date | None
    reply: str
    frozen_id: str
    people: int
    organisations: int
    sha256: str
    days_waiting: int | None


def record_handover(session: Session, statement: Statement, delivery: Delivery) -> Handover:
    """Write down a handover with the list as it stands now. A closed statement is handed over from then on.

    Raises NotFromHere when unseen.
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
    """Write down that a reply came, and what it said; without a day, that none did after all."""
    handover.replied_on, handover.reply = replied_on, (words or None) if replied_on else None
    statement = session.get_one(Statement, handover.statement_id)
    statement.version += 1
    session.flush()
    record(session, HandoverAction.REPLY_RECORDED, f"statement:{statement.slug}", handover=handover.id)


def remove_delivery(session: Session, handover: Handover) -> None:
    """Remove a handover that was written down by mistake, with its frozen list. The statement keeps its state."""
    statement, handover_id = session.get_one(Statement, handover.statement_id), handover.id
    statement.version += 1
    frozen = session.get_one(FrozenList, handover.frozen_id)
    session.delete(handover)
    session.flush()
    session.delete(frozen)
    session.flush()
    record(session, HandoverAction.REMOVED, f"statement:{statement.slug}", handover=handover_id)


def take_frozen_list(session: Session, handover: Handover) -> str:
    """Record that the list as it was handed over leaves the site as a file. Returns the number of the list."""
    statement = session.get_one(Statement, handover.statement_id)
    facts = {"format": "json", "list": handover.frozen_id}
    record(session, HandoverAction.LIST_EXPORTED, f"statement:{statement.slug}", **facts)
    return handover.frozen_id


def handovers_of(statement_id: int, language: str) -> Sequence[HandoverShown]:
    """All handovers of a statement, the newest first."""
    query = select(Handover, FrozenList).join(FrozenList, FrozenList.id == Handover.frozen_id).where(Handover.statement_id == statement_id)
    rows = db.session.execute(query.order_by(Handover.handed_on.desc(), Handover.id.desc())).all()
    return [_shown(handover, frozen, language) for handover, frozen in rows]


def frozen_list_of(statement_id: int, handover_id: int) -> FrozenList | None:
    """The list that was handed over then; None where there is no such handover of this statement."""
    query = select(FrozenList).join(Handover, Handover.frozen_id == FrozenList.id)
    return db.session.scalar(query.where(Handover.id == handover_id, Handover.statement_id == statement_id))


def statements_handed_to(session: Session, addressee_id: int) -> list[int]:
    """The statements whose lists were handed to somebody of the book."""
    return list(session.scalars(select(Handover.statement_id).where(Handover.addressee_id == addressee_id)))


def channel_names() -> dict[str, str]:
    """The ways of handing over, in words."""
    return {
        Channel.IN_PERSON: _("in person"),
        Channel.POST: _("by post"),
        Channel.MAIL: _("by e-mail"),
        Channel.ONLINE: _("through an online form"),
        Channel.OTHER: _("in another way"),
    }


def _shown(handover: Handover, frozen: FrozenList, language: str) -> HandoverShown:
    book = db.session.get(Addressee, handover.addressee_id) if handover.addressee_id else None
    called = naming(book, language) if book else None
    return HandoverShown(
        id=handover.id,
        to_whom=handover.to_whom or (called.name if called else ""),
        # Where somebody else received it, the addressee is said beside.
        role=", ".join(part for part in (called.name if handover.to_whom else "", called.role, called.institution) if part) if called else "",
        by_whom=handover.by_whom,
        channel=Channel(handover.channel),
        handed_on=handover.handed_on,
        replied_on=handover.replied_on,
        reply=handover.reply or "",
        frozen_id=frozen.id,
        people=frozen.people,
        organisations=frozen.organisations,
        sha256=frozen.sha256,
        days_waiting=None if handover.replied_on else max((clock.today() - handover.handed_on).days, 0),
    )
