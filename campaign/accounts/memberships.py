"""The organisations that a member works for: the whole site, or some of its organisations."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.audit_actions import TeamAction
from campaign.accounts.errors import OwnerOfSite
from campaign.accounts.models import Membership, TeamMember
from campaign.accounts.permissions import ROLES_OF_SITE
from campaign.core.registration import Registry
from campaign.extensions import db

# The names of organisations by id, in the reader's language: the room above knows them.
organisation_names: Registry[Callable[[Collection[int]], dict[int, str]]] = Registry("names of organisations")


def works_for() -> dict[int, list[str]]:
    """The names of the organisations that members work for, by member, without members who work for the whole
    site.
    """
    by_member = organisations_by_member()
    everyones = {each for theirs in by_member.values() for each in theirs}
    names = {each: name for known in organisation_names.answers() for each, name in known(everyones).items()}
    return {member_id: sorted(names[each] for each in theirs) for member_id, theirs in by_member.items()}


def organisations_by_member() -> dict[int, frozenset[int]]:
    """The organisations of every member who does not work for the whole site."""
    by_member: dict[int, set[int]] = {}
    for row in db.session.scalars(select(Membership)):
        by_member.setdefault(row.member_id, set()).add(row.organisation_id)
    return {member: frozenset(organisations) for member, organisations in by_member.items()}


def work_for(session: Session, member_id: int, organisations: Collection[int]) -> None:
    """Confine a member to organisations, or let them work for the whole site when none is given.

    Raises OwnerOfSite.
    """
    member = session.get_one(TeamMember, member_id, with_for_update=True)
    if organisations and any(role.name in ROLES_OF_SITE for role in member.roles):
        raise OwnerOfSite

    session.execute(delete(Membership).where(Membership.member_id == member_id))
    session.add_all(
        Membership(member_id=member_id, organisation_id=each) for each in sorted(set(organisations))
    )
    record(
        session,
        TeamAction.ORGANISATIONS_CHANGED,
        f"member {member_id}",
        organisations=len(set(organisations)),
    )


def work_for_all(session: Session, member: TeamMember) -> None:
    """Let a member work for the whole site."""
    session.execute(delete(Membership).where(Membership.member_id == member.id))


def work_for_other(session: Session, goes: int, stays: int) -> None:
    """Let the members of one organisation work for another, with which it was merged.

    Members of either may do more than before: the log has it, and they are new as a second person.
    """
    either = select(Membership.member_id).where(Membership.organisation_id.in_((goes, stays)))
    affected = sorted(set(session.scalars(either)))
    of_both = select(Membership.member_id).where(Membership.organisation_id == stays)
    session.execute(
        delete(Membership).where(Membership.organisation_id == goes, Membership.member_id.in_(of_both))
    )
    session.execute(
        update(Membership).where(Membership.organisation_id == goes).values(organisation_id=stays)
    )
    for member_id in affected:
        theirs = select(func.count()).where(Membership.member_id == member_id)
        number = session.scalar(theirs) or 0
        record(session, TeamAction.ORGANISATIONS_CHANGED, f"member {member_id}", organisations=number)
