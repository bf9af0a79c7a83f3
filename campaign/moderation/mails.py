"""Mails to who signed for an organisation that waits for review. They name neither the statement nor the organisation."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock, tokens
from campaign.core.language import in_language
from campaign.core.settings import settings
from campaign.core.tokens import Purpose
from campaign.core.vault import SealBroken, vault
from campaign.mailing.operations import enqueue
from campaign.moderation.models import Question
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature, State, Submission

REJECTED = "moderation/rejected"
QUESTION = "moderation/question"
_EXPIRES_AFTER = dt.timedelta(days=7)


def ask(session: Session, signature: Signature, question: str, answer_to: str, member_id: int) -> None:
    """Ask a signer something; they answer by mail to `answer_to`. Raises NotAllowed when it is decided or no address is kept."""
    if signature.state != State.REVIEW or not write(session, signature, QUESTION, question, answer_to):
        raise NotAllowed
    session.add(Question(signature_id=signature.id, member_id=member_id, asked_at=clock.now()))
    session.flush()


def write(session: Session, signature: Signature, template: str, words: str, answer_to: str = "") -> bool:
    """Promise a mail with the team's words and the link to the signer's own page. False when no address is kept."""
    address = address_of(signature)
    page = session.scalar(select(Submission.id).where(Submission.signature_id == signature.id).limit(1))
    if not address or page is None:
        return False
    link = settings().link_url + in_language(signature.language, f"/c/{tokens.issue(Purpose.SIGNATURE, page)}")
    context = {"words": words, "link": link, "answer_to": answer_to}
    expires_at = clock.now() + _EXPIRES_AFTER
    enqueue(session, template=template, language=signature.language, recipient=address, context=context, expires_at=expires_at)
    return True


def address_of(signature: Signature) -> str:
    """The address kept for the review; empty when there is none that can be read."""
    try:
        kept = signature.sealed_contact
        return vault().unseal(kept, "signatures", "sealed_contact", signature.id).decode() if kept else ""
    except SealBroken:
        return ""
