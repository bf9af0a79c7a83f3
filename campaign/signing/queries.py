"""What is asked of a form now, and how far earlier signers have been asked about a change of demands."""

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
    """Earlier signers by mail: `asked` have a mail, `waiting` get one; of those asked, `agreed` have signed
    the new text.
    """

    asked: int
    waiting: int
    agreed: int


def protection_of(session: Session, statement_id: int) -> Protection | None:
    """The protection that is on."""
    found = session.get(Protection, statement_id)
    return found if found and found.until > clock.now() else None


def level_of(session: Session, statement_id: int) -> ProtectionLevel:
    """How much is asked of a form now."""
    found = protection_of(session, statement_id)
    return ProtectionLevel(found.level) if found else ProtectionLevel.OFF


def reassent_progress(terms: SigningTerms) -> ReassentProgress:
    """How far the asking about the latest change of demands has come."""
    asked = select(func.count()).select_from(AskedAnew).where(AskedAnew.revision_id == terms.demands_id)
    agreed = asked.join(Signature, Signature.id == AskedAnew.signature_id).where(agreed_to(terms.agreeing))
    waiting = select(func.count()).select_from(Signature).where(*to_ask(terms))
    return ReassentProgress(*(db.session.scalar(query) or 0 for query in (asked, waiting, agreed)))


def to_ask(terms: SigningTerms) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which an earlier signer has yet to be asked about the latest change."""
    asked = exists().where(AskedAnew.signature_id == Signature.id, AskedAnew.revision_id == terms.demands_id)
    return (*wants_news(terms.id), ~asked, ~agreed_to(terms.agreeing))
