"""What the team did: a log that is only ever added to, each entry sealed to the one before it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.models import AuditEntry, TeamMember
from campaign.accounts.permissions import signed_in_member
from campaign.core import clock
from campaign.core.registration import Registry
from campaign.core.vault import digest
from campaign.extensions import db

PAGE_LENGTH = 50
# What the first entry carries in place of a digest.
_NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Chain:
    """How many entries were read, and the first that does not fit to the one before it."""

    entries: int
    broken_at: int | None

    @property
    def holds(self) -> bool:
        """True when no entry was changed or removed from the middle. Entries cut off at the end can't be noticed from within."""
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


class AuditAction(StrEnum):
    """What can be done, as the log keeps it. Each room has an enum of its own that derives from this one, and says its words."""


# What was done, by action, as a sentence without its end in the reader's language.
action_words: Registry[Callable[[], Mapping[str, str]]] = Registry("words of audit actions")
# By the name of a detail, how its value reads; an empty text leaves it out.
detail_words: Registry[Callable[[], Mapping[str, Callable[[object], str]]]] = Registry(
    "words of audit details"
)


def record(session: Session, action: AuditAction, subject: str, **details: object) -> None:
    """Add an entry for who is signed in (nobody in commands), such as `record(session, StatementAction.PUBLISHED, "statement:free", revision=2)`.

    Never pass names, addresses or tokens: name rows by their ids. Call it last in the transaction, since on PostgreSQL everyone else
    who records waits from here to the commit.
    """
    member = signed_in_member()
    record_for(session, member.id if member else None, action, subject, **details)


def record_for(
    session: Session, member_id: int | None, action: AuditAction, subject: str, **details: object
) -> None:
    """Add an entry in the name of a member who is not signed in yet."""
    previous = _newest_digest(session)
    at = clock.now()
    facts = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)
    entry = AuditEntry(
        at=at,
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
        if entry.previous != previous or entry.digest != _digest(entry):
            return Chain(number, entry.id)
        previous = entry.digest
    return Chain(number, None)


def page(before: int | None = None) -> tuple[list[AuditLine], int | None]:
    """Entries, newest first, older than the entry `before`; and the id from which the next page goes on."""
    query = (
        select(AuditEntry, TeamMember.name)
        .outerjoin(TeamMember, AuditEntry.member_id == TeamMember.id)
        .order_by(AuditEntry.id.desc())
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = db.session.execute(query.limit(PAGE_LENGTH + 1)).all()
    lines = [
        AuditLine(entry.id, entry.at, name, entry.action, entry.subject, json.loads(entry.details))
        for entry, name in rows[:PAGE_LENGTH]
    ]
    return lines, lines[-1].id if len(rows) > PAGE_LENGTH else None


def _newest_digest(session: Session) -> str:
    # The oldest entry is the lock: who has waited for it then reads what the others have added. The newest one can't be,
    # because who waited for it would not see that it is no longer the newest.
    session.execute(select(AuditEntry.id).order_by(AuditEntry.id).limit(1).with_for_update())
    return (
        session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or _NOTHING_BEFORE
    )


def _digest(entry: AuditEntry) -> str:
    member = "" if entry.member_id is None else str(entry.member_id)
    return digest(
        entry.previous,
        entry.at.astimezone(dt.UTC).isoformat(),
        member,
        entry.action,
        entry.subject,
        entry.details,
    )
