"""Queries on the drive, for the team: who has answered what, from where, and what waits for a decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.circulation import circulated_texts
from campaign.circulation.contacts import Contact, contact_of, source_of
from campaign.circulation.models import Answer, Circulation, Invitation, Suggestion, SuggestionVerdict
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.queries import display_name, organisations_by_id, organisations_named
from campaign.statements.models import UNSEEN, Statement


class InvitationStanding(StrEnum):
    """The standing of an invitation, as the team counts it."""

    SIGNED = "signed"
    # Signed a text with other demands than the present ones.
    EARLIER = "earlier"
    LATE = "late"
    UNKNOWN = "unknown"
    # Signed, but its organisation was already listed when the text was published.
    DOUBLE = "double"
    BOARD = "board"
    MORE_TIME = "more time"
    DECLINED = "declined"
    SILENT = "no reply"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """An invitation in the table of the drive."""

    invitation: Invitation
    contact: Contact
    organisation: str
    country: str | None
    standing: InvitationStanding
    # Of an answer recorded by hand.
    source: str


@dataclass(frozen=True, slots=True)
class Drive:
    """The whole drive: all invitations, their number by standing, and (signed, asked) by country, the largest
    first.
    """

    asked: list[InvitedRow]
    counts: dict[str, int]
    countries: list[tuple[str | None, int, int]]
    open_suggestions: int

    @property
    def joining(self) -> int:
        """The number of organisations that would be published now."""
        return self.counts.get(InvitationStanding.SIGNED, 0)


def drive_of(statement_id: int, language: str) -> Drive:
    """The drive of a statement. About 0.1 s for 1,000 invitations, since each is sealed."""
    ended = (circulation := circulation_of(statement_id)) is not None and circulation.ended_at is not None
    public = ended and db.session.get_one(Statement, statement_id).status not in UNSEEN
    invitations = _invitations(statement_id)
    valid = circulated_texts.standing(db.session(), statement_id)
    known = organisations_by_id(
        {invitation.organisation_id for invitation in invitations if invitation.organisation_id is not None}
    )
    asked = [_asked(invitation, known, valid, language, public=public) for invitation in invitations]
    asked.sort(key=lambda one: (list(InvitationStanding).index(one.standing), one.organisation.casefold()))
    all_, signed = (
        Counter(one.country for one in asked),
        Counter(one.country for one in asked if one.standing is InvitationStanding.SIGNED),
    )
    countries = [(country, signed[country], number) for country, number in all_.most_common()]
    waiting = (
        select(Suggestion.id)
        .join(Invitation)
        .where(Invitation.statement_id == statement_id, Suggestion.verdict == SuggestionVerdict.OPEN)
    )

    return Drive(
        asked, dict(Counter(one.standing for one in asked)), countries, len(db.session.scalars(waiting).all())
    )


def standing_of(invitation: Invitation, valid: dict[int, int], *, public: bool = False) -> InvitationStanding:
    """The standing of one invitation; `public` says that the list is published."""
    if invitation.answer == Answer.SIGN:
        if invitation.unknown:
            return InvitationStanding.UNKNOWN
        if invitation.late:
            return InvitationStanding.LATE
        if invitation.signature_id is None and invitation.text_id not in valid:
            return InvitationStanding.EARLIER
        return (
            InvitationStanding.DOUBLE
            if public and invitation.signature_id is None
            else InvitationStanding.SIGNED
        )
    if invitation.answer == Answer.NONE:
        return InvitationStanding.BOUNCED if invitation.bounced else InvitationStanding.SILENT

    return {Answer.BOARD: InvitationStanding.BOARD, Answer.MORE_TIME: InvitationStanding.MORE_TIME}.get(
        Answer(invitation.answer), InvitationStanding.DECLINED
    )


def shown_early(statement_id: int) -> list[tuple[str, str | None]]:
    """(organisation, country) of those who have signed and let others who are asked see it, in alphabetical
    order.
    """
    valid = circulated_texts.standing(db.session(), statement_id)
    shown = [
        one
        for one in _invitations(statement_id)
        if one.shown_early and standing_of(one, valid) is InvitationStanding.SIGNED
    ]
    return sorted(
        ((contact_of(one).organisation, one.country) for one in shown), key=lambda pair: pair[0].casefold()
    )


def circulation_of(statement_id: int) -> Circulation | None:
    """The circulation of a statement, also one that is over."""
    return db.session.get(Circulation, statement_id)


def _invitations(statement_id: int) -> list[Invitation]:
    invitations = select(Invitation).where(Invitation.statement_id == statement_id, ~Invitation.over)
    return list(db.session.scalars(invitations.order_by(Invitation.created_at, Invitation.id)))


def _asked(
    invitation: Invitation,
    known: dict[int, Organisation],
    valid: dict[int, int],
    language: str,
    *,
    public: bool,
) -> InvitedRow:
    contact, registered = contact_of(invitation), known.get(invitation.organisation_id or 0)
    name = contact.organisation or (display_name(registered, language) if registered else "")
    country = invitation.country or (registered.country if registered else None)
    standing = standing_of(invitation, valid, public=public)
    return InvitedRow(invitation, contact, name, country, standing, source_of(invitation))


def organisations_asked(session: Session, statement_id: int) -> set[int]:
    """The organisations of the registry that are invited to a text, whatever they answered."""
    asked = select(Invitation.organisation_id).where(
        Invitation.statement_id == statement_id, ~Invitation.over, Invitation.organisation_id.is_not(None)
    )
    return {each for each in session.scalars(asked) if each is not None}


def organisations_declined(session: Session, statement_id: int) -> set[int]:
    """The organisations of the registry that declined to sign a text, also where the invitation knows them by
    their name alone.
    """
    declined = select(Invitation).where(
        Invitation.statement_id == statement_id, Invitation.answer == Answer.DECLINE
    )
    found = set[int]()
    for one in session.scalars(declined):
        if one.organisation_id is not None:
            found.add(one.organisation_id)
        elif name := contact_of(one).organisation:
            found |= {known.id for known in organisations_named(session, name)}
    return found
