"""Reading deliveries: what was handed to whom, and the reply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.extensions import db
from campaign.handover.frozen_lists import former_digest, published_digest
from campaign.handover.models import Channel, FrozenList, Handover
from campaign.statements.addressees import naming
from campaign.statements.models import Addressee


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """The public part of a handover.

    `days_waiting` counts while there is no reply; None once there is one.
    """

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
    # For the team: whoever holds a paper with it can ask.
    former_digest: str
    days_waiting: int | None


def handovers_of(statement_id: int, language: str) -> Sequence[HandoverShown]:
    """All handovers of a statement, the newest first."""
    query = (
        select(Handover, FrozenList)
        .join(FrozenList, FrozenList.id == Handover.frozen_id)
        .where(Handover.statement_id == statement_id)
    )
    rows = db.session.execute(query.order_by(Handover.handed_on.desc(), Handover.id.desc())).all()
    return [_shown(handover, frozen, language) for handover, frozen in rows]


def frozen_list_of(statement_id: int, handover_id: int) -> FrozenList | None:
    """The list of a handover; None where this statement has no such handover."""
    query = select(FrozenList).join(Handover, Handover.frozen_id == FrozenList.id)
    return db.session.scalar(query.where(Handover.id == handover_id, Handover.statement_id == statement_id))


def statements_handed_to(session: Session, addressee_id: int) -> list[int]:
    """The ids of the statements whose lists were handed to an addressee of the book."""
    return list(session.scalars(select(Handover.statement_id).where(Handover.addressee_id == addressee_id)))


def channel_names() -> dict[str, str]:
    """The channels of a handover, in words."""
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
        # Where somebody else received it, the addressee is named beside them.
        role=", ".join(
            part
            for part in (called.name if handover.to_whom else "", called.role, called.institution)
            if part
        )
        if called
        else "",
        by_whom=handover.by_whom,
        channel=Channel(handover.channel),
        handed_on=handover.handed_on,
        replied_on=handover.replied_on,
        reply=handover.reply or "",
        frozen_id=frozen.id,
        people=frozen.people,
        organisations=frozen.organisations,
        sha256=published_digest(frozen),
        former_digest=former_digest(frozen),
        days_waiting=None if handover.replied_on else max((clock.today() - handover.handed_on).days, 0),
    )
