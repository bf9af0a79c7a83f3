"""Writes of the team to the registry that the log keeps. Each records its entry last."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import edit_lock
from campaign.organisations import logos, networks, operations
from campaign.organisations.audit_actions import OrganisationAction
from campaign.organisations.forms import OrganisationContent, organisation_fingerprint
from campaign.organisations.logos import DrawnLogo
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.network_sheet import MembersPlan, carry_out_members
from campaign.organisations.networks import Span
from campaign.organisations.registry_sheet import RegistryPlan, carry_out


def enter(session: Session, entry: OrganisationContent) -> Organisation:
    """A new organisation in the registry. Raises DomainTaken, DomainRefused."""
    entered = operations.register_organisation(
        session, entry.names, aliases=entry.aliases, domains=entry.domains, **entry.facts
    )
    record(session, OrganisationAction.ENTERED, entered.log_subject)
    return entered


def change(session: Session, organisation_id: int, entry: OrganisationContent, read: str) -> None:
    """An organisation with a changed record.

    `read` is organisation_fingerprint() of what was read. Raises EditedMeanwhile, DomainTaken, DomainRefused.
    """
    organisation = _locked(session, organisation_id)
    edit_lock.refuse_edited(read, organisation_fingerprint(organisation))
    operations.change_organisation(
        session, organisation, entry.names, aliases=entry.aliases, domains=entry.domains, **entry.facts
    )
    record(session, OrganisationAction.CHANGED, organisation.log_subject)


def change_logo(session: Session, organisation_id: int, drawn: DrawnLogo | None, description: str) -> None:
    """Another logo; without `drawn` another description of the present one."""
    organisation = _locked(session, organisation_id)
    if drawn is not None:
        logos.change_logo(session, organisation, drawn, description)
    else:
        logos.describe_logo(session, organisation, description)
    record(session, OrganisationAction.LOGO_CHANGED, organisation.log_subject)


def remove_logo(session: Session, organisation_id: int, *, everywhere: bool = False) -> None:
    """Initials in place of the logo, on closed lists only with `everywhere`. Repeating it is no error."""
    organisation = _locked(session, organisation_id)
    logos.remove_logo(session, organisation, everywhere=everywhere)
    record(session, OrganisationAction.LOGO_REMOVED, organisation.log_subject)


def log_export(session: Session) -> None:
    """The log entry for a download of the registry."""
    record(session, OrganisationAction.EXPORTED, "registry", format="csv")


def import_sheet(session: Session, plan: RegistryPlan) -> None:
    """Organisations from a sheet. Raises DomainTaken."""
    carry_out(session, plan)
    record(session, OrganisationAction.IMPORTED, "registry", new=len(plan.new), changed=len(plan.changed))


def enter_member(session: Session, network_id: int, member_id: int, span: Span, source: str) -> None:
    """A member of a network.

    Raises NotANetwork, MembershipCircle, MemberAlready, UntilBeforeSince.
    """
    networks.enter_membership(session, network_id, member_id, span, source)
    _record_member(session, OrganisationAction.MEMBER_ENTERED, network_id, member_id)


def change_member(session: Session, membership_id: int, span: Span, source: str) -> None:
    """Other dates or another source of a membership. Raises MemberAlready, UntilBeforeSince."""
    membership = session.get_one(NetworkMembership, membership_id)
    networks.change_membership(session, membership, span, source)
    _record_member(session, OrganisationAction.MEMBER_CHANGED, membership.network_id, membership.member_id)


def remove_member(session: Session, membership_id: int) -> None:
    """A membership that was recorded by mistake. Repeating it is no error."""
    membership = session.get(NetworkMembership, membership_id, with_for_update=True)
    if membership is None:
        return
    network_id, member_id = membership.network_id, membership.member_id
    networks.remove_membership(session, membership)
    _record_member(session, OrganisationAction.MEMBER_REMOVED, network_id, member_id)


def import_members(session: Session, network_id: int, plan: MembersPlan) -> None:
    """Members of a network from a table. Raises MemberAlready, MembershipCircle, NotANetwork."""
    carry_out_members(session, network_id, plan)
    network = session.get_one(Organisation, network_id)
    counts = {"new": len(plan.new), "changed": len(plan.changed)}
    record(session, OrganisationAction.MEMBERS_IMPORTED, network.log_subject, **counts)


def _record_member(session: Session, action: OrganisationAction, network_id: int, member_id: int) -> None:
    network, member = session.get_one(Organisation, network_id), session.get_one(Organisation, member_id)
    # The log stays for good: a name that only a signature brought does not get into it.
    record(
        session, action, network.log_subject, member=str(member.id) if member.from_signature else member.slug
    )


def _locked(session: Session, organisation_id: int) -> Organisation:
    return session.get_one(Organisation, organisation_id, with_for_update=True, populate_existing=True)
