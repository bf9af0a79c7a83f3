"""Queries on attack protection, and on the progress of asking earlier signers about changed demands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.extensions import db
from campaign.signatures.assents import agreed_to
from campaign.signatures.models import AskedAnew, Signature
from campaign.signing.models import Protection, ProtectionLevel
from campaign.signing.signer_mail import wants_news
from campaign.statements.queries import SigningTerms


@dataclass(frozen=True, slots=True)
class ReassentProgress:
    """The numbers of earlier signers: `asked` were sent a mail, `waiting` will be; of those asked, `agreed`
    have signed the new text.
    """

    asked: int
    waiting: int
    agreed: int


def protection_of(session: Session, statement_id: int) -> Protection | None:
    """The attack protection of a statement; None while it is off."""
    found = session.get(Protection, statement_id)
    return found if found and found.until > clock.now() else None


def level_of(session: Session, statement_id: int) -> ProtectionLevel:
    """The present level of attack protection."""
    found = protection_of(session, statement_id)
    return ProtectionLevel(found.level) if found else ProtectionLevel.OFF


def reassent_progress(terms: SigningTerms) -> ReassentProgress:
    """The progress of asking earlier signers about the latest change of demands."""
    asked = select(func.count()).select_from(AskedAnew).where(AskedAnew.revision_id == terms.demands_id)
    agreed = asked.join(Signature, Signature.id == AskedAnew.signature_id).where(agreed_to(terms.agreeing))
    waiting = select(func.count()).select_from(Signature).where(*to_ask(terms))
    return ReassentProgress(*(db.session.scalar(query) or 0 for query in (asked, waiting, agreed)))


def to_ask(terms: SigningTerms) -> tuple[ColumnElement[bool], ...]:
    """The SQL conditions for earlier signers who have yet to be asked about the latest change."""
    asked = exists().where(AskedAnew.signature_id == Signature.id, AskedAnew.revision_id == terms.demands_id)
    return (*wants_news(terms.id), ~asked, ~agreed_to(terms.agreeing))
