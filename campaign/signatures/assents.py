"""The texts that a signature agreed to, and agreeing again once the demands have changed."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import insert_unless_taken
from campaign.signatures.models import Assent, Signature
from campaign.statements.differences import Piece, differences
from campaign.statements.models import Change, Revision
from campaign.statements.queries import SigningTerms, StatementPage, published_revisions


def agreed_to(revisions: Collection[int]) -> ColumnElement[bool]:
    """The SQL condition that a signature agreed to one of these revisions (ids, as in
    SigningTerms.agreeing).
    """
    return exists().where(Assent.signature_id == Signature.id, Assent.revision_id.in_(sorted(revisions)))


@dataclass(frozen=True, slots=True)
class Anew:
    """What a signer is asked to agree to: the later texts that changed the demands, and all changes since
    theirs, in one language.
    """

    demands: list[Revision]
    changes: list[Piece]


def changed_since(statement: StatementPage, terms: SigningTerms, signed: int | None) -> Anew | None:
    """The changes since the signed text (`signed` is its number); None when the demands are still the same,
    or nobody can sign any more.
    """
    if signed is None or signed >= terms.oldest_valid or not terms.is_open:
        return None
    revisions = published_revisions(statement.id)
    before, now = (
        _whole(revision, statement.language) for revision in (revisions[signed - 1], revisions[-1])
    )
    demands = [
        revision for revision in revisions if revision.number > signed and revision.change == Change.MATERIAL
    ]
    return Anew(demands, differences(before, now) if before and now else [])


def _whole(revision: Revision, language: str) -> str:
    return next(
        (f"{text.title}\n\n{text.body}" for text in revision.translations if text.language == language), ""
    )


def record_assent(session: Session, signature_id: uuid.UUID, revision_id: int) -> bool:
    """Record that a signature agrees to a revision. False if it already did."""
    agreed = {"signature_id": signature_id, "revision_id": revision_id, "day": clock.today()}
    return insert_unless_taken(session, Assent.__table__, agreed, ("signature_id", "revision_id"))  # type: ignore[arg-type]
