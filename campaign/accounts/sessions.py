"""Sessions of members.

The cookie carries a random key, the row its SHA-256; only a live row opens anything.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from campaign.accounts.models import TeamMember, TeamSession
from campaign.core import clock
from campaign.extensions import db

LASTS = dt.timedelta(hours=12)
# The time after a sign-in in which a member may export lists and change permissions.
FRESH = dt.timedelta(minutes=5)


def begin(session: Session, member_id: int) -> str:
    """Begin a session of 12 hours. Returns the key for the cookie; it can't be found again."""
    key = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(TeamSession(member_id=member_id, digest=_digest(key), begun_at=now, expires_at=now + LASTS))
    session.flush()
    return key


def member_of(key: str) -> TeamMember | None:
    """The active member behind a key, while the session lives."""
    live = (
        select(TeamMember)
        .join(TeamSession, TeamSession.member_id == TeamMember.id)
        .where(TeamSession.digest == _digest(key), _live())
    )
    return db.session.scalar(live.where(TeamMember.active))


def sessions_of(member_id: int) -> list[TeamSession]:
    """The live sessions of a member, newest first."""
    return list(
        db.session.scalars(
            select(TeamSession)
            .where(TeamSession.member_id == member_id, _live())
            .order_by(TeamSession.begun_at.desc())
        )
    )


def is_of(row: TeamSession, key: str) -> bool:
    """True when `key` opens this session."""
    return secrets.compare_digest(row.digest, _digest(key))


def is_fresh(key: str) -> bool:
    """True when the member of this session has proved who they are within FRESH."""
    proved = func.coalesce(TeamSession.proved_at, TeamSession.begun_at) > clock.now() - FRESH
    return (
        db.session.scalar(select(TeamSession.id).where(TeamSession.digest == _digest(key), _live(), proved))
        is not None
    )


def prove(session: Session, key: str) -> None:
    """Mark the session of a key as fresh from now on."""
    session.execute(
        update(TeamSession).where(TeamSession.digest == _digest(key), _live()).values(proved_at=clock.now())
    )


def end(session: Session, key: str) -> None:
    """End the session of a key, if it lives."""
    _end(session, TeamSession.digest == _digest(key))


def end_one(session: Session, member_id: int, session_id: uuid.UUID) -> None:
    """End one session of a member; a session of anyone else is left alone."""
    _end(session, and_(TeamSession.id == session_id, TeamSession.member_id == member_id))


def end_all(session: Session, member_id: int, but: str = "") -> None:
    """End the sessions of a member, except the one with the key `but`."""
    _end(session, and_(TeamSession.member_id == member_id, TeamSession.digest != _digest(but)))


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(TeamSession).where(which, TeamSession.ended_at.is_(None)).values(ended_at=clock.now())
    )


def _live() -> ColumnElement[bool]:
    return and_(TeamSession.ended_at.is_(None), TeamSession.expires_at > clock.now())


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
