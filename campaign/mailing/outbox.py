"""The worker's side of the outbox: leasing rows, deciding caps, sending, and writing outcomes.

A row is leased in one transaction and ended in another. Between them nobody else takes it until the lease is
over, so that a mail goes out twice only after a crash or a pause longer than the lease, with the same
Message-ID and link.
"""

from __future__ import annotations

import datetime as dt
import random
import time
import uuid
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from flask import Flask
from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.core.settings import settings
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.mailing import caps, suppression
from campaign.mailing.messages import message, render
from campaign.mailing.models import ON_THEIR_WAY, TAKEN, MailState, OutboxMail
from campaign.mailing.operations import Inviter, MailContent, to_the_minute
from campaign.mailing.transport import Courier, MailDeferred, MailRefused, ServerAway
from campaign.site.queries import this_site

BATCH = 40
LEASE = dt.timedelta(seconds=90)
# No sending begins later than this after the lease was taken: one SMTP dialogue may last long.
_SEND_WITHIN_SECONDS = 45.0
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 120.0
# Templates of mails to members.
_TO_THE_TEAM = "accounts/"


@dataclass(frozen=True, slots=True)
class Leased:
    """A leased row of this worker, unsealed."""

    id: uuid.UUID
    message_id: str
    content: MailContent
    language: str
    attempts: int
    recipient: str
    inviter: Inviter | None = None
    unsubscribe: str = ""
    reply_to: str = ""
    handle: uuid.UUID | None = None
    counted: bool = False
    sender: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The outcome of a leased row: a final state, or QUEUED to try again after `pause` seconds.

    `away`: the server takes no mail at all.
    """

    state: MailState
    trouble: str | None = None
    pause: float = 0.0
    away: bool = False


def deliver(courier: Courier) -> bool:
    """Send one batch. True when there may be more to send at once."""
    if not db.session.scalar(select(_due(clock.now()).exists())):
        courier.rest()
        return False

    lease = new_id()
    begun = time.monotonic()
    with writing() as session:
        leased, seen = _lease(session, lease)

    outcomes: dict[uuid.UUID, DeliveryOutcome] = {}
    away = False
    for row in leased:
        if away or time.monotonic() - begun > _SEND_WITHIN_SECONDS:
            outcomes.setdefault(row.id, DeliveryOutcome(MailState.QUEUED, None, _pause(1) if away else 0.0))
            continue
        outcomes[row.id] = outcome = _send(courier, row)
        away = outcome.away

    with writing() as session:
        for row in leased:
            _end(session, row, lease, outcomes[row.id])

    return seen == BATCH and not away


def _due(now: dt.datetime) -> Select[OutboxMail]:
    free = or_(
        OutboxMail.state == MailState.QUEUED,
        (OutboxMail.state == MailState.SENDING) & (OutboxMail.lease_until < now),
    )
    return select(OutboxMail).where(OutboxMail.state.in_(ON_THEIR_WAY), OutboxMail.due_at <= now, free)


def _lease(session: Session, lease: uuid.UUID) -> tuple[list[Leased], int]:
    """Lease the mails that are due, and end those that may not be sent.

    Returns the leased ones and how many rows were looked at.
    """
    now = clock.now()
    room = _allowance(session, now)
    rows = (
        session.scalars(
            _due(now).order_by(OutboxMail.due_at).limit(room).with_for_update(skip_locked=True)
        ).all()
        if room
        else []
    )

    leased: list[tuple[str, Leased]] = []
    for row in rows:
        try:
            sealed = vault().unseal_json(row.sealed or b"", "outbox", "sealed", row.id)
        except SealBroken:
            _close(row, MailState.UNREADABLE, "no key")
            continue

        if dt.datetime.fromisoformat(sealed["until"]) <= now:
            _close(row, MailState.EXPIRED, row.trouble)
        elif suppression.holds(session, sealed["to"]):
            _close(row, MailState.SUPPRESSED, None)
        elif row.attempts == 0 and not caps.count(session, sealed):
            _close(row, MailState.CAPPED, None)
        else:
            row.state, row.lease, row.lease_until, row.attempts = (
                MailState.SENDING,
                lease,
                now + LEASE,
                row.attempts + 1,
            )
            content = MailContent(sealed["template"], sealed["context"])
            mail = row.id, sealed["message_id"], content, sealed["language"], row.attempts
            whom = sealed["to"], _inviter(sealed), sealed.get("unsubscribe", ""), sealed.get("reply_to", "")
            after = uuid.UUID(sealed["handle"]) if "followed" in sealed else None, "counted" in sealed
            leased.append(
                (sealed.get("promised", ""), Leased(*mail, *whom, *after, sealed.get("sender", "")))
            )

    # In the order of their promise, which no column has.
    return [one for _promised, one in sorted(leased, key=itemgetter(0))], len(rows)


def _inviter(sealed: dict[str, Any]) -> Inviter | None:
    return Inviter(**sealed["inviter"]) if "inviter" in sealed else None


def _close(row: OutboxMail, state: MailState, trouble: str | None) -> None:
    row.state, row.trouble, row.sealed, row.ended_at = state, trouble, None, to_the_minute()
    row.lease = row.lease_until = None


def _send(courier: Courier, row: Leased) -> DeliveryOutcome:
    try:
        rendered = render(row.content, row.language)
        # Mails to the team name the site. Of those to signers each says itself whether it may name anybody.
        to_the_team = row.content.template.startswith(_TO_THE_TEAM)
        sender = row.sender or (this_site().sender_name if to_the_team else "")
        said = message(
            row.message_id, row.recipient, rendered, row.inviter, row.unsubscribe, row.reply_to, sender
        )
        courier.send(said)
    except MailRefused as refusal:
        return DeliveryOutcome(MailState.REFUSED, str(refusal.code))
    except MailDeferred as deferral:
        return DeliveryOutcome(MailState.QUEUED, str(deferral.code), _pause(row.attempts))
    except ServerAway as away:
        return DeliveryOutcome(MailState.QUEUED, away.trouble, _pause(row.attempts), away=True)
    except Exception as error:  # noqa: BLE001 a mail that can't be made (a broken template) must not hold up the others
        return DeliveryOutcome(MailState.QUEUED, type(error).__name__[:60], _pause(row.attempts))

    return DeliveryOutcome(MailState.SENT)


def _pause(attempts: int) -> float:
    """The pause before another attempt, in seconds: exponential, capped, with jitter on the upper half, so
    that recovery is not a stampede.
    """
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempts - 1, 10)) * random.uniform(0.5, 1.0)  # noqa: S311  not a secret


def _end(session: Session, row: Leased, lease: uuid.UUID, outcome: DeliveryOutcome) -> None:
    """Write the outcome, unless the lease was lost meanwhile: then the row is another worker's."""
    now = clock.now()
    values: dict[str, Any] = {
        "state": outcome.state,
        "trouble": outcome.trouble,
        "lease": None,
        "lease_until": None,
    }
    if outcome.state is MailState.QUEUED:
        values["due_at"] = now + dt.timedelta(seconds=outcome.pause)
    else:
        values |= {"sealed": None, "ended_at": to_the_minute(now)}
        if outcome.state is MailState.SENT:
            values["handle_index"] = None
            values |= suppression.traces(row.id, row.message_id, row.recipient, row.handle, row.counted)

    session.execute(
        update(OutboxMail).where(OutboxMail.id == row.id, OutboxMail.lease == lease).values(**values)
    )


def _allowance(session: Session, now: dt.datetime) -> int:
    """The number of mails that the relay's quotas still allow; BATCH when there are none."""
    left = BATCH
    for most, window in (
        (settings().mail_max_per_hour, dt.timedelta(hours=1)),
        (settings().mail_max_per_day, dt.timedelta(days=1)),
    ):
        if most:
            # Mails that another worker is sending now count as sent.
            gone = or_(
                OutboxMail.state.in_(TAKEN) & (OutboxMail.ended_at > to_the_minute(now - window)),
                (OutboxMail.state == MailState.SENDING) & (OutboxMail.lease_until >= now),
            )
            sent = select(func.count()).select_from(OutboxMail).where(gone)
            left = min(left, most - (session.scalar(sent) or 0))

    return max(left, 0)


def init_app(app: Flask) -> None:
    """Give the worker the outbox, with one connection for as long as it runs."""
    courier = Courier(app.extensions["mail"])
    app.extensions["courier"] = courier
    worker.register(app, "mail", 0.3, lambda: deliver(courier))
