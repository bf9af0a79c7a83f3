"""Forgotten passwords: a request is kept sealed whatever the address, and the worker mails a link to the
member of the team who has it, so that no visitor sees what it found.

The link works once, for an hour, and opens nothing by itself: the second factor is asked for as always.
"""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from campaign.accounts import invitations, mails, sessions
from campaign.accounts.addresses import team_address
from campaign.accounts.audit import record_for
from campaign.accounts.audit_actions import AccountAction
from campaign.accounts.errors import ResetOver
from campaign.accounts.models import PasswordReset, TeamMember
from campaign.accounts.queries import member_at
from campaign.core import clock, tokens, worker
from campaign.core.database import changed_rows, writing
from campaign.core.ids import new_id
from campaign.core.language import canonical
from campaign.core.tokens import Purpose, TokenInvalid
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.mailing.operations import Tally, enqueue
from campaign.site.queries import this_site

LASTS = dt.timedelta(hours=1)
EVERY_SECONDS = 1.0
# Mails to one member in a day, whoever asks for them.
_MOST_A_DAY = 3
_AT_ONCE = 200


def ask(session: Session, email: str, language: str) -> None:
    """Store a request for the worker. Nothing is read, so the answer reveals nothing about the address."""
    request_id = new_id()
    session.add(
        PasswordReset(
            id=request_id,
            language=language,
            sealed=vault().seal_text(email, "password_resets", "sealed", request_id),
            expires_at=clock.now() + LASTS,
        )
    )
    session.flush()


def answer_requests() -> bool:
    """Mail a link to each member who asked, and forget all other requests. For the worker; False if nothing
    more is waiting.
    """
    waiting = select(PasswordReset.id).where(PasswordReset.sealed.is_not(None))
    found = db.session.scalars(waiting.order_by(PasswordReset.expires_at).limit(_AT_ONCE)).all()
    for request_id in found:
        with writing() as session:
            request = session.get(PasswordReset, request_id, with_for_update=True)
            if request is not None and request.sealed is not None:
                _answer(session, request)
    return len(found) == _AT_ONCE


def member_with(token: str) -> TeamMember:
    """The member who may set a new password by this link. Raises TokenInvalid, ResetOver."""
    reset = db.session.get(PasswordReset, tokens.read(Purpose.PASSWORD_RESET, token))
    if reset is None:
        # Rows are deleted when they are over.
        raise ResetOver
    if reset.member_id is None:
        raise TokenInvalid
    member = db.session.get_one(TeamMember, reset.member_id)
    if reset.used_at is not None or reset.expires_at <= clock.now() or not member.active:
        raise ResetOver
    return member


def set_password(session: Session, token: str, password_hash: str) -> None:
    """Set the new password; all sessions and all other links end. Raises the errors of member_with()."""
    reset_id, member = tokens.read(Purpose.PASSWORD_RESET, token), member_with(token)
    now = clock.now()
    used = session.execute(
        update(PasswordReset).where(PasswordReset.id == reset_id, _open(now)).values(used_at=now)
    )
    if changed_rows(used) != 1:
        raise ResetOver

    others = update(PasswordReset).where(PasswordReset.member_id == member.id, _open(now))
    session.execute(others.values(expires_at=now))
    invitations.end_open(session, member.id)
    member.password = password_hash
    sessions.end_all(session, member.id)
    record_for(session, member.id, AccountAction.RESET, f"member {member.id}")


def purge() -> int:
    """Delete requests and links that are over."""
    over = delete(PasswordReset).where(PasswordReset.expires_at < clock.now())
    return changed_rows(db.session.execute(over))


def init_app(app: Flask) -> None:
    """Register the worker's job."""
    worker.register(app, "forgotten passwords", EVERY_SECONDS, answer_requests)


def _answer(session: Session, request: PasswordReset) -> None:
    member = _asked_for(request)
    if member is None or not member.active or member.password is None or request.expires_at <= clock.now():
        session.delete(request)
        return
    request.sealed, request.member_id = None, member.id
    request.expires_at = clock.now() + LASTS
    session.flush()
    link = canonical(
        f"/desk/new-password/{tokens.issue(Purpose.PASSWORD_RESET, request.id)}", request.language
    )
    enqueue(
        session,
        mails.password_reset(name=member.name, site=this_site().name, link=link),
        language=request.language,
        recipient=member.email,
        expires_at=request.expires_at,
        tallies=[Tally(vault().index("password resets", str(member.id)).hex(), _MOST_A_DAY, 1)],
    )


def _asked_for(request: PasswordReset) -> TeamMember | None:
    try:
        typed = vault().unseal_text(request.sealed or b"", "password_resets", "sealed", request.id)
        return member_at(team_address(typed))
    except (SealBroken, ValueError):
        return None


def _open(now: dt.datetime) -> ColumnElement[bool]:
    return PasswordReset.used_at.is_(None) & (PasswordReset.expires_at > now)
