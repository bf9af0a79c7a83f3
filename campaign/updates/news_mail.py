"""Mails about an update to the signers of its statement who asked for news, once the team orders them.

The worker goes through the signers in batches, in the order of their random ids. Each batch is one
transaction of rows in `update_told` and mails in the outbox, so nobody is written to twice and nobody is left
out, whenever a worker stops.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.extensions import db
from campaign.mailing.operations import recall_mails
from campaign.signatures.models import Signature
from campaign.signing.signer_mail import reached, send_to, wants_news
from campaign.updates import mails
from campaign.updates.errors import NotForMail
from campaign.updates.models import Update, UpdateMailing, UpdateTold

EVERY_SECONDS = 5.0
BATCH = 200
# Longer than any mail waits in the outbox.
_REMEMBERED = dt.timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Mailing:
    """The progress of the mails about an update.

    Without `ordered_at` the team has not ordered them; `waiting` signers still get one.
    """

    ordered_at: dt.datetime | None
    ended_at: dt.datetime | None
    written: int
    waiting: int


def mailing_of(told: Update) -> Mailing:
    """The mailing of an update, or the one it would have."""
    found = db.session.get(UpdateMailing, told.id)
    open_still = told.statement_id is not None and (found is None or found.ended_at is None)
    waiting = (
        db.session.scalar(select(func.count()).select_from(Signature).where(*_to_tell(told)))
        if open_still
        else 0
    )
    return (
        Mailing(found.ordered_at, found.ended_at, found.written, waiting or 0)
        if found
        else Mailing(None, None, 0, waiting or 0)
    )


def order_mailing(session: Session, told: Update) -> None:
    """Let the worker write to the signers who asked for news. Doing it twice is no error. Flushes.

    Raises NotForMail for an update that is not public, or on no statement.
    """
    if told.published_at is None or told.statement_id is None:
        raise NotForMail
    row = {"update_id": told.id, "ordered_at": clock.now(), "written": 0}
    insert_unless_taken(session, UpdateMailing.__table__, row, ("update_id",))  # type: ignore[arg-type]


def stop_mailing(session: Session, update_id: int) -> None:
    """End the mailing of an update: mails still in the outbox are not sent. No error without a mailing."""
    mails = session.scalars(
        select(UpdateTold.mail_id).where(UpdateTold.update_id == update_id, UpdateTold.mail_id.is_not(None))
    ).all()
    recall_mails(session, [mail for mail in mails if mail is not None])
    ended = (
        update(UpdateMailing)
        .where(UpdateMailing.update_id == update_id, UpdateMailing.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    session.execute(ended, execution_options={"synchronize_session": False})


def mail_news() -> bool:
    """Write the next batch of each mailing. True when there may be more."""
    more = False
    for update_id in db.session.scalars(
        select(UpdateMailing.update_id).where(UpdateMailing.ended_at.is_(None))
    ).all():
        more |= _tell_batch(update_id)
    return more


def _tell_batch(update_id: int) -> bool:
    told = db.session.get_one(Update, update_id)
    batch = db.session.scalars(
        select(Signature.id).where(*_to_tell(told)).order_by(Signature.id).limit(BATCH)
    ).all()
    with writing() as session:
        mailing = session.get_one(UpdateMailing, update_id, with_for_update=True, populate_existing=True)
        # Otherwise it was withdrawn since it was looked up.
        if mailing.ended_at is None:
            mailing.written += _tell(session, session.get_one(Update, update_id), batch)
            mailing.ended_at = None if batch else clock.now()
    return bool(batch)


def _tell(session: Session, told: Update, batch: Sequence[uuid.UUID]) -> int:
    """Write the mails of a batch. Returns how many.

    A signer who can't be reached is remembered too, or would be tried for ever.
    """
    for signature_id in batch:
        row = {"update_id": told.id, "signature_id": signature_id, "mail_id": None}
        insert_unless_taken(session, UpdateTold.__table__, row, ("update_id", "signature_id"))  # type: ignore[arg-type]
    signers = reached(session, batch, *_wanting(told))
    sent = {signer.signature_id: send_to(session, signer, mails.news) for signer in signers}
    for signature_id, mail in sent.items():
        session.execute(
            update(UpdateTold)
            .where(UpdateTold.update_id == told.id, UpdateTold.signature_id == signature_id)
            .values(mail_id=mail)
        )
    return len(sent)


def _wanting(told: Update) -> tuple[ColumnElement[bool], ...]:
    return wants_news(told.statement_id or 0)


def _to_tell(told: Update) -> tuple[ColumnElement[bool], ...]:
    return (
        *_wanting(told),
        ~exists().where(UpdateTold.signature_id == Signature.id, UpdateTold.update_id == told.id),
    )


def purge_told() -> int:
    """Delete who was written to, once no mail about it can still be in the outbox. Returns how many."""
    over = select(UpdateMailing.update_id).where(UpdateMailing.ended_at < clock.now() - _REMEMBERED)
    gone = delete(UpdateTold).where(UpdateTold.update_id.in_(over))
    return db.session.execute(gone, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined, no-any-return]


def init_app(app: Flask) -> None:
    """Give the worker the mails about updates."""
    worker.register(app, "telling", EVERY_SECONDS, mail_news)
