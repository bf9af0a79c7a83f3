"""Names that only the team may see, opened one at a time: each look is recorded, and takes two people at high
safety.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from campaign.accounts import two_people
from campaign.accounts.audit import record_for
from campaign.accounts.models import TeamMember
from campaign.accounts.two_people import LASTS, RequestNotAllowed, RequestStage, request_stage
from campaign.core import clock
from campaign.core.database import changed_rows
from campaign.extensions import db
from campaign.moderation.audit_actions import ModerationAction
from campaign.moderation.models import NameLook
from campaign.moderation.signature_table import is_closed
from campaign.signatures.models import Signature
from campaign.statements.models import Safety, Statement

# So long the name can be seen again, and decided on, without another look.
OPEN_FOR = dt.timedelta(minutes=15)
# Of one member: enough for careful review, too few to copy a list.
MOST_AN_HOUR = 20
_KEPT = dt.timedelta(days=2)


class LooksSpent(Exception):
    """This member has opened as many names as anyone may within an hour."""


def takes_two(session: Session, signature: Signature) -> bool:
    """True at high safety."""
    return session.get_one(Statement, signature.statement_id).safety == Safety.HIGH


def look(session: Session, signature: Signature, member_id: int) -> NameLook:
    """Open the name at standard safety; at high safety ask another member to grant it.

    A second click adds nothing. Raises RequestNotAllowed for a name that is not closed, LooksSpent.
    """
    if not is_closed(signature):
        raise RequestNotAllowed
    earlier = latest_of(session, signature, member_id)
    if earlier is not None and request_stage(earlier) in (RequestStage.ASKED, RequestStage.GRANTED):
        return earlier
    if is_open_for(session, signature, member_id) and earlier is not None:
        return earlier
    # Looks of one member are counted one after the other, or many at once would pass.
    session.get_one(TeamMember, member_id, with_for_update=True)
    if _within_the_hour(session, member_id) >= MOST_AN_HOUR:
        raise LooksSpent

    two, now = takes_two(session, signature), clock.now()
    asked = NameLook(
        signature_id=signature.id,
        asked_by=member_id,
        asked_at=now,
        two_people=two,
        fetched_at=None if two else now,
    )
    session.add(asked)
    session.flush()
    action = ModerationAction.NAME_REQUESTED if two else ModerationAction.NAME_OPENED
    record_for(session, member_id, action, f"signature:{signature.id}")
    return asked


def decide(session: Session, asked: NameLook, member_id: int, *, grant: bool) -> None:
    """Grant or refuse a look of another member. Raises RequestNotAllowed, TooNew."""
    two_people.decide(session, asked, member_id, grant=grant)
    action = ModerationAction.NAME_GRANTED if grant else ModerationAction.NAME_REFUSED
    record_for(session, member_id, action, f"signature:{asked.signature_id}")


def open_name(session: Session, asked: NameLook, member_id: int) -> None:
    """Open a name whose look was granted, for the member who asked. Raises RequestNotAllowed."""
    two_people.take(session, asked, member_id)
    record_for(session, member_id, ModerationAction.NAME_OPENED, f"signature:{asked.signature_id}")


def is_open_for(session: Session, signature: Signature, member_id: int) -> bool:
    """True while the member may see the name of a signature: it is not closed, or they opened it just now."""
    if not is_closed(signature):
        return True
    opened = select(NameLook.id).where(
        *_of(signature, member_id), NameLook.fetched_at > clock.now() - OPEN_FOR
    )
    if takes_two(session, signature):
        opened = opened.where(NameLook.two_people.is_(True))
    return session.scalar(opened.limit(1)) is not None


def latest_of(session: Session, signature: Signature, member_id: int) -> NameLook | None:
    """The latest look of a member at a name, in any stage."""
    mine = select(NameLook).where(*_of(signature, member_id))
    return session.scalar(mine.order_by(NameLook.asked_at.desc()).limit(1))


def looks_asked(session: Session, signature_id: uuid.UUID, but: int) -> Sequence[NameLook]:
    """The looks at a name that wait for another member than the one who asked."""
    waiting = select(NameLook).where(
        NameLook.signature_id == signature_id, NameLook.asked_by != but, *_waiting()
    )
    return session.scalars(waiting.order_by(NameLook.asked_at)).all()


def names_asked_for(statements: list[int] | None, but: int) -> list[Signature]:
    """The signatures of these statements (None: all) at whose names others ask to look."""
    asked = select(NameLook.signature_id).where(NameLook.asked_by != but, *_waiting())
    found = select(Signature).where(Signature.id.in_(asked))
    if statements is not None:
        found = found.where(Signature.statement_id.in_(statements))
    return list(db.session.scalars(found.order_by(Signature.id)))


def purge_looks() -> int:
    """Delete looks older than two days. Returns how many."""
    old = delete(NameLook).where(NameLook.asked_at < clock.now() - _KEPT)
    return changed_rows(db.session.execute(old))


def _of(signature: Signature, member_id: int) -> tuple[ColumnElement[bool], ...]:
    return (NameLook.signature_id == signature.id, NameLook.asked_by == member_id)


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return (
        NameLook.two_people.is_(True),
        NameLook.decided_at.is_(None),
        NameLook.asked_at > clock.now() - LASTS,
    )


def _within_the_hour(session: Session, member_id: int) -> int:
    since = clock.now() - dt.timedelta(hours=1)
    recent = or_(NameLook.asked_at > since, NameLook.fetched_at > since)
    looks = select(func.count()).select_from(NameLook).where(NameLook.asked_by == member_id, recent)
    return session.scalar(looks) or 0
