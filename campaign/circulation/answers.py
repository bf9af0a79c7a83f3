"""Answers of organisations: by their own link, by the shared link, or elsewhere and recorded by the team."""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.circulation import circulated_texts, mails
from campaign.circulation.audit_actions import CirculationAction
from campaign.circulation.contacts import (
    Contact,
    contact_index,
    contact_of,
    inviter_of,
    name_index,
    on_record,
    put_on_record,
    seal_contact,
    seal_source,
)
from campaign.circulation.errors import AnsweredAlready, InvitationOver, PassedOnTooOften, TextMoved
from campaign.circulation.invitations import Guest, ask_no_more, invite, write_to
from campaign.circulation.models import Answer, CirculatedText, Circulation, Invitation, Way
from campaign.core import clock
from campaign.core.hashed_names import name_for_hash
from campaign.core.ids import new_id
from campaign.core.search import search_key
from campaign.core.vault import keyed_hash
from campaign.mailing.operations import Tally, enqueue
from campaign.organisations.models import Organisation
from campaign.organisations.queries import organisation_speaking, organisations_named
from campaign.signatures.mailbox_identity import canonical, domain_of
from campaign.statements.models import Statement, Status
from campaign.statements.queries import statement_key

# The most colleagues that one link can be passed on to.
MOST_COLLEAGUES = 5
# States in which a waiting answer may still become a signature.
JOINS = (Status.CIRCULATING, Status.OPEN, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was typed. `read` is the number of the text that stood above it."""

    answer: Answer
    contact: Contact
    country: str | None = None
    shown_early: bool = False
    remark: str = ""
    read: int | None = None
    language: str = ""


def invitation_for_writing(
    session: Session, invitation_id: uuid.UUID
) -> tuple[Invitation, Circulation, Statement]:
    """An invitation that may still be answered. Raises InvitationOver."""
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.over:
        raise InvitationOver
    circulation, statement = (
        session.get_one(Circulation, invitation.statement_id),
        session.get_one(Statement, invitation.statement_id),
    )
    if not takes_answers(statement) or invitation.signature_id is not None:
        raise InvitationOver
    return invitation, circulation, statement


def takes_answers(statement: Statement) -> bool:
    """True while the statement circulates, and afterwards while it is open: answers then are late."""
    return Status(statement.status) in (Status.CIRCULATING, Status.OPEN)


def give(session: Session, invitation_id: uuid.UUID, given: Given) -> Invitation:
    """Record an answer, also in place of an earlier one.

    Whoever signs gets a receipt. Raises InvitationOver, AnsweredAlready, TextMoved.
    """
    invitation, circulation, statement = invitation_for_writing(session, invitation_id)
    text = _text_read(session, statement.id, given)
    was_in_time = invitation.answer == Answer.SIGN and not invitation.late
    before = contact_of(invitation)
    stood = (Answer(invitation.answer), invitation.text_id, before, invitation.country)
    _settle_with_colleague(session, invitation, given.answer)

    if given.answer is Answer.SIGN:
        contact = replace(
            given.contact,
            email=before.email,
            known_as=before.known_as,
            by_team=before.by_team,
            remark=before.remark,
        )
        unknown, organisation_id = _known(session, invitation, contact)
        seal_contact(invitation, contact)
        invitation.unknown, invitation.organisation_id = unknown, organisation_id
        invitation.name_index = name_index(session, statement.id, contact.organisation)
        invitation.country = given.country or invitation.country
        invitation.shown_early = given.shown_early
    else:
        seal_contact(invitation, replace(before, remark=given.remark))

    invitation.answer, invitation.answered_at = given.answer, clock.now()
    invitation.text_id = text.id if given.answer is Answer.SIGN else None
    invitation.late = given.answer is Answer.SIGN and not was_in_time and _too_late(circulation, statement)
    _flush(session)
    ask_no_more(session, invitation)
    after = (given.answer, text.id, contact_of(invitation), invitation.country)
    # A second click needs no second receipt.
    if given.answer is Answer.SIGN and after != stood:
        signed = _plain(text, given.language or invitation.language)
        write_to(session, circulation, invitation, partial(mails.receipt, text=signed, sha256=text.sha256))

    return invitation


def pass_on(session: Session, invitation_id: uuid.UUID, contact: Contact) -> None:
    """Invite a colleague instead; the old link works until the colleague has answered.

    One who is invited already gets their own link again: so nobody learns by passing on who is invited,
    neither from the answer, nor from how often it can be done, nor from a mail that does not come.

    Raises InvitationOver, PassedOnTooOften.
    """
    invitation, circulation, _statement = invitation_for_writing(session, invitation_id)
    before = contact_of(invitation)
    # Invitations passed on before this was counted in the contact.
    linked = select(func.count()).select_from(Invitation).where(Invitation.forwarded_from == invitation.id)
    passed_on = max(before.passed_on, session.scalar(linked) or 0)
    if passed_on >= MOST_COLLEAGUES:
        raise PassedOnTooOften

    seal_contact(invitation, replace(before, passed_on=passed_on + 1))
    existing = session.scalar(_of_address(session, circulation.statement_id, contact.email))
    if existing is not None:
        _link_colleague(invitation, existing)
        session.flush()
        write_to(session, circulation, existing, mails.invitation)
        return

    colleague = replace(
        contact, organisation=before.organisation, known_as=before.known_as, by_team=before.by_team
    )
    guest = Guest(colleague, invitation.language, invitation.organisation_id, invitation.country)
    (invited,) = invite(session, circulation, [guest], Way.FORWARDED)
    invited.forwarded_from, invited.unknown = invitation.id, invitation.unknown
    session.flush()


def _of_address(session: Session, statement_id: int, email: str) -> Select[Invitation]:
    """The query for the invitation that a mailbox has, if it has one."""
    index = contact_index(session, statement_id, email)
    return select(Invitation).where(
        Invitation.statement_id == statement_id, Invitation.contact_index == index, ~Invitation.over
    )


def _link_colleague(invitation: Invitation, existing: Invitation) -> None:
    """Let the answer of a colleague of the same organisation who is invited already close this link, too."""
    same = invitation.name_index is not None and invitation.name_index == existing.name_index
    free = existing.forwarded_from is None and existing.answer == Answer.NONE
    if same and free and existing.id not in (invitation.id, invitation.forwarded_from):
        existing.forwarded_from = invitation.id


def ask_for_link(session: Session, circulation: Circulation, contact: Contact, language: str) -> None:
    """Send a personal link to somebody who came by the shared link and named their organisation.

    An answer from a mailbox not known to belong to it will be reviewed.
    """
    existing = session.scalar(_of_address(session, circulation.statement_id, contact.email))
    if existing is not None:
        write_to(session, circulation, existing, mails.invitation)
        return

    known = organisation_speaking(session, contact.organisation, domain_of(contact.email))
    organisation_id = known.id if known else _on_record_at(session, contact)
    contact = replace(contact, known_as=contact.organisation if organisation_id else "", by_team=False)
    guest = Guest(contact, language, organisation_id, known.country if known else None)
    for invitation in invite(session, circulation, [guest], Way.SHARED):
        invitation.unknown = organisation_id is None
    session.flush()


def write_down(
    session: Session,
    circulation: Circulation,
    contact: Contact,
    source: str,
    language: str,
    answer: Answer = Answer.SIGN,
) -> Invitation:
    """Record an answer that came by reply or messenger.

    It replaces the organisation's invitation, unless by that the circulating text has been signed already.
    Answers recorded by the team are never late. Raises AnsweredAlready, TextMoved.
    """
    statement = session.get_one(Statement, circulation.statement_id)
    text = circulated_texts.newest_text(session, statement.id)
    if text is None:
        raise TextMoved

    named = organisations_named(session, contact.organisation)
    organisation_id = named[0].id if len(named) == 1 else None
    index = name_index(session, statement.id, contact.organisation)
    invitation = _invited_of(session, statement.id, organisation_id, index, answer)
    contact = replace(contact, known_as=contact.organisation)

    if invitation is None:
        invitation = Invitation(
            id=new_id(),
            statement_id=statement.id,
            way=Way.BY_HAND,
            organisation_id=organisation_id,
            language=language,
            created_at=clock.now(),
        )
        seal_contact(invitation, contact)
        seal_source(invitation, source)
        invitation.country = named[0].country if organisation_id else None
        session.add(invitation)
    else:
        before = contact_of(invitation)
        person, title = (contact.person, contact.title) if contact.person else (before.person, before.title)
        said = replace(
            before,
            person=person,
            title=title,
            organisation=contact.organisation,
            known_as=contact.organisation,
            by_team=True,
        )
        # What its representative has agreed to remains valid.
        seal_contact(
            invitation,
            replace(said, show_name=contact.show_name or (before.show_name and person == before.person)),
        )
        seal_source(invitation, source)
        invitation.organisation_id = invitation.organisation_id or organisation_id

    invitation.answer, invitation.answered_at = answer, clock.now()
    invitation.text_id = text.id if answer is Answer.SIGN else None
    invitation.late, invitation.name_index = False, index
    _flush(session)
    ask_no_more(session, invitation)
    record(session, CirculationAction.ANSWER_RECORDED, f"statement:{statement.slug}")

    return invitation


def let_join(session: Session, statement: Statement, invitation: Invitation) -> None:
    """Admit an answer after review by the team: a late one, or one whose mailbox was not known to speak for
    its organisation.

    Raises InvitationOver if the list takes nobody any more, TextMoved if the answer was given to other
    demands, AnsweredAlready.
    """
    status = Status(statement.status)
    if invitation.over or invitation.answer != Answer.SIGN or status not in JOINS:
        raise InvitationOver
    if status is not Status.CIRCULATING and invitation.text_id not in circulated_texts.standing(
        session, statement.id
    ):
        raise TextMoved

    contact = contact_of(invitation)
    named = organisations_named(session, contact.organisation)
    if len(named) == 1:
        invitation.organisation_id = named[0].id
    seal_contact(invitation, replace(contact, known_as=contact.organisation, by_team=True))
    invitation.late = invitation.unknown = False
    _flush(session)
    if invitation.organisation_id is not None and contact.email:
        put_on_record(session, invitation.organisation_id, contact, invitation.language)


def send_code(session: Session, invitation_id: uuid.UUID) -> bool:
    """Send the contact on record of the organisation the code that confirms a mailbox as speaking for it.
    False if there is no contact, which whoever asks does not learn: organisations are on record because they
    were invited.

    Raises InvitationOver.
    """
    invitation, circulation, statement = invitation_for_writing(session, invitation_id)
    organisation = _organisation_with_contact(session, invitation)
    if organisation is None:
        return False

    (on_file, language) = on_record(session, [organisation.id])[organisation.id]
    contact, index = contact_of(invitation), contact_index(session, statement.id, on_file["email"]) or b""
    code = _code(session, invitation)
    mail = mails.code(
        person=contact.person,
        organisation=contact.organisation,
        inviter=inviter_of(circulation).name,
        code=f"{code[:4]} {code[4:]}",
    )
    tally = Tally(
        keyed_hash(statement_key(session, statement.id), "mails", f"code {index.hex()}").hex(), 3, 7
    )
    expires_at = clock.now() + dt.timedelta(days=3)
    to = on_file["email"]
    enqueue(session, mail, language=language, recipient=to, expires_at=expires_at, tallies=[tally])

    return True


def take_code(session: Session, invitation_id: uuid.UUID, typed: str) -> bool:
    """Check the code that the contact on record has passed on; if right, the mailbox speaks for the
    organisation. False for a wrong code.

    Raises InvitationOver, AnsweredAlready.
    """
    invitation, _circulation, _statement = invitation_for_writing(session, invitation_id)
    organisation = _organisation_with_contact(session, invitation)
    said = "".join(sign for sign in typed if sign.isdigit())
    if organisation is None or not hmac.compare_digest(said, _code(session, invitation)):
        return False
    contact = contact_of(invitation)
    seal_contact(invitation, replace(contact, known_as=contact.organisation))
    invitation.unknown, invitation.organisation_id = False, organisation.id
    _flush(session)
    return True


def _organisation_with_contact(session: Session, invitation: Invitation) -> Organisation | None:
    """The organisation named in an answer that waits because its mailbox is not known; None unless a contact
    of it is on record.
    """
    if invitation.answer != Answer.SIGN or not invitation.unknown:
        return None
    named = organisations_named(session, contact_of(invitation).organisation)
    return named[0] if len(named) == 1 and on_record(session, [named[0].id]) else None


def _code(session: Session, invitation: Invitation) -> str:
    """The code of eight digits for this mailbox and this name."""
    said = f"{invitation.id} {name_for_hash(contact_of(invitation).organisation)}"
    digest = keyed_hash(statement_key(session, invitation.statement_id), "vouch", said)
    return f"{int.from_bytes(digest[:8]) % 10**8:08}"


def _too_late(circulation: Circulation, statement: Statement) -> bool:
    return clock.now() > circulation.deadline or Status(statement.status) is not Status.CIRCULATING


def _text_read(session: Session, statement_id: int, given: Given) -> CirculatedText:
    """The number of the text that stood above the answer; a signer must have read the present demands.

    Raises TextMoved.
    """
    newest = circulated_texts.newest_text(session, statement_id)
    if newest is None:
        raise TextMoved
    if given.answer is not Answer.SIGN:
        return newest

    read = [
        text_id
        for text_id, number in circulated_texts.standing(session, statement_id).items()
        if number == given.read
    ]
    if not read:
        raise TextMoved

    return session.get_one(CirculatedText, read[0])


def _known(session: Session, invitation: Invitation, contact: Contact) -> tuple[bool, int | None]:
    """(whether the answer needs review before it counts, the organisation of the registry).

    An invited mailbox speaks for the organisation to which the invitation was sent; for another one of the
    registry only if its mail domain belongs to that.
    """
    named = [organisation.id for organisation in organisations_named(session, contact.organisation)]
    one = named[0] if len(named) == 1 else None
    if contact.known_as and search_key(contact.known_as) == search_key(contact.organisation):
        return False, invitation.organisation_id or one
    if invitation.organisation_id is not None:
        return invitation.organisation_id not in named, invitation.organisation_id
    if named:
        speaking = organisation_speaking(session, contact.organisation, domain_of(contact.email))
        return speaking is None, speaking.id if speaking else None
    return bool(contact.known_as) or not contact.by_team, None


def _on_record_at(session: Session, contact: Contact) -> int | None:
    for organisation in organisations_named(session, contact.organisation):
        found = on_record(session, [organisation.id]).get(organisation.id)
        if found and canonical(found[0]["email"]) == canonical(contact.email):
            return organisation.id
    return None


def _invited_of(
    session: Session, statement_id: int, organisation_id: int | None, index: bytes | None, answer: Answer
) -> Invitation | None:
    """The organisation's invitation, if any; for a signature, one by which nobody has signed the circulating
    text. Raises AnsweredAlready.
    """
    same = (
        [Invitation.name_index == index]
        if organisation_id is None
        else [Invitation.name_index == index, Invitation.organisation_id == organisation_id]
    )
    of_it = select(Invitation).where(
        Invitation.statement_id == statement_id, or_(*same), ~Invitation.over, ~Invitation.unknown
    )
    invitations = session.scalars(of_it.order_by(Invitation.created_at)).all()
    signed, valid = (
        [one for one in invitations if one.answer == Answer.SIGN],
        circulated_texts.standing(session, statement_id),
    )
    if answer is Answer.SIGN and any(one.text_id in valid and not one.late for one in signed):
        raise AnsweredAlready

    return next(iter([*signed, *invitations]), None)


def _settle_with_colleague(session: Session, invitation: Invitation, answer: Answer) -> None:
    """Close the link that was passed on once the colleague answers by theirs, unless it was used to sign:
    then nobody signs a second time. Raises AnsweredAlready.
    """
    if invitation.forwarded_from is None:
        return
    passed_on = session.get(Invitation, invitation.forwarded_from, with_for_update=True)
    if passed_on is None or passed_on.over:
        return
    if passed_on.answer == Answer.SIGN:
        if answer is Answer.SIGN:
            raise AnsweredAlready
        return
    passed_on.over = True
    session.flush()
    ask_no_more(session, passed_on)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise AnsweredAlready from taken


def _plain(text: CirculatedText, language: str) -> str:
    said = circulated_texts.text_for(text, language)
    return f"{said.title}\n\n{said.body}"
