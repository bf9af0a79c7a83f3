"""Writes to the team: adding members, roles, leaving, and signing in."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts import invitations, memberships, passwords, sessions
from campaign.accounts.addresses import address_index, seal_member, team_address
from campaign.accounts.audit import record, record_for
from campaign.accounts.audit_actions import AccountAction, TeamAction
from campaign.accounts.errors import AddressTaken, LastOwner, OwnAccount, OwnersOnly
from campaign.accounts.grants import ROLES, ROLES_OF_SITE
from campaign.accounts.models import TeamMember, TeamRole
from campaign.accounts.queries import active_owners, member_at
from campaign.core import clock
from campaign.core.database import insert_unless_taken


def add_member(
    session: Session, email: str, name: str, role: str, password: str | None = None, language: str = "en"
) -> TeamMember:
    """Add a member to the team.

    Without a password they need an invitation. Raises AddressTaken, and ValueError for a bad address.
    """
    stored, address = passwords.hashed(password) if password else None, team_address(email)
    # Under an older key, too, which the constraint does not see.
    if member_at(address) is not None:
        raise AddressTaken
    member = TeamMember(
        sealed=b"",
        email_index=address_index(address),
        language=language,
        password=stored,
        active=True,
        calendar_key=secrets.token_hex(32),
        created_at=clock.now(),
        roles=[_role(session, role)],
    )
    session.add(member)

    try:
        session.flush()
    except IntegrityError as error:
        raise AddressTaken from error

    seal_member(member, address, name)
    record(session, TeamAction.MEMBER_ADDED, f"member {member.id}", role=role)
    return member


def change_role(session: Session, member_id: int, role: str, by: int | None = None) -> None:
    """Give a member another role; `by` is the member who does it, None for a command. Raises OwnAccount,
    OwnersOnly, LastOwner.
    """
    member = session.get_one(TeamMember, member_id)
    before = role_of(member)
    if before == role:
        return
    if by == member_id:
        raise OwnAccount
    refuse_for_owners_only(session, by, before, role)
    if role != "owner":
        _refuse_for_last_owner(session, member)
    if role in ROLES_OF_SITE:
        memberships.work_for_all(session, member)
    member.roles = [_role(session, role)]
    record(session, TeamAction.ROLE_CHANGED, f"member {member.id}", before=before, after=role)


def deactivate(session: Session, member_id: int, by: int | None = None) -> None:
    """Take all access from a member at once: sessions and open invitations end. `by`: see change_role(), and
    what it raises.
    """
    if by == member_id:
        raise OwnAccount
    member = session.get_one(TeamMember, member_id)
    refuse_for_owners_only(session, by, role_of(member))
    _refuse_for_last_owner(session, member)
    member.active = False
    invitations.end_open(session, member.id)
    sessions.end_all(session, member.id)
    record(session, TeamAction.MEMBER_DEACTIVATED, f"member {member.id}")


def activate(session: Session, member_id: int, by: int | None = None) -> None:
    """Let a member sign in again. Raises OwnersOnly."""
    member = session.get_one(TeamMember, member_id)
    refuse_for_owners_only(session, by, role_of(member))
    member.active = True
    record(session, TeamAction.MEMBER_ACTIVATED, f"member {member.id}")


def authenticate(email: str, password: str) -> TeamMember | None:
    """The active member with this address and password. Takes the same time whatever is wrong."""
    try:
        member = member_at(team_address(email))
    except ValueError:
        member = None
    able = member is not None and member.active
    fits = passwords.matches(password, member.password if member and able else None)
    return member if fits else None


def id_at(email: str) -> int:
    """The id of the active member with this address as typed; 0 for nobody."""
    try:
        member = member_at(team_address(email))
    except ValueError:
        return 0
    return member.id if member is not None and member.active else 0


def renew_hash(session: Session, member_id: int, former: str, password_hash: str) -> None:
    """Store another hash of the same password, unless a new password was set meanwhile."""
    session.execute(
        update(TeamMember)
        .where(TeamMember.id == member_id, TeamMember.password == former)
        .values(password=password_hash)
    )


def still_opens(session: Session, member_id: int, stored: str) -> bool:
    """True while the member is active and has the password hash that was compared before the transaction.

    False for nobody (0), after the same query.
    """
    member = session.get(TeamMember, member_id, with_for_update=True, populate_existing=True)
    return member is not None and member.active and (member.password or "") == stored


def is_active(session: Session, member_id: int) -> bool:
    """True for a member who may sign in."""
    member = session.get(TeamMember, member_id, with_for_update=True, populate_existing=True)
    return member is not None and member.active


def sign_in(session: Session, member_id: int, former_key: str = "") -> str:
    """Begin a session and end the previous one of this browser. Returns the key for the cookie."""
    if former_key:
        sessions.end(session, former_key)
    key = sessions.begin(session, member_id)
    record_for(session, member_id, AccountAction.SIGNED_IN, f"member {member_id}")
    return key


def sign_out(session: Session, member_id: int, key: str) -> None:
    """End the session of this browser."""
    sessions.end(session, key)
    record_for(session, member_id, AccountAction.SIGNED_OUT, f"member {member_id}")


def role_of(member: TeamMember) -> str:
    """The name of a member's role."""
    return member.roles[0].name if member.roles else "reader"


def refuse_for_owners_only(session: Session, by: int | None, *roles: str) -> None:
    """Raise OwnersOnly where the member `by` is no owner, and one of these roles, former or new, is that of
    an owner: an administrator makes nobody an owner, and takes over no owner's account. None is a command.
    """
    if by is not None and "owner" in roles and role_of(session.get_one(TeamMember, by)) != "owner":
        raise OwnersOnly


def _role(session: Session, name: str) -> TeamRole:
    if name not in ROLES:
        raise ValueError(f"no role {name}")
    insert_unless_taken(session, TeamRole.__table__, {"name": name}, ("name",))  # type: ignore[arg-type]
    return session.scalars(select(TeamRole).where(TeamRole.name == name)).one()


def _refuse_for_last_owner(session: Session, member: TeamMember) -> None:
    if active_owners(session) == [member.id]:
        raise LastOwner
