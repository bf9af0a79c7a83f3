"""Starting and ending a circulation, and inviting."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from flask_babel import force_locale
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.permissions import confined_to
from campaign.circulation import circulated_texts, mails
from campaign.circulation.audit_actions import CirculationAction
from campaign.circulation.contacts import (
    Contact,
    contact_index,
    contact_of,
    inviter_of,
    name_index,
    put_on_record,
    seal_contact,
    seal_inviter,
)
from campaign.circulation.errors import ListedAlready
from campaign.circulation.mails import MailFacts
from campaign.circulation.models import Answer, Circulation, Invitation, OrganisationContact, Way
from campaign.core import clock, tokens
from campaign.core.formats import moment
from campaign.core.ids import new_id
from campaign.core.language import in_language
from campaign.core.settings import settings
from campaign.core.timezones import place_name
from campaign.core.tokens import Purpose
from campaign.core.vault import keyed_hash
from campaign.extensions import db
from campaign.mailing.messages import Rendered, render
from campaign.mailing.operations import Inviter, MailContent, Tally, enqueue
from campaign.mailing.operations import recall_mails as take_back_mails
from campaign.statements import lifecycle
from campaign.statements.errors import NothingToPublish
from campaign.statements.models import Safety, Statement, Status
from campaign.statements.queries import statement_key

# A mail that the server has not taken within this time is out of date.
_MAIL_EXPIRES_AFTER = dt.timedelta(days=3)
# The most mails of each sort to one mailbox about one text within a week, whoever asks for them. One cap for
# each sort, so that requests for links leave room for the rest.
_MOST_MAILS = {"invitation": 4, "receipt": 10, "reminder": 8, "changed": 10, "kit": 2}
# A function of `mails`, with its other arguments bound.
GuestMail = Callable[[MailFacts], MailContent]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a circulation."""

    deadline: dt.datetime
    inviter: Inviter
    discreet: bool = False
    remind_days: tuple[int, ...] = ()
    closes_at_once: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """A contact to be invited."""

    contact: Contact
    language: str
    organisation_id: int | None = None
    country: str | None = None


def start(session: Session, statement: Statement, terms: Terms) -> Circulation:
    """Send the draft round. A circulation started again after a recall keeps its invitations and answers.

    Raises NothingToPublish, NotFromHere.
    """
    lifecycle.circulate(session, statement)
    circulation = session.get(Circulation, statement.id)
    if circulation is None:
        circulation = Circulation(
            statement_id=statement.id, deadline=terms.deadline, sealed=b"", started_at=clock.now()
        )
        session.add(circulation)

    circulation.ended_at = None
    _set_terms(session, circulation, terms)
    if circulated_texts.draft_of(session, statement.id) is None:
        raise NothingToPublish

    # Changes made meanwhile are sent round only once the team has said what they are.
    if circulated_texts.newest_text(session, statement.id) is None:
        circulated_texts.send_round(session, statement)
    record(session, CirculationAction.STARTED, f"statement:{statement.slug}")

    return circulation


def change_terms(session: Session, circulation: Circulation, terms: Terms) -> None:
    """Change deadline and inviter.

    Before a later deadline those who have not answered are reminded again, and answers before it are not
    late.
    """
    _set_terms(session, circulation, terms)
    record(session, CirculationAction.CHANGED, _subject(session, circulation))


def _set_terms(session: Session, circulation: Circulation, terms: Terms) -> None:
    if terms.deadline > circulation.deadline:
        for invitation in session.query(Invitation).where(
            Invitation.statement_id == circulation.statement_id
        ):
            invitation.reminded_for = None
            if invitation.answered_at is not None and invitation.answered_at <= terms.deadline:
                invitation.late = False
    circulation.deadline, circulation.discreet = terms.deadline, terms.discreet
    circulation.remind_days = ",".join(map(str, sorted(set(terms.remind_days), reverse=True)))
    circulation.closes_at_once = terms.closes_at_once
    seal_inviter(circulation, terms.inviter)
    session.flush()


def cancel_circulation(session: Session, statement: Statement) -> None:
    """Make the statement a draft again: links say so, answers are kept, and no time of publication is set.

    Raises NotFromHere.
    """
    lifecycle.recall(session, statement)
    statement.opens_at = None
    session.get_one(Circulation, statement.id).ended_at = clock.now()
    session.flush()
    record(session, CirculationAction.CANCELLED, f"statement:{statement.slug}")


def switch_shared(session: Session, circulation: Circulation, *, on: bool) -> None:
    """Switch the shared link on, each time as a new one, or off."""
    circulation.shared_id = new_id() if on else None
    session.flush()
    record(session, CirculationAction.SHARED_LINK_SWITCHED, _subject(session, circulation), on=on)


def invite_by_team(session: Session, circulation: Circulation, guests: Iterable[Guest]) -> list[Invitation]:
    """Invite each contact that the team chose or pasted, once; those already invited are skipped."""
    invited = invite(session, circulation, guests)
    record(session, CirculationAction.INVITED, _subject(session, circulation), rows=len(invited))
    return invited


def invite(
    session: Session, circulation: Circulation, guests: Iterable[Guest], way: Way = Way.MAIL
) -> list[Invitation]:
    """Invite each guest once; those already invited are skipped. About 0.6 ms each."""
    statement = session.get_one(Statement, circulation.statement_id)
    key = statement_key(session, statement.id)
    taken = {
        row[0]
        for row in session.query(Invitation.contact_index).where(
            Invitation.statement_id == statement.id, ~Invitation.over
        )
    }

    invited = []
    for guest in guests:
        index = contact_index(session, statement.id, guest.contact.email, key)
        if index in taken:
            continue
        taken.add(index)
        invited.append(_enter(session, circulation, guest, way, index, key))
        if guest.organisation_id is not None and way is Way.MAIL and confined_to() is None:
            put_on_record(session, guest.organisation_id, guest.contact, guest.language)

    session.flush()
    write_to_all(session, circulation, invited, mails.invitation)
    return invited


def withdraw(session: Session, invitation: Invitation) -> None:
    """Take an invitation back: its link says that it is over, its answer is not counted.

    Raises ListedAlready.
    """
    if invitation.signature_id is not None:
        raise ListedAlready
    invitation.over = True
    session.flush()
    ask_no_more(session, invitation)
    slug = session.get_one(Statement, invitation.statement_id).slug
    record(session, CirculationAction.INVITATION_CANCELLED, f"statement:{slug}")


def ask_no_more(session: Session, invitation: Invitation) -> None:
    """Withdraw a waiting mail that asks for an answer, once there is one or none is wanted any more."""
    if invitation.mail_id is not None:
        take_back_mails(session, [invitation.mail_id])


def write_to(session: Session, circulation: Circulation, invitation: Invitation, mail: GuestMail) -> bool:
    """Put one mail to a guest into the outbox. False for a guest without an address."""
    return write_to_all(session, circulation, [invitation], mail) == 1


def write_to_all(
    session: Session,
    circulation: Circulation,
    invitations: Iterable[Invitation],
    mail: GuestMail,
) -> int:
    """Put the same mail to each guest with an address into the outbox. Returns the number of mails."""
    statement = session.get_one(Statement, circulation.statement_id)
    inviter, key = inviter_of(circulation), statement_key(session, statement.id)

    said: dict[str, MailFacts] = {}
    written = 0
    for invitation in invitations:
        contact = contact_of(invitation)
        if not contact.email:
            continue
        if invitation.language not in said:
            said[invitation.language] = _facts(session, circulation, statement, invitation.language)
        index = contact_index(session, statement.id, contact.email, key) or b""
        facts = said[invitation.language]
        content = mail(replace(facts, organisation=contact.organisation, link=link_to(invitation)))
        tally = keyed_hash(key, "mails", f"{content.name} {index.hex()}").hex()
        mail_id = enqueue(
            session,
            content,
            language=invitation.language,
            recipient=contact.email,
            expires_at=clock.now() + _MAIL_EXPIRES_AFTER,
            tallies=[Tally(tally, _MOST_MAILS[content.name], 7)],
            inviter=None if circulation.discreet else inviter,
            followed=True,
            counted=statement.safety != Safety.HIGH,
        )
        if content.name in ("invitation", "reminder"):
            invitation.mail_id = mail_id
        written += 1

    session.flush()
    return written


def example(
    circulation: Circulation,
    statement: Statement,
    invitation: Invitation,
    mail: GuestMail,
) -> Rendered:
    """One mail as it will be read, with a link that opens nothing."""
    guest = Guest(contact_of(invitation), invitation.language)
    return example_for(circulation, statement, guest, mail)


def example_for(circulation: Circulation, statement: Statement, guest: Guest, mail: GuestMail) -> Rendered:
    """One mail as this guest would read it, with a link that opens nothing."""
    facts = _facts(db.session(), circulation, statement, guest.language)
    own = replace(facts, organisation=guest.contact.organisation, link=f"{settings().link_url}/i/…")
    return render(mail(own), guest.language)


def _facts(session: Session, circulation: Circulation, statement: Statement, language: str) -> MailFacts:
    """The facts for mails in one language, the same for every guest."""
    sent = circulated_texts.newest_text(session, statement.id)
    return MailFacts(
        title=circulated_texts.text_for(sent, language).title if sent else "",
        until=until(circulation, statement, language),
        inviter=inviter_of(circulation).name,
        discreet=circulation.discreet,
    )


def link_to(invitation: Invitation) -> str:
    """The personal link of an invitation."""
    return settings().link_url + in_language(
        invitation.language, f"/i/{tokens.issue(Purpose.CIRCULATION, invitation.id)}"
    )


def shared_link(circulation: Circulation) -> str | None:
    """The link for a closed mailing list, while it is on."""
    return (
        settings().link_url + f"/i/{tokens.issue(Purpose.SHARED_CIRCULATION, circulation.shared_id)}"
        if circulation.shared_id
        else None
    )


def until(circulation: Circulation, statement: Statement, language: str) -> str:
    """The deadline as a clock in the statement's place shows it, with the place."""
    with force_locale(language):
        return (
            f"{moment(circulation.deadline, statement.time_zone)}"
            f" ({place_name(statement.time_zone, language)})"
        )


def is_round(statement: Statement) -> bool:
    """True while the statement circulates."""
    return Status(statement.status) is Status.CIRCULATING


def _subject(session: Session, circulation: Circulation) -> str:
    return f"statement:{session.get_one(Statement, circulation.statement_id).slug}"


def _enter(
    session: Session, circulation: Circulation, guest: Guest, way: Way, index: bytes | None, key: bytes
) -> Invitation:
    invitation_id: uuid.UUID = new_id()
    invitation = Invitation(
        id=invitation_id,
        statement_id=circulation.statement_id,
        way=way,
        contact_index=index,
        name_index=name_index(session, circulation.statement_id, guest.contact.organisation, key),
        organisation_id=guest.organisation_id,
        country=guest.country,
        language=guest.language,
        created_at=clock.now(),
    )
    seal_contact(invitation, guest.contact)
    session.add(invitation)

    return invitation


def move_invitations(session: Session, *, goes: int, stays: int) -> None:
    """Transfer the invitations of one organisation to the one with which it was merged; of two signed ones
    the earlier counts.
    """
    signed = select(Invitation).where(
        Invitation.organisation_id.in_((goes, stays)), Invitation.answer == Answer.SIGN, ~Invitation.over
    )
    seen: set[int] = set()
    for invitation in session.scalars(signed.order_by(Invitation.answered_at)):
        if invitation.statement_id in seen:
            invitation.over = True
        seen.add(invitation.statement_id)

    session.flush()
    session.execute(
        update(Invitation).where(Invitation.organisation_id == goes).values(organisation_id=stays)
    )
    session.execute(delete(OrganisationContact).where(OrganisationContact.organisation_id == goes))
