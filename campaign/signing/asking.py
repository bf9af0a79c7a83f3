"""After a change of demands: earlier signers who left an address for news are asked by mail whether they sign the new text.

The worker goes through a statement's signers in batches, in the order of their random keys. Each batch is one transaction of rows in
`asked_anew` and mails in the outbox, so nobody is asked twice and nobody is left out, whenever a worker stops or however many there are;
the outbox holds the mails until the server takes them. The cursor is only remembered in memory: a worker that starts anew begins at
the front, and finds who was asked before.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, exists, func, select, text
from sqlalchemy.orm import Session

from campaign.core import clock, tokens, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.core.http import settings
from campaign.core.language import in_language
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.mailing.operations import enqueue
from campaign.signing.assents import agreed_to
from campaign.signing.models import AskedAnew, Signature, State, Submission
from campaign.signing.operations import unsubscribe_link
from campaign.statements.models import Change, Revision, Statement, Status
from campaign.statements.queries import SigningTerms, terms_of

EVERY_SECONDS = 5.0
BATCH = 200
TEMPLATE = "signing/asked_anew"
_MAIL_EXPIRES_AFTER = dt.timedelta(days=14)
# Once all were asked: who has left an address since, or was approved, is found this much later.
_LOOK_AGAIN_AFTER = dt.timedelta(minutes=10)
# In the words of the partial index.
_WANTS_NEWS = text("signatures.wants_updates")


@dataclass(frozen=True, slots=True)
class Asking:
    """Earlier signers by mail: `asked` have a mail, `waiting` get one; of those asked, `agreed` have signed the new text."""

    asked: int
    waiting: int
    agreed: int


@dataclass(slots=True)
class _Place:
    after: uuid.UUID | None = None
    rests_until: dt.datetime | None = None


def ask_anew() -> bool:
    """Ask the next batch of each statement whose demands have changed. True when there may be more."""
    more = False
    for statement_id in db.session.scalars(_changed_statements()).all():
        terms = terms_of(db.session(), statement_id)
        place = _places().setdefault(terms.demands_id, _Place())
        if terms.is_open and terms.demands_changed and not (place.rests_until and place.rests_until > clock.now()):
            more |= _ask_batch(terms, place)
    return more


def asking_of(terms: SigningTerms) -> Asking:
    """How far the asking about the latest change of demands has come."""
    asked = select(func.count()).select_from(AskedAnew).where(AskedAnew.revision_id == terms.demands_id)
    agreed = asked.join(Signature, Signature.id == AskedAnew.signature_id).where(agreed_to(terms.agreeing))
    waiting = select(func.count()).select_from(Signature).where(*_to_ask(terms))
    return Asking(*(db.session.scalar(query) or 0 for query in (asked, waiting, agreed)))


def _changed_statements() -> Select[int]:
    changed = select(Revision.statement_id).where(Revision.change == Change.MATERIAL, Revision.published_at.is_not(None))
    return select(Statement.id).where(Statement.status == Status.OPEN, Statement.id.in_(changed)).order_by(Statement.id)


def _to_ask(terms: SigningTerms) -> tuple[ColumnElement[bool], ...]:
    asked = exists().where(AskedAnew.signature_id == Signature.id, AskedAnew.revision_id == terms.demands_id)
    # Without the way to their own page there is nothing to send: who was imported left no address here either.
    has_page = exists().where(Submission.signature_id == Signature.id)
    stands = Signature.state.in_((State.CONFIRMED, State.LISTED, State.REVIEW))
    wanted = cast(ColumnElement[bool], _WANTS_NEWS)
    return (Signature.statement_id == terms.id, wanted, stands, Signature.sealed_contact.is_not(None), has_page, ~asked, ~agreed_to(terms.agreeing))


def _ask_batch(terms: SigningTerms, place: _Place) -> bool:
    query = select(Signature.id).where(*_to_ask(terms))
    if place.after is not None:
        query = query.where(Signature.id > place.after)
    batch = db.session.scalars(query.order_by(Signature.id).limit(BATCH)).all()
    if batch:
        with writing() as session:
            _ask(session, terms, batch)
        place.after = batch[-1]
        return True
    place.after, place.rests_until = None, clock.now() + _LOOK_AGAIN_AFTER
    return False


def _ask(session: Session, terms: SigningTerms, batch: Sequence[uuid.UUID]) -> None:
    """Who withdrew, agreed or gave up the news since they were looked up is left out."""
    still = select(Signature).where(Signature.id.in_(batch), *_to_ask(terms)).order_by(Signature.id)
    pages = dict(session.execute(select(Submission.signature_id, Submission.id).where(Submission.signature_id.in_(batch))).tuples().all())
    for signature in session.scalars(still.with_for_update()).all():
        try:
            address = vault().unseal(cast(bytes, signature.sealed_contact), "signatures", "sealed_contact", signature.id).decode()
        except SealBroken:
            # Its key is gone, and with it the address.
            continue
        asked = {"signature_id": signature.id, "revision_id": terms.demands_id}
        if insert_unless_taken(session, AskedAnew.__table__, asked, ("revision_id", "signature_id")):  # type: ignore[arg-type]
            _send(session, signature, address, pages[signature.id])


def _send(session: Session, signature: Signature, address: str, page: uuid.UUID) -> None:
    """Neutral like every mail to signers: who reads their mailbox learns neither which text it is nor what it asks for (threats.md)."""
    language = signature.language
    link = settings().link_url + in_language(language, f"/c/{tokens.issue(tokens.Purpose.SIGNATURE, page)}")
    unsubscribe = unsubscribe_link(signature.id, language)
    context = {"link": link, "unsubscribe": unsubscribe}
    expires_at = clock.now() + _MAIL_EXPIRES_AFTER
    enqueue(session, template=TEMPLATE, language=language, recipient=address, context=context, expires_at=expires_at, unsubscribe=unsubscribe)


def _places() -> dict[int, _Place]:
    return cast(dict[int, _Place], current_app.extensions.setdefault("asking", {}))


def init_app(app: Flask) -> None:
    """Give the worker the asking."""
    worker.register(app, "asking", EVERY_SECONDS, ask_anew)
