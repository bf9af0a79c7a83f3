"""Access of team members to a calendar: a program can't sign in, so its address carries a token of the
member.

A new password gives the member a new address; the old one stops working, as it does once the account is
switched off.
"""

from __future__ import annotations

import hashlib
import uuid

from sqlalchemy import select

from campaign.accounts.grants import ROLES, Permission
from campaign.accounts.models import TeamMember
from campaign.core import tokens
from campaign.extensions import db


def calendar_token(member: TeamMember) -> str:
    """The token in the address of a member's calendar."""
    return tokens.issue(tokens.Purpose.TEAM_CALENDAR, _key(member))


def reader_of(token: str, permission: Permission) -> TeamMember | None:
    """The member whose calendar it is, while they have this permission. Raises TokenInvalid."""
    key = tokens.read(tokens.Purpose.TEAM_CALENDAR, token)
    active = db.session.scalars(select(TeamMember).where(TeamMember.active, TeamMember.password.is_not(None)))
    allowed = (
        member for member in active if any(permission in ROLES.get(role.name, ()) for role in member.roles)
    )
    return next((member for member in allowed if _key(member) == key), None)


def _key(member: TeamMember) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.sha256(member.calendar_key.encode()).digest()[:16])
