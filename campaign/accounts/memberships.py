"""The organisations that a member works for: the whole site, or some of its organisations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.audit_actions import TeamAction
from campaign.accounts.errors import OwnerOfSite
from campaign.accounts.forms import role_names
from campaign.accounts.grants import ROLES_OF_SITE
from campaign.accounts.models import PART_ROLES, Membership, StatementRole, TeamMember
from campaign.core.registration import Registry
from campaign.extensions import db

# The names of organisations by id, in the reader's language: the room above knows them.
# The statements on which a member may have a role: id and title.
statement_choices: Registry[Callable[[], list[tuple[int, str]]]] = Registry("statements to work on")
organisation_names: Registry[Callable[[Collection[int]], dict[int, str]]] = Registry("names of organisations")


def works_for() -> dict[int, list[str]]:
    """The names of the organisations and statements that members work for, each with the role where it is not
    the member's own, by member, without members who work for the whole site.
    """
    by_member: dict[int, list[str]] = {}
    confined = select(TeamMember.id).where(TeamMember.confined)
    roles, titles = role_names(), statements_to_work_on()
    for member_id in db.session.scalars(confined):
        parts = parts_of(member_id)
        names = {
            each: said
            for known in organisation_names.answers()
            for each, said in known(parts.organisations).items()
        }
        said = [
            f"{names[each]} ({roles[role]})" if role else names[each]
            for each, role in parts.organisations.items()
        ]
        said += [f"{titles.get(each, each)} ({roles[role]})" for each, role in parts.statements.items()]
        by_member[member_id] = sorted(said)
    return by_member


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a site for which a member works: the role by organisation, None where it is the member's
    own one, and the role by statement. Without any of them the member works for the whole site.
    """

    organisations: Mapping[int, str | None]
    statements: Mapping[int, str] = field(default_factory=dict)


def parts_of(member_id: int) -> Parts:
    """The organisations and statements for which a member works."""
    organisations = select(Membership.organisation_id, Membership.role)
    statements = select(StatementRole.statement_id, StatementRole.role)
    return Parts(
        dict(db.session.execute(organisations.where(Membership.member_id == member_id)).tuples().all()),
        dict(db.session.execute(statements.where(StatementRole.member_id == member_id)).tuples().all()),
    )


def statements_to_work_on() -> dict[int, str]:
    """The titles of the statements on which a member may have a role, by id, in the reader's language."""
    return {each: title for known in statement_choices.answers() for each, title in known()}


def part_role_names() -> dict[str, str]:
    """The roles for an organisation or on a statement, in the reader's language."""
    return {role: name for role, name in role_names().items() if role in PART_ROLES}


def work_for(session: Session, member_id: int, parts: Parts | Collection[int]) -> None:
    """Confine a member to parts of the site, or to organisations in the member's own role; without any they
    work for the whole site. Raises OwnerOfSite.
    """
    given = parts if isinstance(parts, Parts) else Parts(dict.fromkeys(parts))
    organisations, statements = given.organisations, given.statements
    member = session.get_one(TeamMember, member_id, with_for_update=True)
    if (organisations or statements) and any(role.name in ROLES_OF_SITE for role in member.roles):
        raise OwnerOfSite

    work_for_all(session, member)
    session.add_all(
        Membership(member_id=member_id, organisation_id=each, role=organisations[each])
        for each in sorted(organisations)
    )
    session.add_all(
        StatementRole(member_id=member_id, statement_id=each, role=role) for each, role in statements.items()
    )
    member.confined = bool(organisations or statements)
    session.flush()
    record(
        session,
        TeamAction.ORGANISATIONS_CHANGED,
        f"member {member_id}",
        organisations=len(organisations),
        statements=len(statements),
    )


def work_for_all(session: Session, member: TeamMember) -> None:
    """Let a member work for the whole site."""
    for table in (Membership, StatementRole):
        session.execute(delete(table).where(table.member_id == member.id))
    member.confined = False


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
