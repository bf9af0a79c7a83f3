"""Caps per recipient, so that the form can't be used to flood a mailbox.

Decided here, where no visitor can see it.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import changed_rows, insert_unless_taken
from campaign.core.mail_addresses import coarse
from campaign.core.vault import keyed_hash, vault
from campaign.extensions import db
from campaign.mailing.models import MailState, MailTally, OutboxMail, TallyKey

MOST_PER_ADDRESS_AND_DAY = 20
_KEEP_ENDED = dt.timedelta(days=7)
# The longest quota of a relay is that of a day.
_MINUTES_KEPT = dt.timedelta(hours=25)


def count(session: Session, content: dict[str, Any]) -> bool:
    """Count one mail against the sender's tallies and the daily tally of the address.

    False when one of them is full.
    """
    day = clock.today()
    address = keyed_hash(_day_key(session, day), "mails a day", coarse(content["to"]))
    end_of_day = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    # The sender's own come first: a mail that they hold back must not use up the address's day.
    wanted = [
        (bytes.fromhex(tally["index"]), tally["most"], end_of_day + dt.timedelta(days=tally["days"]))
        for tally in content["tallies"]
    ]
    wanted.append((address, MOST_PER_ADDRESS_AND_DAY, end_of_day))

    return all(_raise(session, index, most, until) for index, most, until in wanted)


def _raise(session: Session, index: bytes, most: int, until: dt.datetime) -> bool:
    if insert_unless_taken(
        session,
        MailTally.__table__,  # type: ignore[arg-type]
        {"index": index, "mails": 1, "expires_at": until},
        ("index",),
    ):
        return True

    raised = session.execute(
        update(MailTally)
        .where(MailTally.index == index, MailTally.mails < most)
        .values(mails=MailTally.mails + 1, expires_at=until)
    )
    return changed_rows(raised) == 1


def _day_key(session: Session, day: dt.date) -> bytes:
    """The key of the day, made when it is first needed. Its row number for the seal is the day's ordinal."""
    sealed = vault().seal(os.urandom(32), "tally_keys", "sealed", day.toordinal())
    kept = session.get(TallyKey, day)
    if kept is None:
        insert_unless_taken(session, TallyKey.__table__, {"day": day, "sealed": sealed}, ("day",))  # type: ignore[arg-type]
        kept = session.get_one(TallyKey, day)
    return vault().unseal(kept.sealed, "tally_keys", "sealed", day.toordinal())


def purge_tallies() -> int:
    """Delete expired tallies, and the keys of past days with them."""
    now = clock.now()
    db.session.execute(delete(TallyKey).where(TallyKey.day < now.date()))
    return changed_rows(db.session.execute(delete(MailTally).where(MailTally.expires_at <= now)))


def purge_outbox() -> int:
    """Delete the rows of mails that ended a week ago; recipient and content were erased when they ended. Of
    those that stay, keep the day once no quota is counted by the minute any more.
    """
    before = clock.now() - _MINUTES_KEPT
    today = before.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(_KEEP_ENDED.days + 1):
        day = today - dt.timedelta(days=days)
        on_day = (
            OutboxMail.ended_at > day,
            OutboxMail.ended_at < min(day + dt.timedelta(days=1), before),
        )
        db.session.execute(
            update(OutboxMail).where(*on_day).values(ended_at=day),
            execution_options={"synchronize_session": False},
        )
    ended = delete(OutboxMail).where(
        OutboxMail.state != MailState.QUEUED, OutboxMail.ended_at < clock.now() - _KEEP_ENDED
    )
    return changed_rows(db.session.execute(ended))
