"""Correspondence with signers whose organisation waits for review, at the address that is kept for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock, tokens
from campaign.core.language import in_language
from campaign.core.settings import settings
from campaign.core.tokens import Purpose
from campaign.core.vault import SealBroken, vault
from campaign.mailing.operations import MailContent, enqueue
from campaign.moderation import mails
from campaign.moderation.models import Question
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature, State, Submission

_EXPIRES_AFTER = dt.timedelta(days=7)


def ask(session: Session, signature: Signature, question: str, answer_to: str, member_id: int) -> None:
    """Send a question to a signer, who answers by mail to `answer_to`.

    Raises NotAllowed when the entry is decided or no address is kept.
    """

    def asking(link: str) -> MailContent:
        return mails.question(words=question, answer_to=answer_to, link=link)

    if signature.state != State.REVIEW or not _write(session, signature, asking, answer_to):
        raise NotAllowed
    # The day alone: the second would join the signature to the mail in a mail server's log.
    day = dt.datetime.combine(clock.today(), dt.time(), dt.UTC)
    session.add(Question(signature_id=signature.id, member_id=member_id, asked_at=day))
    session.flush()


def give_reason(session: Session, signature: Signature, reason: str) -> bool:
    """Mail a signer the reason why the entry was not accepted. False when no address is kept."""
    return _write(session, signature, lambda link: mails.rejected(words=reason, link=link))


def tell_approved(session: Session, signature: Signature) -> bool:
    """Mail a signer, once, that their entry, which waits for review, is accepted. False when they know, or
    no address is kept.

    To be called before the decision, which erases the address.
    """
    if not is_to_be_told(signature) or not _write(session, signature, lambda link: mails.approved(link=link)):
        return False
    signature.told_approved = True
    return True


def is_to_be_told(signature: Signature) -> bool:
    """True for an entry of whose approval its signer knows nothing yet."""
    return signature.state == State.REVIEW and not signature.told_approved


def _write(
    session: Session, signature: Signature, mail: Callable[[str], MailContent], answer_to: str = ""
) -> bool:
    """Promise a mail with the link to the signer's own page, whose reply goes to `answer_to`. False when no
    address is kept.
    """
    address = address_of(signature)
    page = session.scalar(select(Submission.id).where(Submission.signature_id == signature.id).limit(1))
    if not address or page is None:
        return False
    own_page = f"/c/{tokens.issue(Purpose.SIGNATURE, page)}"
    link = settings().link_url + in_language(signature.language, own_page)
    expires_at = clock.now() + _EXPIRES_AFTER
    enqueue(
        session,
        mail(link),
        language=signature.language,
        recipient=address,
        expires_at=expires_at,
        reply_to=answer_to,
    )
    return True


def address_of(signature: Signature) -> str:
    """The address kept for the review; empty when there is none that can be read."""
    try:
        kept = signature.sealed_contact
        return vault().unseal_text(kept, "signatures", "sealed_contact", signature.id) if kept else ""
    except SealBroken:
        return ""
