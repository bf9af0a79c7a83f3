"""Mails about an update to the signers of its statement who asked for news, once the team orders them.

The worker goes through the signers in batches, in the order of their random ids. Each batch is one
transaction of rows in `update_told` and mails in the outbox, so nobody is written to twice and nobody is left
out, whenever a worker stops.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import changed_rows, insert_unless_taken, writing
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.mailing.operations import mails_left, recall_mails
from campaign.signatures.models import Signature
from campaign.signing.signer_mail import SignerMail, reached, send_to, wants_news
from campaign.statements.errors import NotOpen
from campaign.statements.models import Safety, Statement
from campaign.statements.queries import statement_page
from campaign.updates import mails
from campaign.updates.errors import NotForMail
from campaign.updates.models import Update, UpdateMailing, UpdateTold
from campaign.updates.queries import shown

EVERY_SECONDS = 5.0
BATCH = 200
# In bytes: all of it fits into the one size of mails to signers, in every script.
_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_WORDS = 90, 180, 480
# Longer than any mail waits in the outbox.
_REMEMBERED = dt.timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Mailing:
    """The progress of the mails about an update.

    Without `ordered_at` the team has not ordered them; `waiting` signers still get one. Of the `written`
    mails some are `on_way` in the outbox, and of some it is known that they `failed`, or were taken back.
    """

    ordered_at: dt.datetime | None
    ended_at: dt.datetime | None
    written: int
    waiting: int
    on_way: int = 0
    failed: int = 0
    starts_at: dt.datetime | None = None
    per_hour: int | None = None

    @property
    def mailed(self) -> int:
        """The number of mails that a server took."""
        return self.written - self.on_way - self.failed

    @property
    def to_come(self) -> bool:
        """True until its first moment."""
        return self.starts_at is not None and self.starts_at > clock.now()


def mailing_of(told: Update) -> Mailing:
    """The mailing of an update, or the one it would have."""
    found = db.session.get(UpdateMailing, told.id)
    open_still = told.statement_id is not None and (found is None or found.ended_at is None)
    waiting = (
        db.session.scalar(select(func.count()).select_from(Signature).where(*_to_tell(told)))
        if open_still
        else 0
    )
    if found is None:
        return Mailing(None, None, 0, waiting or 0)
    told_by = select(UpdateTold.mail_id).where(UpdateTold.update_id == told.id)
    handles = [mail for mail in db.session.scalars(told_by) if mail is not None]
    return Mailing(
        found.ordered_at,
        found.ended_at,
        found.written,
        waiting or 0,
        *mails_left(db.session(), handles),
        found.starts_at,
        found.per_hour,
    )


def languages_to_tell(told: Update) -> dict[str, int]:
    """The number of signers who would get a mail, by its language, most first."""
    count = func.count()
    rows = select(Signature.language, count).where(*_to_tell(told)).group_by(Signature.language)
    return dict(db.session.execute(rows.order_by(count.desc())).tuples().all())


def order_mailing(
    session: Session, told: Update, starts_at: dt.datetime | None = None, per_hour: int | None = None
) -> None:
    """Let the worker write to the signers who asked for news, from a moment on, and so many in an hour. Doing
    it twice is no error. Flushes.

    Raises NotForMail for an update that is not public, or on no statement.
    """
    if told.published_at is None or told.statement_id is None:
        raise NotForMail
    row = {
        "update_id": told.id,
        "ordered_at": clock.now(),
        "written": 0,
        "starts_at": starts_at,
        "per_hour": per_hour,
    }
    insert_unless_taken(session, UpdateMailing.__table__, row, ("update_id",))  # type: ignore[arg-type]


def call_off(session: Session, update_id: int) -> None:
    """End the mailing of an update; as if it had not been ordered where no mail was written yet."""
    mailing = session.get(UpdateMailing, update_id, with_for_update=True, populate_existing=True)
    if mailing is not None and not mailing.written:
        session.delete(mailing)
        session.flush()
        return
    stop_mailing(session, update_id)


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
        select(UpdateMailing.update_id).where(
            UpdateMailing.ended_at.is_(None),
            or_(UpdateMailing.starts_at.is_(None), UpdateMailing.starts_at <= clock.now()),
        )
    ).all():
        more |= _tell_batch(update_id)
    return more


def _tell_batch(update_id: int) -> bool:
    told = db.session.get_one(Update, update_id)
    room = _room(db.session.get_one(UpdateMailing, update_id))
    if not room:
        return False
    batch = db.session.scalars(
        select(Signature.id).where(*_to_tell(told)).order_by(Signature.id).limit(room)
    ).all()
    with writing() as session:
        mailing = session.get(UpdateMailing, update_id, with_for_update=True, populate_existing=True)
        # Otherwise it was called off since it was looked up, or another worker wrote the mails of this hour.
        if mailing is None or mailing.ended_at is not None or _room(mailing) < len(batch):
            return False
        mailing.written += _tell(session, session.get_one(Update, update_id), batch)
        mailing.ended_at = None if batch else clock.now()
    return bool(batch)


def _room(mailing: UpdateMailing) -> int:
    """The number of mails that may be written now."""
    if mailing.per_hour is None:
        return BATCH
    since = clock.now() - (mailing.starts_at or mailing.ordered_at)
    hours = since // dt.timedelta(hours=1) + 1
    return max(0, min(BATCH, mailing.per_hour * hours - mailing.written))


def _tell(session: Session, told: Update, batch: Sequence[uuid.UUID]) -> int:
    """Write the mails of a batch. Returns how many.

    A signer who can't be reached is remembered too, or would be tried for ever.
    """
    for signature_id in batch:
        row = {"update_id": told.id, "signature_id": signature_id, "mail_id": None}
        insert_unless_taken(session, UpdateTold.__table__, row, ("update_id", "signature_id"))  # type: ignore[arg-type]
    standard = _is_standard(session, told)
    said: dict[str, NamedMail | None] = {}
    sent = {}
    for signer in reached(session, batch, *_wanting(told)):
        if signer.language not in said:
            said[signer.language] = named_mail(told, signer.language)
        named = said[signer.language] if signer.listed_as is not None else None
        mail, sender = (named.mail(signer.listed_as or ""), named.sender) if named else (mails.news, "")
        sent[signer.signature_id] = send_to(session, signer, mail, sender, standard)
    for signature_id, handle in sent.items():
        session.execute(
            update(UpdateTold)
            .where(UpdateTold.update_id == told.id, UpdateTold.signature_id == signature_id)
            .values(mail_id=handle)
        )
    return len(sent)


@dataclass(frozen=True, slots=True)
class NamedMail:
    """What a mail says of an update and its statement, in one language where there are texts in it."""

    coalition: str
    statement: str
    title: str
    words: str

    @property
    def sender(self) -> str:
        """The name before our address."""
        return " · ".join(part for part in (self.coalition, self.statement) if part)

    def mail(self, name: str) -> SignerMail:
        """The function that builds the mail to a signer of this name."""
        return partial(
            mails.told,
            coalition=self.coalition,
            statement=self.statement,
            title=self.title,
            words=self.words,
            name=cut_to_bytes(name, _LONGEST_NAME),
        )


def named_mail(told: Update, language: str) -> NamedMail | None:
    """What a mail to a listed signer says; None where it has to be neutral.

    At high safety no mail has a word of the statement. What is said of a person may be taken back, which no
    mail can be.
    """
    if told.statement_id is None or told.person_id is not None or not _is_standard(db.session(), told):
        return None
    try:
        page = statement_page(told.statement_id, language)
    except NotOpen:
        return None
    news = shown(told, language)
    found = re.search(r"<p>(.*?)</p>", news.body, re.S)
    words = " ".join(news.body[found.start(1) : found.end(1)].striptags().split()) if found else ""
    coalition = page.owners[0].name if page.owners else settings().site_name
    return NamedMail(
        cut_to_bytes(coalition, _LONGEST_NAME),
        cut_to_bytes(page.title, _LONGEST_TITLE),
        cut_to_bytes(news.title, _LONGEST_TITLE),
        cut_to_bytes(words, _LONGEST_WORDS),
    )


def cut_to_bytes(text: str, most: int) -> str:
    """The text, cut at a blank where it is longer than so many bytes: every mail to a signer has one size."""
    if len(text.encode()) <= most:
        return text
    cut = text.encode()[: most - 3].decode(errors="ignore")
    return f"{cut.rpartition(' ')[0] or cut}…"


def _is_standard(session: Session, told: Update) -> bool:
    return session.get_one(Statement, told.statement_id).safety != Safety.HIGH


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
    return changed_rows(db.session.execute(gone, execution_options={"synchronize_session": False}))


def init_app(app: Flask) -> None:
    """Give the worker the mails about updates."""
    worker.register(app, "telling", EVERY_SECONDS, mail_news)
