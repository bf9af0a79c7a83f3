"""What a member may do where: on the whole site, for some of its organisations, on single statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select

from campaign.accounts.models import Membership, StatementRole, TeamMember
from campaign.extensions import db


class Permission(StrEnum):
    """A permission of a team member."""

    WRITE_STATEMENTS = "write statements"
    MODERATE = "moderate"
    EXPORT = "export"
    MANAGE_TEAM = "manage team"
    # What describes the site itself: its name, looks, languages and keys.
    MANAGE_SITE = "manage site"
    READ = "read"
    # One's own sessions, password and second factor.
    ACCOUNT = "own account"


_READER = frozenset({Permission.READ, Permission.ACCOUNT})
# The one table of who may do what, from the widest to the narrowest role. An administrator sets the site and
# its team up and opens nothing on which signers, people or contacts stand.
ROLES: dict[str, frozenset[Permission]] = {
    "owner": frozenset(Permission),
    "administrator": frozenset({Permission.MANAGE_TEAM, Permission.MANAGE_SITE, Permission.ACCOUNT}),
    "editor": _READER | {Permission.WRITE_STATEMENTS, Permission.MODERATE, Permission.EXPORT},
    "moderator": _READER | {Permission.MODERATE},
    "exporter": _READER | {Permission.EXPORT},
    "reader": _READER,
}
# Roles that look after the whole site: nobody has one of them for some of its organisations.
ROLES_OF_SITE = frozenset({"owner", "administrator"})


@dataclass(frozen=True, slots=True)
class Grants:
    """The permissions of one member: by their own role, and for organisations and statements by their ids.

    `confined`: the own role holds nowhere else than for these.
    """

    own: frozenset[Permission]
    confined: bool
    organisations: Mapping[int, frozenset[Permission]] = field(default_factory=dict)
    statements: Mapping[int, frozenset[Permission]] = field(default_factory=dict)

    @property
    def differ(self) -> bool:
        """True where a permission depends on what it is wanted for."""
        return any(
            allowed != self.own for allowed in (*self.organisations.values(), *self.statements.values())
        )

    def anywhere(self, permission: str) -> bool:
        """True for a permission that the member has somewhere. Reading, and the own account, need no place:
        what is read is narrowed where it is read.
        """
        if permission in (self.own & _READER if self.confined else self.own):
            return True
        return any(
            permission in allowed for allowed in (*self.organisations.values(), *self.statements.values())
        )

    def organisations_for(self, permission: str) -> frozenset[int] | None:
        """The ids of the organisations for which the member has it; None for the whole site."""
        if not self.confined and permission in self.own:
            return None
        return frozenset(each for each, allowed in self.organisations.items() if permission in allowed)

    def statements_for(self, permission: str) -> frozenset[int]:
        """The ids of the statements on which the member has it by a role on that statement."""
        return frozenset(each for each, allowed in self.statements.items() if permission in allowed)


def grants_of(member: TeamMember) -> Grants:
    """What a member may do where."""
    own = frozenset[Permission]().union(*(ROLES.get(role.name, ()) for role in member.roles))
    organisations = db.session.execute(
        select(Membership.organisation_id, Membership.role).where(Membership.member_id == member.id)
    )
    statements = db.session.execute(
        select(StatementRole.statement_id, StatementRole.role).where(StatementRole.member_id == member.id)
    )
    return Grants(
        own,
        member.confined,
        {each: ROLES[role] if role else own for each, role in organisations},
        {each: ROLES[role] for each, role in statements},
    )
