"""Lost links: a request is kept sealed whatever the address, and the worker answers by mail, so that no
visitor sees what it found.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.core import clock, tokens, worker
from campaign.core.database import changed_rows, writing
from campaign.core.ids import new_id
from campaign.core.language import in_language
from campaign.core.rate import Rate
from campaign.core.settings import settings
from campaign.core.vault import SealBroken, keyed_hash, vault
from campaign.extensions import db
from campaign.mailing.operations import enqueue
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import Assent, Signature, State, Submission
from campaign.signing import mails
from campaign.signing.models import LinkRequest
from campaign.signing.submissions import mail_tally
from campaign.statements.errors import KeyDestroyed
from campaign.statements.models import Safety
from campaign.statements.queries import statement_key, terms_of

EVERY_SECONDS = 1.0
# Mails to addresses for which nothing is found, over the whole site.
STRANGERS_A_MINUTE = 20
_AT_ONCE = 200
_RATE = Rate("lost links", burst=30.0)
_EXPIRES_AFTER = dt.timedelta(days=1)


def request_link(
    session: Session, statement_id: int, email: str, language: str, *, later: bool = False
) -> None:
    """Store a request for the worker; `later`: it came without the proof of work that was asked for.

    Nothing is read, so the response can reveal nothing about the address.
    """
    request_id = new_id()
    sealed = vault().seal_text(email, "link_requests", "sealed", request_id)
    session.add(
        LinkRequest(
            id=request_id,
            statement_id=statement_id,
            language=language,
            sealed=sealed,
            expires_at=clock.now() + _EXPIRES_AFTER,
            later=later,
        )
    )
    session.flush()


def answer_requests() -> bool:
    """Answer the waiting requests by mail. For the worker; False if nothing more is waiting.

    Whoever has signed gets an answer at once. Addresses for which nothing is found, and requests without a
    proof of work where one was asked for, are answered in turn: no program sends our mails to strangers in
    numbers, and a queue of such requests holds up nobody who signed.
    """
    for request_id in _waiting(later=False, most=_AT_ONCE):
        with writing() as session:
            request = session.get(LinkRequest, request_id, with_for_update=True)
            if request is not None and not request.later:
                _answer(session, request)

    if waiting := _waiting(later=True, most=STRANGERS_A_MINUTE):
        for request_id in waiting[: _RATE.room(STRANGERS_A_MINUTE)]:
            with writing() as session:
                request = session.get(LinkRequest, request_id, with_for_update=True)
                if request is not None:
                    _answer(session, request)
    return False


def _waiting(*, later: bool, most: int) -> Sequence[uuid.UUID]:
    asked = select(LinkRequest.id).where(LinkRequest.later.is_(later))
    return db.session.scalars(asked.order_by(LinkRequest.expires_at).limit(most)).all()


def _answer(session: Session, request: LinkRequest) -> None:
    """Promise one mail, within the cap of mails about this statement, and delete the request; where nothing
    is found, put it off once.

    At high safety no link is recovered by mail.
    """
    try:
        email = vault().unseal_text(request.sealed, "link_requests", "sealed", request.id)
        key = statement_key(session, request.statement_id)
    except (SealBroken, KeyDestroyed):
        session.delete(request)
        return

    guarded = terms_of(session, request.statement_id).safety == Safety.HIGH
    found = [] if guarded else _signatures(session, request.statement_id, key, email)
    if not guarded:
        if not found and not request.later:
            request.later = True
            return
        _mail(session, request, key, email, [_way(session, signature) for signature in found])
    session.delete(request)


def _mail(session: Session, request: LinkRequest, key: bytes, email: str, ways: Sequence[uuid.UUID]) -> None:
    links = [
        settings().link_url
        + in_language(request.language, f"/c/{tokens.issue(tokens.Purpose.SIGNATURE, way)}")
        for way in ways
    ]
    enqueue(
        session,
        mails.link_again(links=links) if links else mails.no_link(),
        language=request.language,
        recipient=email,
        expires_at=request.expires_at,
        tallies=[mail_tally(key, email)],
    )


def _signatures(session: Session, statement_id: int, key: bytes, email: str) -> list[Signature]:
    mailbox = keyed_hash(key, "mailbox", canonical(email))
    mine = (
        Signature.statement_id == statement_id,
        Signature.mailbox_index == mailbox,
        Signature.state != State.WITHDRAWN,
    )
    return list(session.scalars(select(Signature).where(*mine).order_by(Signature.id)))


def _way(session: Session, signature: Signature) -> uuid.UUID:
    """The submission whose token opens the page of a signature; a new one if none is left."""
    held = session.scalar(
        select(Submission.id).where(Submission.signature_id == signature.id).order_by(Submission.id).limit(1)
    )
    if held is not None:
        return held

    revision = session.scalars(
        select(Assent.revision_id).where(Assent.signature_id == signature.id).limit(1)
    ).one()
    way = Submission(
        statement_id=signature.statement_id,
        revision_id=revision,
        language=signature.language,
        expires_at=clock.now(),
        signature_id=signature.id,
    )
    session.add(way)
    session.flush()

    return way.id


def purge_requests() -> int:
    """Delete requests left unanswered for a day."""
    over = delete(LinkRequest).where(LinkRequest.expires_at <= clock.now())
    return changed_rows(db.session.execute(over))


def init_app(app: Flask) -> None:
    """Register the job that answers requests."""
    worker.register(app, "links", EVERY_SECONDS, answer_requests)
