"""Agreement: the text that each signature on a list was given to, and the signatories who have agreed to the
present demands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from campaign.core.remembered import Remembered
from campaign.extensions import db
from campaign.signatories.long_lists import counted
from campaign.signatories.queries import SignatoryLine
from campaign.signatures.assents import agreed_to
from campaign.signatures.models import Assent, SignatoryKind, Signature
from campaign.signatures.queries import IS_LISTED
from campaign.signing.queries import ReassentProgress, reassent_progress
from campaign.statements.models import Revision
from campaign.statements.queries import SigningTerms, terms_of


class Demands(StrEnum):
    """The two parts of a list once the demands have changed: signatories who have agreed to the present
    demands, and those who signed only an earlier text.
    """

    CURRENT = "current"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class AgreementTally:
    """The numbers of organisations and of people."""

    organisations: int
    people: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """The division of a list since the demands changed with text number `since`."""

    since: int
    current: AgreementTally
    earlier: AgreementTally


def with_texts(terms: SigningTerms, lines: Sequence[SignatoryLine]) -> list[SignatoryLine]:
    """The lines, each with the number of the newest text that it was given to, and whether its demands are
    still current. At most one query.
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
    """The SQL condition for one part of the list; None for all of it, and while the demands have never
    changed.
    """
    if wanted is None or not terms.demands_changed:
        return None
    agreed = agreed_to(terms.agreeing)
    return agreed if wanted is Demands.CURRENT else ~agreed


def agreement_of(statement_id: int) -> Agreement | None:
    """The division of the list; None while the demands have never changed."""
    terms = terms_of(db.session(), statement_id)
    if not terms.demands_changed:
        return None
    key = (statement_id, terms.oldest_valid)
    return counted(_AGREEMENTS, key, statement_id, lambda: _agreement(statement_id, terms))


_AGREEMENTS: Remembered[tuple[int, int], Agreement] = Remembered("agreements", seconds=60)


def _agreement(statement_id: int, terms: SigningTerms) -> Agreement:
    everyone, agreed = _tally(statement_id), _tally(statement_id, agreed_to(terms.agreeing))
    earlier = AgreementTally(everyone.organisations - agreed.organisations, everyone.people - agreed.people)
    return Agreement(terms.oldest_valid, agreed, earlier)


def reassent_progress_of(statement_id: int) -> ReassentProgress | None:
    """The progress of asking by mail; None while the demands have never changed."""
    terms = terms_of(db.session(), statement_id)
    return reassent_progress(terms) if terms.demands_changed else None


def _tally(statement_id: int, condition: ColumnElement[bool] | None = None) -> AgreementTally:
    query = select(Signature.kind, func.count()).where(Signature.statement_id == statement_id, IS_LISTED)
    if condition is not None:
        query = query.where(condition)
    counts = {str(kind): count for kind, count in db.session.execute(query.group_by(Signature.kind)).all()}
    return AgreementTally(counts.get(SignatoryKind.ORGANISATION, 0), counts.get(SignatoryKind.PERSON, 0))


def texts_as_json(terms: SigningTerms) -> dict[str, int]:
    """The number of the text that the list belongs to, and of the first one with the same demands:
    signatories of an earlier one have not agreed to them.
    """
    return {"revision": terms.revision_number, "demands_since": terms.oldest_valid}
