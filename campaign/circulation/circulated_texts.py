"""Circulated texts: each is a copy of the draft as it was sent round, never changed afterwards, and followed
by the next one.
"""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.circulation.audit_actions import CirculationAction
from campaign.circulation.errors import NotSentRound
from campaign.circulation.models import CirculatedText
from campaign.core import clock
from campaign.extensions import db
from campaign.statements.errors import NothingToPublish
from campaign.statements.models import Change, Revision, Statement
from campaign.statements.operations import StatementText, revision_digest


def send_round(
    session: Session, statement: Statement, change: Change = Change.MATERIAL, note: str = ""
) -> CirculatedText:
    """Send the present draft round; the first text is `first` whatever `change` says. Repeating it without a
    change is no error.

    Raises NothingToPublish.
    """
    draft, before = draft_of(session, statement.id), newest_text(session, statement.id)
    if draft is None or not draft.translations:
        raise NothingToPublish

    sha256 = revision_digest(draft)
    if before is not None and before.sha256 == sha256:
        return before
    sent = CirculatedText(
        statement_id=statement.id,
        number=before.number + 1 if before else 1,
        change=change if before else Change.FIRST,
        note=note,
        texts=json.dumps(
            [[text.language, text.title, text.body] for text in draft.translations], ensure_ascii=False
        ),
        sha256=sha256,
        sent_at=clock.now(),
    )
    session.add(sent)
    session.flush()
    if before is not None:
        # The first one is recorded as the start of the circulation.
        subject = f"statement:{statement.slug}"
        record(session, CirculationAction.TEXT_SENT, subject, text=sent.number, change=str(sent.change))

    return sent


def draft_of(session: Session, statement_id: int) -> Revision | None:
    """The draft that the team edits while a text circulates."""
    return session.scalar(
        select(Revision).where(Revision.statement_id == statement_id, Revision.published_at.is_(None))
    )


def newest_text(session: Session, statement_id: int) -> CirculatedText | None:
    """The text that circulates now; None if nothing was sent."""
    return session.scalar(
        select(CirculatedText)
        .where(CirculatedText.statement_id == statement_id)
        .order_by(CirculatedText.number.desc())
        .limit(1)
    )


def all_texts(statement_id: int) -> list[CirculatedText]:
    """All circulated texts, the newest first."""
    texts = select(CirculatedText).where(CirculatedText.statement_id == statement_id)
    return list(db.session.scalars(texts.order_by(CirculatedText.number.desc())))


def standing(session: Session, statement_id: int) -> dict[int, int]:
    """The numbers of the texts with the newest demands, by id.

    A signature under one of them counts for the newest.
    """
    texts = session.scalars(
        select(CirculatedText)
        .where(CirculatedText.statement_id == statement_id)
        .order_by(CirculatedText.number)
    ).all()
    since = max((text.number for text in texts if text.change != Change.EDITORIAL), default=0)
    return {text.id: text.number for text in texts if text.number >= since}


def texts_in(circulated: CirculatedText) -> list[StatementText]:
    """The translations of a circulated text, the original first."""
    return [StatementText(*parts) for parts in json.loads(circulated.texts)]


def text_for(circulated: CirculatedText, language: str) -> StatementText:
    """The translation in `language`, else the original."""
    texts = texts_in(circulated)
    return next((text for text in texts if text.language == language), texts[0])


def differs_from_draft(session: Session, statement_id: int) -> bool:
    """True if the draft has changes that were not sent round yet."""
    draft, sent = draft_of(session, statement_id), newest_text(session, statement_id)
    return draft is not None and (sent is None or revision_digest(draft) != sent.sha256)


def sent_or_refused(session: Session, statement_id: int) -> CirculatedText:
    """The text that circulates now. Raises NotSentRound if the draft differs from it."""
    sent = newest_text(session, statement_id)
    if sent is None or differs_from_draft(session, statement_id):
        raise NotSentRound
    return sent
