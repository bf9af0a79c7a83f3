"""Mails about a statement to signers who asked for news, at the address that is kept, sealed, for that
purpose only.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from sqlalchemy import ColumnElement, exists, select, text
from sqlalchemy.orm import Session

from campaign.core import clock, tokens
from campaign.core.language import in_language
from campaign.core.settings import settings
from campaign.core.vault import SealBroken, vault
from campaign.mailing.operations import MailContent, enqueue
from campaign.signatures.models import SignatoryKind, Signature, State, Submission, Visibility

_ON_THE_LIST = (State.CONFIRMED, State.LISTED)
_MAIL_EXPIRES_AFTER = dt.timedelta(days=14)
# Worded like the partial index, so that it is used.
_WANTS_NEWS = cast(ColumnElement[bool], text("signatures.wants_updates"))


@dataclass(frozen=True, slots=True)
class Reached:
    """A signer who can be written to, with the address unsealed.

    `page` is the id of the submission that leads to their own page.
    """

    signature_id: uuid.UUID
    language: str
    address: str
    page: uuid.UUID
    # As everyone reads it on the list; None for an entry that is not shown there.
    listed_as: str | None


class SignerMail(Protocol):
    """A function that builds a mail to a signer: `link` opens their page, `unsubscribe` ends such mails."""

    def __call__(self, *, link: str, unsubscribe: str) -> MailContent: ...


def wants_news(statement_id: int) -> tuple[ColumnElement[bool], ...]:
    """The SQL conditions for signatures of this statement whose signers asked for news and can be
    sent any.
    """
    # Without access to their own page there is nothing to send; imported signers left no address here either.
    has_page = exists().where(Submission.signature_id == Signature.id)
    stands = Signature.state.in_((State.CONFIRMED, State.LISTED, State.REVIEW))
    return (
        Signature.statement_id == statement_id,
        _WANTS_NEWS,
        stands,
        Signature.sealed_contact.is_not(None),
        has_page,
    )


def reached(
    session: Session, batch: Sequence[uuid.UUID], *conditions: ColumnElement[bool]
) -> Iterator[Reached]:
    """The signers of a batch who still meet the conditions, with their addresses, in the order of their ids,
    locked until the end of the transaction.
    """
    still = select(Signature).where(Signature.id.in_(batch), *conditions).order_by(Signature.id)
    pages = dict(
        session.execute(
            select(Submission.signature_id, Submission.id).where(Submission.signature_id.in_(batch))
        )
        .tuples()
        .all()
    )

    for signature in session.scalars(still.with_for_update()).all():
        try:
            address = vault().unseal_text(
                cast(bytes, signature.sealed_contact), "signatures", "sealed_contact", signature.id
            )
        except SealBroken:
            # Its key is gone, and with it the address.
            continue
        listed = signature.visibility == Visibility.PUBLIC and signature.state in _ON_THE_LIST
        name = (signature.name or "") if signature.kind == SignatoryKind.PERSON else ""
        page = pages[signature.id]
        yield Reached(signature.id, signature.language, address, page, name if listed else None)


def send_to(
    session: Session, signer: Reached, mail: SignerMail, sender: str = "", standard: bool = False
) -> uuid.UUID:
    """Put a mail with the link to the signer's own page into the outbox. Returns its handle.

    Neutral, unless `mail` and `sender`, the name before our address, say more: a stranger who reads the
    mailbox learns neither which text it is nor what it asks for. Where safety is `standard`, a bounce is
    found again by the handle, and counts for its mail domain.
    """
    link = settings().link_url + in_language(
        signer.language, f"/c/{tokens.issue(tokens.Purpose.SIGNATURE, signer.page)}"
    )
    unsubscribe = unsubscribe_link(signer.signature_id, signer.language)
    return enqueue(
        session,
        mail(link=link, unsubscribe=unsubscribe),
        language=signer.language,
        recipient=signer.address,
        expires_at=clock.now() + _MAIL_EXPIRES_AFTER,
        unsubscribe=unsubscribe,
        sender=sender,
        followed=standard,
        counted=standard,
    )


def unsubscribe_link(signature_id: uuid.UUID, language: str) -> str:
    """The address at which one POST ends the news to a signer, for every mail with news."""
    return settings().link_url + in_language(
        language, f"/u/{tokens.issue(tokens.Purpose.UNSUBSCRIBE, signature_id)}"
    )
