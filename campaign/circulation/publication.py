"""Publication: text and list together, and a kit for everyone who has signed."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.circulation import answers, circulated_texts
from campaign.circulation.audit_actions import CirculationAction
from campaign.circulation.contacts import contact_of
from campaign.circulation.errors import AnsweredAlready, NotSentRound
from campaign.circulation.models import Answer, Circulation, Invitation
from campaign.core import clock, tokens
from campaign.core.language import in_language
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.operations import register_organisation
from campaign.organisations.queries import of_country, organisations_named
from campaign.signatories.listing import fold_statement
from campaign.signatures.from_invitation import Invited, seat_invited
from campaign.signatures.models import Submission
from campaign.statements import lifecycle, operations
from campaign.statements.errors import NotFromHere
from campaign.statements.models import Statement, Status
from campaign.statements.operations import StatementText
from campaign.statements.queries import published_revisions


def publish(session: Session, statement: Statement, *, as_sent: bool = False) -> int:
    """Publish the circulated text with everyone who has signed it. Returns the number of organisations.

    With `as_sent`, the team's changes since stay a draft; without it, they raise NotSentRound. Answers that
    are late, from unknown mailboxes or to earlier demands wait. Raises NotFromHere for a statement that does
    not circulate (any more).
    """
    if Status(statement.status) is not Status.CIRCULATING:
        raise NotFromHere

    edited = _set_aside(session, statement) if as_sent else None
    circulated_texts.sent_or_refused(session, statement.id)
    revision = operations.publish(session, statement)
    joined = sum(
        join(session, statement, invitation, revision.id) for invitation in counting(session, statement.id)
    )
    circulation = session.get_one(Circulation, statement.id)
    circulation.ended_at = clock.now()
    fold_statement(session, statement.id)
    if edited:
        operations.save_draft(session, statement, edited)
    if circulation.closes_at_once:
        lifecycle.close(session, statement)
    session.flush()
    record(session, CirculationAction.PUBLISHED, f"statement:{statement.slug}", rows=joined)

    return joined


def counting(session: Session, statement_id: int) -> list[Invitation]:
    """The answers that are published with the text, in the order in which they came."""
    valid = circulated_texts.standing(session, statement_id)
    signed = select(Invitation).where(
        Invitation.statement_id == statement_id,
        Invitation.answer == Answer.SIGN,
        Invitation.text_id.in_(sorted(valid)),
        Invitation.signature_id.is_(None),
        ~Invitation.over,
        ~Invitation.late,
        ~Invitation.unknown,
    )
    return list(session.scalars(signed.order_by(Invitation.answered_at, Invitation.id)))


def signed_with_mail(statement_id: int) -> list[Invitation]:
    """The invitations of signers who can be written to."""
    signed = select(Invitation).where(
        Invitation.statement_id == statement_id,
        Invitation.answer == Answer.SIGN,
        Invitation.contact_index.is_not(None),
        ~Invitation.over,
    )
    return list(db.session.scalars(signed.order_by(Invitation.answered_at, Invitation.id)))


def join(session: Session, statement: Statement, invitation: Invitation, revision_id: int) -> bool:
    """Turn one answer into a signature of the published list.

    False if its organisation has signed already.
    """
    contact = contact_of(invitation)
    organisation_id = invitation.organisation_id or _organisation(
        session, contact.organisation, invitation, contact.website
    )
    names = {"organisation_name": contact.organisation, "website": contact.website}
    if contact.show_name:
        names |= {"name": contact.person, "title": contact.title}
    entry = Invited(
        organisation_id,
        names,
        invitation.country,
        invitation.language,
        contact.email or None,
        invitation.answered_at or clock.now(),
        by_hand=invitation.sealed_source is not None,
        logo=None if invitation.sealed_source else contact.logo,
    )
    seated = seat_invited(session, statement.id, revision_id, entry)
    if seated is None:
        return False

    # From now on the signature names the organisation, as long as it is listed: here its number would go on
    # naming one whose signature is hidden or withdrawn.
    organisation = session.get_one(Organisation, organisation_id)
    invitation.country = invitation.country or organisation.country
    invitation.organisation_id, invitation.signature_id = None, seated[0]
    session.flush()
    return True


def accept_answer(session: Session, statement: Statement, invitation: Invitation) -> None:
    """Admit an answer after review by the team: a late one, or one whose mailbox was not known to speak for
    its organisation. After publication it is listed.

    Raises InvitationOver if the list takes nobody any more, TextMoved if the answer was given to other
    demands, AnsweredAlready.
    """
    answers.let_join(session, statement, invitation)
    if not join_published(session, statement, invitation):
        raise AnsweredAlready
    record(session, CirculationAction.ANSWER_ACCEPTED, f"statement:{statement.slug}")


def note_refusal(session: Session, statement: Statement) -> None:
    """Record that an answer was not admitted because its organisation had signed: nobody tries out, without a
    trace, which organisations have signed unseen.
    """
    record(session, CirculationAction.ANSWER_REFUSED, f"statement:{statement.slug}")


def join_published(session: Session, statement: Statement, invitation: Invitation) -> bool:
    """Once the text is public, list an admitted answer for the text that it was given to.

    True if it counts now, or will on publication.
    """
    if Status(statement.status) is Status.CIRCULATING:
        return True
    sent = circulated_texts.newest_text(session, statement.id)
    as_sent = [
        revision
        for revision in published_revisions(statement.id)
        if sent is not None and revision.sha256 == sent.sha256
    ]
    if not as_sent or not join(session, statement, invitation, as_sent[0].id):
        return False
    fold_statement(session, statement.id)
    return True


def own_page(invitation: Invitation, language: str) -> str | None:
    """The link to the signature's own page after publication, where it can be corrected and withdrawn; None
    before.
    """
    if invitation.signature_id is None:
        return None
    submission_id = db.session.scalar(
        select(Submission.id).where(Submission.signature_id == invitation.signature_id).limit(1)
    )
    return signature_link(submission_id, language) if submission_id else None


def signature_link(submission_id: uuid.UUID, language: str) -> str:
    """The link of a signer's own page."""
    token = tokens.issue(tokens.Purpose.SIGNATURE, submission_id)
    return settings().link_url + in_language(language, f"/c/{token}")


def _organisation(session: Session, name: str, invitation: Invitation, website: str) -> int:
    named = of_country(organisations_named(session, name), invitation.country)
    if len(named) == 1:
        return named[0].id
    return register_organisation(
        session,
        {invitation.language: name},
        from_signature=True,
        country=invitation.country,
        website=website or None,
    ).id


def _set_aside(session: Session, statement: Statement) -> list[StatementText] | None:
    """Put the circulated text back into the draft.

    Returns the texts edited since, if any. Raises NotSentRound.
    """
    draft, sent = (
        circulated_texts.draft_of(session, statement.id),
        circulated_texts.newest_text(session, statement.id),
    )
    if draft is None or sent is None:
        raise NotSentRound
    if not circulated_texts.differs_from_draft(session, statement.id):
        return None
    edited = [StatementText(text.language, text.title, text.body) for text in draft.translations]
    operations.save_draft(session, statement, circulated_texts.texts_in(sent))
    return edited
