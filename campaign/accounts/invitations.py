"""Invitations to the team: a link that works once, with which a member sets a password.

A new one replaces the others.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from campaign.accounts import mails, second_factor, sessions
from campaign.accounts.audit import record, record_for
from campaign.accounts.audit_actions import AccountAction, TeamAction
from campaign.accounts.errors import InvitationUsed, TeamInvitationOver
from campaign.accounts.models import TeamInvitation, TeamMember
from campaign.core import clock, tokens
from campaign.core.database import changed_rows
from campaign.core.language import canonical
from campaign.core.tokens import Purpose, TokenInvalid
from campaign.extensions import db
from campaign.mailing.operations import enqueue
from campaign.site.queries import this_site

LASTS = dt.timedelta(days=7)


def invite(session: Session, member_id: int) -> str:
    """A new invitation, valid for 7 days; older ones end. Returns its full address."""
    member = session.get_one(TeamMember, member_id)
    end_open(session, member_id)
    answered = update(TeamInvitation).where(TeamInvitation.member_id == member_id)
    session.execute(answered.values(asked_again_at=None))
    invitation = TeamInvitation(member_id=member_id, expires_at=clock.now() + LASTS)
    session.add(invitation)
    session.flush()
    record(session, TeamAction.INVITED, f"member {member_id}")
    token = tokens.issue(Purpose.TEAM_INVITATION, invitation.id)
    return canonical(f"/desk/invitation/{token}", member.language)


def end_open(session: Session, member_id: int) -> None:
    """End the open invitations of a member now."""
    now = clock.now()
    session.execute(
        update(TeamInvitation).where(TeamInvitation.member_id == member_id, _open(now)).values(expires_at=now)
    )


def invite_by_mail(session: Session, member_id: int) -> None:
    """A new invitation, sent to the member's address."""
    link = invite(session, member_id)
    member = session.get_one(TeamMember, member_id)
    mail = mails.invitation(name=member.name, link=link, site=this_site().name)
    enqueue(session, mail, language=member.language, recipient=member.email, expires_at=clock.now() + LASTS)


def invited_member(token: str) -> TeamMember:
    """The member who may set a password by this link.

    Raises TokenInvalid, InvitationUsed, TeamInvitationOver.
    """
    invitation = db.session.get(TeamInvitation, tokens.read(Purpose.TEAM_INVITATION, token))
    if invitation is None:
        raise TokenInvalid
    if invitation.used_at is not None:
        raise InvitationUsed
    member = db.session.get_one(TeamMember, invitation.member_id)
    if invitation.expires_at <= clock.now() or not member.active:
        raise TeamInvitationOver
    return member


def ask_again(session: Session, token: str) -> None:
    """Note that somebody whose invitation has expired asks for a new one: whoever manages the team sees it.

    Nothing is sent by itself: who reads an old mailbox must not get in. Nothing happens while the member is
    not active, has a password or a newer invitation. Raises TokenInvalid, InvitationUsed.
    """
    invitation = session.get(
        TeamInvitation, tokens.read(Purpose.TEAM_INVITATION, token), with_for_update=True
    )
    if invitation is None:
        raise TokenInvalid
    if invitation.used_at is not None:
        raise InvitationUsed
    member = session.get_one(TeamMember, invitation.member_id)
    newer = select(TeamInvitation.id).where(
        TeamInvitation.member_id == member.id, TeamInvitation.expires_at > invitation.expires_at
    )
    if invitation.expires_at > clock.now() or not member.active or session.scalar(newer.limit(1)):
        return
    if invitation.asked_again_at is None:
        invitation.asked_again_at = clock.now()
        record_for(session, None, AccountAction.INVITATION_ASKED, f"member {member.id}")


def asking_again() -> frozenset[int]:
    """The ids of the members who asked for a new invitation and wait for it."""
    asked = select(TeamInvitation.member_id).where(TeamInvitation.asked_again_at.is_not(None))
    return frozenset(db.session.scalars(asked))


def accept(session: Session, token: str, password_hash: str) -> int:
    """Set the password; all earlier sessions end.

    Returns the member's id. Raises the errors of invited_member().
    """
    invitation_id = tokens.read(Purpose.TEAM_INVITATION, token)
    member = invited_member(token)
    if not _use(session, invitation_id):
        raise InvitationUsed

    member.password = password_hash
    member.calendar_key = secrets.token_hex(32)
    # An owner's invitation is also the way back for a member who has lost the devices and the codes.
    second_factor.forget_all(session, member.id)
    sessions.end_all(session, member.id)
    record_for(session, member.id, AccountAction.INVITATION_ACCEPTED, f"member {member.id}")
    return member.id


def _use(session: Session, invitation_id: uuid.UUID) -> bool:
    """Mark an invitation as used. False when a concurrent request was faster."""
    now = clock.now()
    used = session.execute(
        update(TeamInvitation).where(TeamInvitation.id == invitation_id, _open(now)).values(used_at=now)
    )
    return changed_rows(used) == 1


def _open(now: dt.datetime) -> ColumnElement[bool]:
    return TeamInvitation.used_at.is_(None) & (TeamInvitation.expires_at > now)
