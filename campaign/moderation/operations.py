"""Decisions of the team on single signatures, whichever button they come from; each one is recorded."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.permissions import confined_to
from campaign.extensions import db
from campaign.moderation import correspondence, watched_names
from campaign.moderation.audit_actions import ModerationAction
from campaign.moderation.models import ReportVerdict, Watched, WatchedName
from campaign.moderation.reports import close_reports, open_reports, reopen_reports
from campaign.moderation.signature_table import row_of
from campaign.organisations.models import Organisation
from campaign.organisations.operations import add_domain, register_organisation
from campaign.organisations.queries import of_country, organisations_named
from campaign.signatures import messages, states
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature, State, Visibility

Target = Organisation | None


def approve(
    session: Session, signature: Signature, target: Target, *, own_domain: bool = False, at_once: int = 0
) -> bool:
    """List an organisation as `target` (None: as a new one), and tell its signer. True when a mail goes out.

    Raises OrganisationSigned, NotAllowed, DomainTaken, DomainRefused.
    """
    row = row_of(signature, opened=True)
    new = target is None
    organisation = target
    if new and row.visibility is not Visibility.TEAM:
        names = {row.language: row.organisation or ""}
        organisation = register_organisation(
            session, names, from_signature=True, country=row.country, website=row.website
        )

    # A domain decides about signatures on every statement, so only a member who works for the
    # organisation enters it.
    confined = confined_to()
    theirs = organisation is not None and (confined is None or (not new and organisation.id in confined))
    if organisation is not None and own_domain and row.mail_domain and theirs:
        add_domain(session, organisation, row.mail_domain)

    mailed = correspondence.tell_approved(session, signature)
    states.approve(session, signature, organisation)
    _record(session, ModerationAction.ORGANISATION_APPROVED, signature, at_once, own_domain=own_domain)
    return mailed


def note_refusal(session: Session, signature: Signature) -> None:
    """Record that an approval was refused because the organisation had signed: nobody tries out, without a
    trace, which organisations have signed unseen.
    """
    _record(session, ModerationAction.APPROVAL_REFUSED, signature)


def reject(session: Session, signature: Signature, reason: str, *, at_once: int = 0) -> bool:
    """Refuse an organisation and tell its signer why. True when a mail goes out. Raises NotAllowed."""
    if signature.state != State.REVIEW:
        raise NotAllowed
    mailed = correspondence.give_reason(session, signature, reason)
    states.reject(session, signature, reason)
    _record(session, ModerationAction.ORGANISATION_REJECTED, signature, at_once, mailed=mailed)
    return mailed


def hide(session: Session, signature: Signature) -> None:
    """Take a signature off the list until someone has looked. Raises NotAllowed."""
    states.hide(session, signature)
    _record(session, ModerationAction.SIGNATURE_HIDDEN, signature)


def accept(session: Session, signature: Signature, *, at_once: int = 0) -> None:
    """Find a held, hidden or reported signature genuine, and its reports wrong. Raises NotAllowed."""
    reported, before = bool(open_reports(session, signature)), signature.state
    if before in (State.QUARANTINED, State.HIDDEN) or not reported:
        states.accept(session, signature)
    close_reports(session, signature, ReportVerdict.DISMISSED)
    plain = (
        ModerationAction.SIGNATURE_SHOWN_AGAIN
        if before == State.HIDDEN
        else ModerationAction.SIGNATURE_ACCEPTED
    )
    _record(session, ModerationAction.REPORT_DISMISSED if reported else plain, signature, at_once)


def show_again(session: Session, signature: Signature) -> None:
    """Put a hidden signature back on the list, as genuine. Raises NotAllowed."""
    if signature.state != State.HIDDEN:
        raise NotAllowed
    accept(session, signature)


def invalidate(session: Session, signature: Signature, reason: str, *, at_once: int = 0) -> None:
    """Find a signature false, and its reports true. Raises NotAllowed."""
    states.invalidate(session, signature, reason)
    reported = close_reports(session, signature, ReportVerdict.UPHELD)
    found = ModerationAction.REPORT_UPHELD if reported else ModerationAction.SIGNATURE_INVALIDATED
    _record(session, found, signature, at_once)


def undo_rejection(session: Session, signature: Signature) -> None:
    """Let a rejected organisation wait for review again. Raises NotAllowed, OrganisationSigned."""
    if signature.state != State.REJECTED:
        raise NotAllowed
    undo_decision(session, signature, State.REVIEW)


def undo_decision(
    session: Session,
    signature: Signature,
    before: State,
    decided_at: dt.datetime | None = None,
    *,
    at_once: int = 0,
) -> None:
    """Put a signature back to the state before a decision, and open the reports that it decided.

    Raises NotAllowed, OrganisationSigned, KeyDestroyed.
    """
    rejected = signature.state == State.REJECTED
    states.put_back(session, signature, before)
    if decided_at is not None:
        reopen_reports(session, signature, decided_at)
    undone = ModerationAction.REJECTION_UNDONE if rejected else ModerationAction.DECISION_UNDONE
    _record(session, undone, signature, at_once)


def decide_message(session: Session, signature: Signature, read: str, *, show: bool) -> None:
    """Publish a held message, or delete it; `read` is the mark of the one that was read.

    Raises NotAllowed.
    """
    messages.decide_message(session, signature, read, show=show)
    done = ModerationAction.MESSAGE_SHOWN if show else ModerationAction.MESSAGE_DELETED
    _record(session, done, signature)


def ask(session: Session, signature: Signature, question: str, answer_to: str, member_id: int) -> None:
    """Ask a signer something; they answer by mail to `answer_to`. Raises NotAllowed."""
    correspondence.ask(session, signature, question, answer_to, member_id)
    _record(session, ModerationAction.QUESTION_ASKED, signature)


def watch(session: Session, kind: Watched, name: str) -> bool:
    """Enter a name to be watched; False when it is there already, in whatever spelling."""
    entered = watched_names.watch(session, kind, name)
    if entered:
        record(session, ModerationAction.NAME_WATCHED, f"watched:{kind}")
    return entered


def watch_no_longer(session: Session, watched: WatchedName) -> None:
    """Remove a watched name."""
    kind = watched.kind
    watched_names.watch_no_longer(session, watched)
    record(session, ModerationAction.NAME_NO_LONGER_WATCHED, f"watched:{kind}")


def likely_target(name: str, country: str | None = None) -> tuple[bool, Target]:
    """(clear, target): the one organisation of this name, or None for a new one.

    Not clear when the registry has several of the name, of which not one alone is of this country, or when
    its one is of another country.
    """
    named = of_country(organisations_named(db.session(), name), country)
    elsewhere = any(country and found.country and found.country != country for found in named)
    return len(named) < 2 and not elsewhere, named[0] if len(named) == 1 and not elsewhere else None


def _record(
    session: Session, action: ModerationAction, signature: Signature, at_once: int = 0, **details: object
) -> None:
    together = {"at_once": at_once} if at_once else {}
    record(session, action, f"signature:{signature.id}", **details, **together)
