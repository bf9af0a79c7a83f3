"""After a change of demands: writing to those who agreed to an earlier text and left an address, once each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from campaign.core import clock, tokens, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.core.http import settings
from campaign.core.language import in_language
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.mailing.operations import enqueue
from campaign.signing.models import AskedAnew, Assent, Signature, State, Submission
from campaign.statements.models import Change, Revision, Statement, Status
from campaign.statements.queries import SigningTerms, terms_of

EVERY_SECONDS = 20.0
_AT_ONCE = 50
# After that the news is old: the signer's own page asks on.
_EXPIRES_AFTER = dt.timedelta(days=7)
_STANDING = (State.CONFIRMED, State.LISTED, State.REVIEW)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who has agreed to the demands as they stand, and who has not yet; `asked` of the latter were written to."""

    revision: int
    agreed: int
    not_yet: int
    asked: int


def agreement_of(statement_id: int) -> Agreement | None:
    """The figures for the team; None while the demands have never changed."""
    terms = terms_of(db.session(), statement_id)
    revision = _asking_revision(db.session(), terms)
    if revision is None:
        return None
    standing = select(func.count()).select_from(Signature).where(Signature.statement_id == statement_id, Signature.state.in_(_STANDING))
    agreed = db.session.scalar(standing.where(has_agreed(terms))) or 0
    total = db.session.scalar(standing) or 0
    written = select(AskedAnew.signature_id).where(AskedAnew.revision_id == revision)
    asked = db.session.scalar(standing.where(~has_agreed(terms), Signature.id.in_(written))) or 0
    return Agreement(terms.oldest_valid, agreed, total - agreed, asked)


def has_agreed(terms: SigningTerms) -> ColumnElement[bool]:
    """The condition that a signature agreed to the demands as they stand."""
    return Signature.id.in_(select(Assent.signature_id).where(Assent.revision_id.in_(terms.agreeing)))


def asked_anew(signature: Signature) -> Revision | None:
    """The text that changed the demands to which this signer has not agreed yet, while one can agree; else None."""
    terms = terms_of(db.session(), signature.statement_id)
    key = _asking_revision(db.session(), terms)
    agreed = select(Signature.id).where(Signature.id == signature.id, has_agreed(terms))
    if key is None or not terms.is_open or signature.state not in _STANDING or db.session.scalar(agreed) is not None:
        return None
    return db.session.get_one(Revision, key)


def earlier_texts(statement_id: int, positions: Sequence[int]) -> dict[int, int]:
    """Of these places of the list, those whose signers agreed to earlier demands only, with the number of the text that they read."""
    terms = terms_of(db.session(), statement_id)
    if terms.oldest_valid <= 1 or not positions:
        return {}
    read = (
        select(Signature.position, func.max(Revision.number))
        .join(Assent, Assent.signature_id == Signature.id)
        .join(Revision, Revision.id == Assent.revision_id)
        .where(Signature.statement_id == statement_id, Signature.position.in_(positions))
        .group_by(Signature.position)
    )
    return {position: number for position, number in db.session.execute(read) if position is not None and number < terms.oldest_valid}


def ask_anew() -> bool:
    """Write to the next ones. True when there may be more."""
    return any(_ask_some(statement_id) for statement_id in db.session.scalars(_changed()).all())


def _changed() -> Select[int]:
    """Open statements whose demands have changed."""
    material = select(Revision.statement_id).where(Revision.change == Change.MATERIAL, Revision.published_at.is_not(None))
    return select(Statement.id).where(Statement.status == Status.OPEN, Statement.id.in_(material)).order_by(Statement.id)


def _ask_some(statement_id: int) -> bool:
    with writing() as session:
        terms = terms_of(session, statement_id)
        revision = _asking_revision(session, terms)
        if revision is None:
            return False
        found = session.scalars(_waiting(terms, revision)).all()
        for signature in found:
            asked = {"signature_id": signature.id, "revision_id": revision}
            if insert_unless_taken(session, AskedAnew.__table__, asked, ("signature_id", "revision_id")):  # type: ignore[arg-type]
                _write(session, signature)
    return len(found) == _AT_ONCE


def _waiting(terms: SigningTerms, revision: int) -> Select[Signature]:
    asked = select(AskedAnew.signature_id).where(AskedAnew.revision_id == revision)
    reachable = (Signature.wants_updates, Signature.sealed_contact.is_not(None), Signature.state.in_(_STANDING))
    return (
        select(Signature)
        .where(Signature.statement_id == terms.id, *reachable, ~has_agreed(terms), Signature.id.not_in(asked))
        .order_by(Signature.id)
        .limit(_AT_ONCE)
    )


def _asking_revision(session: Session, terms: SigningTerms) -> int | None:
    """The key of the last text that changed the demands; None where it is the first."""
    asking = select(Revision.id).where(
        Revision.statement_id == terms.id,
        Revision.number == terms.oldest_valid,
        Revision.change == Change.MATERIAL,
        Revision.published_at.is_not(None),
    )
    return session.scalar(asking)


def _write(session: Session, signature: Signature) -> None:
    """Promise the mail. Whose address can't be opened any more is left out: the page asks."""
    way = session.scalar(select(Submission.id).where(Submission.signature_id == signature.id).limit(1))
    address = _address(signature)
    if way is None or address is None:
        return
    enqueue(
        session,
        template="signing/asked_anew",
        language=signature.language,
        recipient=address,
        context={"link": _link(way, signature.language)},
        expires_at=clock.now() + _EXPIRES_AFTER,
    )


def _link(submission: uuid.UUID, language: str) -> str:
    return settings().link_url + in_language(language, f"/c/{tokens.issue(tokens.Purpose.SIGNATURE, submission)}")


def _address(signature: Signature) -> str | None:
    if signature.sealed_contact is None:
        return None
    try:
        return vault().unseal(signature.sealed_contact, "signatures", "sealed_contact", signature.id).decode()
    except SealBroken:
        return None


def init_app(app: Flask) -> None:
    """Give the worker this job."""
    worker.register(app, "asking", EVERY_SECONDS, ask_anew)
