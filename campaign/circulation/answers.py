"""What organisations answer: from their link, by the shared link, or elsewhere and written down by the team."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.circulation import texts
from campaign.circulation.contacts import Contact, contact_index, contact_of, on_record, put_on_record, seal_contact
from campaign.circulation.errors import AnsweredAlready, InvitationOver, TextMoved
from campaign.circulation.invitations import Guest, invite, write_to
from campaign.circulation.models import Answer, CirculatedText, Circulation, Invitation, Way
from campaign.core import clock
from campaign.core.ids import new_id
from campaign.organisations.queries import organisation_speaking, organisations_named
from campaign.signing.addresses import canonical, domain_of
from campaign.statements.models import Statement, Status


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was typed. `read` is the number of the text that stood above it."""

    answer: Answer
    contact: Contact
    country: str | None = None
    shown_early: bool = False
    remark: str = ""
    read: int | None = None


def invitation_for_writing(session: Session, key: uuid.UUID) -> tuple[Invitation, Circulation, Statement]:
    """An invitation that may still be answered. Raises InvitationOver."""
    invitation = session.get(Invitation, key, with_for_update=True)
    if invitation is None or invitation.over:
        raise InvitationOver
    circulation, statement = session.get_one(Circulation, invitation.statement_id), session.get_one(Statement, invitation.statement_id)
    if not takes_answers(statement) or invitation.signature_id is not None:
        raise InvitationOver
    return invitation, circulation, statement


def takes_answers(statement: Statement) -> bool:
    """True while it goes round, and afterwards while it is open: what comes then is late."""
    return Status(statement.status) in (Status.CIRCULATING, Status.OPEN)


def give(session: Session, key: uuid.UUID, given: Given) -> Invitation:
    """Take an answer, also another one in place of an earlier. Who signs gets a receipt. Raises InvitationOver, AnsweredAlready, TextMoved."""
    invitation, circulation, statement = invitation_for_writing(session, key)
    text = _text_read(session, statement.id, given)
    was_in_time = invitation.answer == Answer.SIGN and not invitation.late
    before = contact_of(invitation)
    if given.answer is Answer.SIGN:
        contact = replace(given.contact, email=before.email)
        _settle_organisation(session, invitation, contact.organisation)
        seal_contact(invitation, contact)
        invitation.country = given.country or invitation.country
        invitation.shown_early = given.shown_early
    invitation.answer, invitation.answered_at = given.answer, clock.now()
    invitation.text_id = text.id if given.answer is Answer.SIGN else None
    invitation.remark = given.remark or None
    invitation.late = given.answer is Answer.SIGN and not was_in_time and _too_late(circulation, statement)
    _end_where_it_came_from(session, invitation)
    _flush(session)
    if given.answer is Answer.SIGN:
        write_to(session, circulation, invitation, "receipt", text=_plain(text, invitation.language), sha256=text.sha256)
    return invitation


def pass_on(session: Session, key: uuid.UUID, contact: Contact) -> Invitation | None:
    """Invite a colleague in one's place; the old link lives until the colleague has answered. None when they are invited already."""
    invitation, circulation, _statement = invitation_for_writing(session, key)
    colleague = replace(contact, organisation=contact_of(invitation).organisation)
    guest = Guest(colleague, invitation.language, invitation.organisation_id, invitation.country)
    invited = invite(session, circulation, [guest], Way.FORWARDED)
    if not invited:
        return None
    invited[0].forwarded_from, invited[0].unknown = invitation.id, invitation.unknown
    session.flush()
    return invited[0]


def ask_for_link(session: Session, circulation: Circulation, contact: Contact, language: str) -> None:
    """By the shared link: send a personal one to whoever says for whom they sign. A mailbox that is not known to be theirs will be looked at."""
    index = contact_index(session, circulation.statement_id, contact.email)
    asked = select(Invitation).where(Invitation.statement_id == circulation.statement_id, Invitation.contact_index == index, ~Invitation.over)
    existing = session.scalar(asked)
    if existing is not None:
        write_to(session, circulation, existing, "invitation")
        return
    known = organisation_speaking(session, contact.organisation, domain_of(contact.email))
    organisation_id = known.id if known else _on_record_at(session, contact)
    guest = Guest(contact, language, organisation_id, known.country if known else None)
    for invitation in invite(session, circulation, [guest], Way.SHARED):
        invitation.unknown = organisation_id is None
    session.flush()


def write_down(session: Session, circulation: Circulation, contact: Contact, source: str, language: str) -> Invitation:
    """An answer that came by reply or messenger. It takes the place of the organisation's open invitation. Raises AnsweredAlready, TextMoved."""
    statement = session.get_one(Statement, circulation.statement_id)
    text = texts.newest_text(session, statement.id)
    if text is None:
        raise TextMoved
    named = organisations_named(session, contact.organisation)
    organisation_id = named[0].id if len(named) == 1 else None
    invitation = _invited_of(session, statement.id, organisation_id)
    if invitation is None:
        invitation = Invitation(
            id=new_id(), statement_id=statement.id, way=Way.BY_HAND, organisation_id=organisation_id, language=language, created_at=clock.now()
        )
        seal_contact(invitation, contact)
        invitation.country, invitation.source = named[0].country if organisation_id else None, source
        session.add(invitation)
    else:
        seal_contact(invitation, replace(contact, email=contact_of(invitation).email))
        invitation.source = source
    invitation.answer, invitation.answered_at, invitation.text_id = Answer.SIGN, clock.now(), text.id
    invitation.late = _too_late(circulation, statement)
    _flush(session)
    return invitation


def let_join(session: Session, invitation: Invitation) -> None:
    """The team has looked: a late answer counts, or a mailbox speaks for its organisation."""
    invitation.late = invitation.unknown = False
    if invitation.organisation_id is not None and contact_of(invitation).email:
        put_on_record(session, invitation.organisation_id, contact_of(invitation), invitation.language)
    session.flush()


def _too_late(circulation: Circulation, statement: Statement) -> bool:
    return clock.now() > circulation.deadline or Status(statement.status) is not Status.CIRCULATING


def _text_read(session: Session, statement_id: int, given: Given) -> CirculatedText:
    """The newest text, which who signs must have read. Raises TextMoved."""
    text = texts.newest_text(session, statement_id)
    if text is None:
        raise TextMoved
    if given.answer is Answer.SIGN and given.read not in texts.standing(session, statement_id).values():
        raise TextMoved
    return text


def _settle_organisation(session: Session, invitation: Invitation, name: str) -> None:
    """Which organisation of the registry it is, where one alone is called so."""
    if invitation.organisation_id is None:
        named = organisations_named(session, name)
        invitation.organisation_id = named[0].id if len(named) == 1 else None


def _on_record_at(session: Session, contact: Contact) -> int | None:
    for organisation in organisations_named(session, contact.organisation):
        found = on_record(session, [organisation.id]).get(organisation.id)
        if found and canonical(found[0]["email"]) == canonical(contact.email):
            return organisation.id
    return None


def _invited_of(session: Session, statement_id: int, organisation_id: int | None) -> Invitation | None:
    """The organisation's invitation that nobody has signed by. Raises AnsweredAlready."""
    if organisation_id is None:
        return None
    of_it = select(Invitation).where(Invitation.statement_id == statement_id, Invitation.organisation_id == organisation_id, ~Invitation.over)
    invitations = session.scalars(of_it.order_by(Invitation.created_at)).all()
    if any(invitation.answer == Answer.SIGN for invitation in invitations):
        raise AnsweredAlready
    return next(iter(invitations), None)


def _end_where_it_came_from(session: Session, invitation: Invitation) -> None:
    """A colleague has answered: the link that was passed on is over."""
    if invitation.forwarded_from is not None:
        passed_on = session.get(Invitation, invitation.forwarded_from, with_for_update=True)
        if passed_on is not None and passed_on.signature_id is None:
            passed_on.over = True
            session.flush()


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise AnsweredAlready from taken


def _plain(text: CirculatedText, language: str) -> str:
    said = texts.text_for(text, language)
    return f"{said.title}\n\n{said.body}"
