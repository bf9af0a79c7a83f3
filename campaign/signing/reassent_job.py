"""After a change of demands: the job that asks earlier signers who left an address for news, by mail, whether
they sign the new text.

The worker goes through a statement's signers in batches, in the order of the random ids. Each batch is one
transaction of rows in `asked_anew` and mails in the outbox, so nobody is asked twice and nobody is left out,
whenever a worker stops or however many there are; the outbox holds the mails until the server takes them. The
cursor is kept only in memory: a restarted worker begins at the front, and skips signers who were asked
before.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.core.remembered import Remembered
from campaign.extensions import db
from campaign.signatures.models import AskedAnew, Signature
from campaign.signing import mails
from campaign.signing.queries import to_ask
from campaign.signing.signer_mail import reached, send_to
from campaign.statements.models import Change, Revision, Statement, Status
from campaign.statements.queries import SigningTerms, terms_of

EVERY_SECONDS = 5.0
BATCH = 200
# Once all were asked, signers who left an address or were approved since are found after this time.
_LOOK_AGAIN_AFTER = dt.timedelta(minutes=10)


@dataclass(slots=True)
class _Place:
    after: uuid.UUID | None = None
    rests_until: dt.datetime | None = None


# The cursors, by the id of the revision that changed the demands.
_PLACES: Remembered[int, _Place] = Remembered("reassent places", seconds=None)


def ask_anew() -> bool:
    """Ask the next batch of each statement whose demands have changed. True if there may be more."""
    more = False
    for statement_id in db.session.scalars(_changed_statements()).all():
        terms = terms_of(db.session(), statement_id)
        place = _PLACES.get(terms.demands_id) or _PLACES.put(terms.demands_id, _Place())
        if (
            terms.is_open
            and terms.demands_changed
            and not (place.rests_until and place.rests_until > clock.now())
        ):
            more |= _ask_batch(terms, place)
    return more


def _changed_statements() -> Select[int]:
    changed = select(Revision.statement_id).where(
        Revision.change == Change.MATERIAL, Revision.published_at.is_not(None)
    )
    return (
        select(Statement.id)
        .where(Statement.status == Status.OPEN, Statement.id.in_(changed))
        .order_by(Statement.id)
    )


def _ask_batch(terms: SigningTerms, place: _Place) -> bool:
    query = select(Signature.id).where(*to_ask(terms))
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
    """Ask one batch.

    Signers who withdrew, agreed or gave up the news since they were looked up are left out.
    """
    for signer in reached(session, batch, *to_ask(terms)):
        asked = {"signature_id": signer.signature_id, "revision_id": terms.demands_id}
        if insert_unless_taken(session, AskedAnew.__table__, asked, ("revision_id", "signature_id")):  # type: ignore[arg-type]
            send_to(session, signer, mails.asked_anew)


def init_app(app: Flask) -> None:
    """Register the job that asks earlier signers."""
    worker.register(app, "asking", EVERY_SECONDS, ask_anew)
