"""The mail as the team sees it: how much is waiting, and what went wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from campaign.extensions import db
from campaign.mailing.models import ON_THEIR_WAY, OutboxMail
from campaign.mailing.suppression import bouncing_domains


@dataclass(frozen=True, slots=True)
class OutboxReport:
    """The state of the outbox: mails by state over the last 7 days, since when the oldest waits, and the
    latest trouble (a code or an error's class).
    """

    by_state: dict[str, int]
    oldest: dt.datetime | None
    trouble: str | None
    # Mail domains with at least five addresses that take no mail, and how many.
    bouncing: list[tuple[str, int]]

    @property
    def waiting(self) -> int:
        """The number of mails that are still on their way."""
        return sum(self.by_state.get(state, 0) for state in ON_THEIR_WAY)


def outbox_report() -> OutboxReport:
    """Count the outbox."""
    counted = db.session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state)).all()
    on_way = OutboxMail.state.in_(ON_THEIR_WAY)
    oldest = db.session.scalar(select(func.min(OutboxMail.due_at)).where(on_way))
    trouble = db.session.scalar(
        select(OutboxMail.trouble)
        .where(on_way, OutboxMail.trouble.is_not(None))
        .order_by(OutboxMail.due_at.desc())
        .limit(1)
    )
    return OutboxReport({str(state): count for state, count in counted}, oldest, trouble, bouncing_domains())
