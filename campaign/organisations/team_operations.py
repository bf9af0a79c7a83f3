"""Writes of the team to the registry that the log keeps. Each records its entry last."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import edit_lock
from campaign.organisations import logos, operations
from campaign.organisations.audit_actions import OrganisationAction
from campaign.organisations.forms import OrganisationContent, organisation_fingerprint
from campaign.organisations.logos import DrawnLogo
from campaign.organisations.models import Organisation
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


def remove_logo(session: Session, organisation_id: int) -> None:
    """Initials in place of the logo. Repeating it is no error."""
    organisation = _locked(session, organisation_id)
    logos.remove_logo(session, organisation)
    record(session, OrganisationAction.LOGO_REMOVED, organisation.log_subject)


def log_export(session: Session) -> None:
    """The log entry for a download of the registry."""
    record(session, OrganisationAction.EXPORTED, "registry", format="csv")


def import_sheet(session: Session, plan: RegistryPlan) -> None:
    """Organisations from a sheet. Raises DomainTaken."""
    carry_out(session, plan)
    record(session, OrganisationAction.IMPORTED, "registry", new=len(plan.new), changed=len(plan.changed))


def _locked(session: Session, organisation_id: int) -> Organisation:
    return session.get_one(Organisation, organisation_id, with_for_update=True, populate_existing=True)
