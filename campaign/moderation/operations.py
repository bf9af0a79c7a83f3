"""Deciding about what waits, one signature at a time; each decision is recorded."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.permissions import confined_to
from campaign.extensions import db
from campaign.moderation import correspondence
from campaign.moderation.models import ReportVerdict
from campaign.moderation.reports import close_reports, open_reports
from campaign.moderation.signature_table import row_of
from campaign.organisations.models import Organisation
from campaign.organisations.operations import add_domain, register_organisation
from campaign.organisations.queries import organisations_named
from campaign.signatures import states
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature, State, Visibility

Target = Organisation | None


def approve(session: Session, signature: Signature, target: Target, *, own_domain: bool = False, at_once: int = 0) -> None:
    """List an organisation as `target`; None: as a new one. Raises OrganisationSigned, NotYours, DomainTaken, DomainRefused."""
    row = row_of(signature)
    new = target is None
    organisation = target
    if new and row.visibility is not Visibility.TEAM:
        organisation = register_organisation(session, {row.language: row.organisation or ""}, country=row.country, website=row.website)
    # A domain decides over signatures on every statement, so that only who works for the organisation enters it.
    confined = confined_to()
    theirs = organisation is not None and (confined is None or (not new and organisation.id in confined))
    if organisation is not None and own_domain and row.mail_domain and theirs:
        add_domain(session, organisation, row.mail_domain)
    states.approve(session, signature, organisation)
    record(session, "organisation approved", f"signature:{signature.id}", own_domain=own_domain, **_together(at_once))


def reject(session: Session, signature: Signature, reason: str, *, at_once: int = 0) -> bool:
    """Refuse an organisation and tell its signer why. True when a mail goes out. Raises NotYours."""
    if signature.state != State.REVIEW:
        raise NotAllowed
    mailed = correspondence.give_reason(session, signature, reason)
    states.reject(session, signature, reason)
    record(session, "organisation rejected", f"signature:{signature.id}", mailed=mailed, **_together(at_once))
    return mailed


def accept(session: Session, signature: Signature, *, at_once: int = 0) -> None:
    """Find a held, hidden or reported signature genuine. Raises NotYours."""
    reported, before = bool(open_reports(session, signature)), signature.state
    if before in (State.QUARANTINED, State.HIDDEN) or not reported:
        states.accept(session, signature)
    close_reports(session, signature, ReportVerdict.DISMISSED)
    plain = "signature shown again" if before == State.HIDDEN else "signature accepted"
    record(session, "report dismissed" if reported else plain, f"signature:{signature.id}", **_together(at_once))


def invalidate(session: Session, signature: Signature, reason: str, *, at_once: int = 0) -> None:
    """Find a signature false. Raises NotYours."""
    states.invalidate(session, signature, reason)
    reported = close_reports(session, signature, ReportVerdict.UPHELD)
    record(session, "report upheld" if reported else "signature invalidated", f"signature:{signature.id}", **_together(at_once))


def likely_target(name: str) -> tuple[bool, Target]:
    """(clear, whom): the one organisation of this name, or a new one (None); not clear when the registry has several."""
    named = organisations_named(db.session(), name)
    return len(named) < 2, named[0] if len(named) == 1 else None


def _together(number: int) -> dict[str, int]:
    return {"at_once": number} if number else {}
