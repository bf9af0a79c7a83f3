"""The audit log of the team: entries are only ever added, each sealed to the one before it."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaign.accounts.models import AuditEntry, TeamMember
from campaign.accounts.permissions import signed_in_member
from campaign.core import clock
from campaign.core.database import changed_rows
from campaign.core.registration import Registry
from campaign.core.vault import digest
from campaign.extensions import db

PAGE_LENGTH = 50
# The digest that the first entry carries in place of an earlier one.
_NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Chain:
    """The result of a check: how many entries were read, and the first that does not fit the one
    before it.
    """

    entries: int
    broken_at: int | None

    @property
    def holds(self) -> bool:
        """True when no entry was changed or removed from the middle.

        Entries cut off at the end can't be noticed from within.
        """
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as shown. `who` is None for commands and the worker."""

    id: int
    at: dt.datetime
    who: str | None
    action: str
    subject: str
    details: dict[str, object]
    # False where only the day is kept.
    timed: bool = True


class AuditAction(StrEnum):
    """An action as the log keeps it.

    Each room derives an enum of its own from this one, and gives its words.
    """


# What was done, by action, as a sentence without its end in the reader's language.
action_words: Registry[Callable[[], Mapping[str, str]]] = Registry("words of audit actions")
# The functions that put a detail into words, by its name; an empty text leaves it out.
detail_words: Registry[Callable[[], Mapping[str, Callable[[object], str]]]] = Registry(
    "words of audit details"
)


def record(session: Session, action: AuditAction, subject: str, **details: object) -> None:
    """Add an entry in the name of the signed-in member (of nobody in commands).

    An example is `record(session, StatementAction.PUBLISHED, "statement:free", revision=2)`. Never pass
    names, addresses or tokens: name rows by their ids. Call it last in the transaction, since on PostgreSQL
    everyone else who records waits from here to the commit.
    """
    member = signed_in_member()
    record_for(session, member.id if member else None, action, subject, **details)


def record_by_day(session: Session, action: AuditAction, subject: str, **details: object) -> None:
    """Like record(), for what lets mails to signers go out: only the day is kept from the beginning. With the
    time, a mail server's log would tell which statement they were about.
    """
    member = signed_in_member()
    _add(session, member.id if member else None, action, subject, details, timed=False)


def record_for(
    session: Session, member_id: int | None, action: AuditAction, subject: str, **details: object
) -> None:
    """Add an entry in the name of a member who is not signed in yet."""
    _add(session, member_id, action, subject, details)


def _add(
    session: Session,
    member_id: int | None,
    action: AuditAction,
    subject: str,
    details: Mapping[str, object],
    *,
    timed: bool = True,
) -> None:
    previous = _newest_digest(session)
    at, salt = clock.now(), os.urandom(16)
    facts = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)
    entry = AuditEntry(
        at=at if timed else at.replace(hour=0, minute=0, second=0, microsecond=0),
        time_salt=salt if timed else None,
        time_mark=_time_mark(at, salt),
        member_id=member_id,
        action=str(action),
        subject=subject,
        details=facts,
        previous=previous,
        digest="",
    )
    entry.digest = _digest(entry)
    session.add(entry)
    session.flush()


def verify_chain() -> Chain:
    """Compare every entry with its digest and with the entry before it, oldest first."""
    previous, number = _NOTHING_BEFORE, 0
    for number, entry in enumerate(
        db.session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)), 1
    ):
        if entry.previous != previous or entry.digest != _digest(entry) or not _time_holds(entry):
            return Chain(number, entry.id)
        previous = entry.digest
    return Chain(number, None)


def forget_times(session: Session, before: dt.date) -> int:
    """Keep only the day of entries older than this one. Returns of how many."""
    midnight, count = dt.datetime.combine(before, dt.time(), dt.UTC), 0
    timed = (AuditEntry.time_salt.is_not(None), AuditEntry.at < midnight)
    while oldest := session.scalar(select(func.min(AuditEntry.at)).where(*timed)):
        day = dt.datetime.combine(oldest.astimezone(dt.UTC).date(), dt.time(), dt.UTC)
        forgotten = update(AuditEntry).where(
            AuditEntry.time_salt.is_not(None),
            AuditEntry.at >= day,
            AuditEntry.at < day + dt.timedelta(days=1),
        )
        done = session.execute(
            forgotten.values(at=day, time_salt=None), execution_options={"synchronize_session": False}
        )
        count += changed_rows(done)
    return count


def page(before: int | None = None) -> tuple[list[AuditLine], int | None]:
    """The entries older than the entry `before`, newest first; and the id from which the next page
    goes on.
    """
    query = (
        select(AuditEntry, TeamMember)
        .outerjoin(TeamMember, AuditEntry.member_id == TeamMember.id)
        .order_by(AuditEntry.id.desc())
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)

    rows = db.session.execute(query.limit(PAGE_LENGTH + 1)).all()
    lines = [
        AuditLine(
            entry.id,
            entry.at,
            member.name if member else None,
            entry.action,
            entry.subject,
            json.loads(entry.details),
            timed=entry.time_salt is not None,
        )
        for entry, member in rows[:PAGE_LENGTH]
    ]
    return lines, lines[-1].id if len(rows) > PAGE_LENGTH else None


def _newest_digest(session: Session) -> str:
    # The oldest entry is the lock: a transaction that has waited for it then reads what the others have
    # added. The newest one can't be the lock, because a transaction that waited for it would not see that it
    # is no longer the newest.
    session.execute(select(AuditEntry.id).order_by(AuditEntry.id).limit(1).with_for_update())
    return (
        session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or _NOTHING_BEFORE
    )


def _time_mark(at: dt.datetime, salt: bytes) -> str:
    """The digest of an exact time, which can't be found out without its salt."""
    return digest(salt.hex(), at.astimezone(dt.UTC).isoformat())


def _time_holds(entry: AuditEntry) -> bool:
    return entry.time_salt is None or entry.time_mark == _time_mark(entry.at, entry.time_salt)


def _digest(entry: AuditEntry) -> str:
    member = "" if entry.member_id is None else str(entry.member_id)
    return digest(
        entry.previous,
        entry.at.astimezone(dt.UTC).date().isoformat(),
        entry.time_mark,
        member,
        entry.action,
        entry.subject,
        entry.details,
    )
