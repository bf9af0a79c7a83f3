"""To which text each signature on a list was given, and who has agreed to the demands as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from campaign.extensions import db
from campaign.signatories.queries import SignatoryLine
from campaign.signatures.assents import agreed_to
from campaign.signatures.models import Assent, SignatoryKind, Signature
from campaign.signatures.queries import IS_LISTED
from campaign.signing.queries import ReassentProgress, reassent_progress
from campaign.statements.models import Revision
from campaign.statements.queries import SigningTerms, terms_of


class Demands(StrEnum):
    """Two parts of a list, once the demands have changed: who has agreed to them as they stand, and who
    signed an earlier text alone.
    """

    CURRENT = "current"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class AgreementTally:
    """Organisations and people, each by itself."""

    organisations: int
    people: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a list divides since the demands changed with text `since`."""

    since: int
    current: AgreementTally
    earlier: AgreementTally


def with_texts(terms: SigningTerms, lines: Sequence[SignatoryLine]) -> list[SignatoryLine]:
    """The lines, each with the number of the newest text that it was given to, and whether its demands still
    stand. At most one query.
    """
    if terms.revision_number == 1:
        return [replace(line, revision=1) for line in lines]
    newest = (
        select(Signature.position, func.max(Revision.number))
        .join(Assent, Assent.signature_id == Signature.id)
        .join(Revision, Revision.id == Assent.revision_id)
        .where(Signature.statement_id == terms.id, Signature.position.in_([line.position for line in lines]))
        .group_by(Signature.position)
    )
    numbers = dict(db.session.execute(newest).tuples().all())
    given = [(line, numbers.get(line.position, 1)) for line in lines]
    return [replace(line, revision=number, earlier=number < terms.oldest_valid) for line, number in given]


def part(terms: SigningTerms, wanted: Demands | None) -> ColumnElement[bool] | None:
    """The condition for one part of the list; None for all of it, and while the demands have never
    changed.
    """
    if wanted is None or not terms.demands_changed:
        return None
    agreed = agreed_to(terms.agreeing)
    return agreed if wanted is Demands.CURRENT else ~agreed


def agreement_of(statement_id: int) -> Agreement | None:
    """How the list divides; None while the demands have never changed."""
    terms = terms_of(db.session(), statement_id)
    if not terms.demands_changed:
        return None
    everyone, agreed = _tally(statement_id), _tally(statement_id, agreed_to(terms.agreeing))
    earlier = AgreementTally(everyone.organisations - agreed.organisations, everyone.people - agreed.people)
    return Agreement(terms.oldest_valid, agreed, earlier)


def reassent_progress_of(statement_id: int) -> ReassentProgress | None:
    """How far the asking by mail has come; None while the demands have never changed."""
    terms = terms_of(db.session(), statement_id)
    return reassent_progress(terms) if terms.demands_changed else None


def _tally(statement_id: int, condition: ColumnElement[bool] | None = None) -> AgreementTally:
    query = select(Signature.kind, func.count()).where(Signature.statement_id == statement_id, IS_LISTED)
    if condition is not None:
        query = query.where(condition)
    counts = {str(kind): count for kind, count in db.session.execute(query.group_by(Signature.kind)).all()}
    return AgreementTally(counts.get(SignatoryKind.ORGANISATION, 0), counts.get(SignatoryKind.PERSON, 0))


def texts_as_json(terms: SigningTerms) -> dict[str, int]:
    """Which text the list belongs to, and the first one of the same demands: who signed an earlier one has
    not agreed to them.
    """
    return {"revision": terms.revision_number, "demands_since": terms.oldest_valid}
