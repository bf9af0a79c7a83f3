"""Reading the team."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.addresses import address_indexes
from campaign.accounts.models import TeamMember, TeamRole
from campaign.extensions import db


def member_at(email: str) -> TeamMember | None:
    """The member with this address, active or not."""
    return db.session.scalar(select(TeamMember).where(TeamMember.email_index.in_(address_indexes(email))))


def members() -> list[TeamMember]:
    """The whole team, active members first, by name."""
    found = db.session.scalars(select(TeamMember).order_by(TeamMember.id))
    return sorted(found, key=lambda member: (not member.active, member.name))


def active_owners(session: Session) -> list[int]:
    """The ids of the owners who can sign in.

    No other transaction gets an answer until this one ends, so that two owners can't remove one another.
    """
    # The role is the lock: a transaction that has waited for it then reads what the other has changed.
    session.execute(select(TeamRole.id).where(TeamRole.name == "owner").with_for_update())
    owners = select(TeamMember.id).where(
        TeamMember.active, TeamMember.password.is_not(None), TeamMember.roles.any(TeamRole.name == "owner")
    )
    return list(session.scalars(owners.order_by(TeamMember.id)))
