"""Addresses of members: sealed with the name, and found again by a keyed index."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.models import TeamMember
from campaign.core.mail_addresses import sole_address
from campaign.core.vault import vault

_PURPOSE = "address of a member"


def team_address(email: str) -> str:
    """A mail address as the team's table keeps it. Raises ValueError."""
    # Not casefold(): it makes another domain of one with ß.
    return sole_address(email).lower()


def address_index(address: str) -> bytes:
    """The index of an address under the newest key."""
    return vault().index(_PURPOSE, address)


def address_indexes(address: str) -> list[bytes]:
    """The indexes of an address under all keys, to find a member entered before a rotation."""
    return vault().indexes(_PURPOSE, address)


def seal_member(member: TeamMember, address: str, name: str) -> None:
    """Write address and name of a member, whose row has its id already."""
    member.email_index = address_index(address)
    said = {"email": address, "name": name}
    member.sealed = vault().seal_json(said, "team_members", "sealed", member.id)


def remake_indexes(session: Session) -> None:
    """Make the indexes of all addresses anew under the newest key, after the values were sealed again."""
    for member in session.scalars(select(TeamMember).with_for_update()):
        if member.email:
            member.email_index = address_index(member.email)
    session.flush()
