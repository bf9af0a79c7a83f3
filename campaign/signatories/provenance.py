"""The provenance of a list in numbers: how names were collected, which were reviewed, how many were removed.

People and organisations are counted separately. Reports of false names are counted by moderation.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from campaign.extensions import db
from campaign.signatures.models import Provenance, SignatoryKind, Signature, State, Visibility
from campaign.signatures.queries import IS_LISTED

# Signatures rejected in review were never on the list.
_REMOVED_STATES = (State.HIDDEN, State.INVALIDATED)


@dataclass(frozen=True, slots=True)
class Both:
    """A number of organisations and one of people, never added up."""

    organisations: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """A source of names collected elsewhere: the kind, the day, and what is known of the originals."""

    source: str
    day: dt.date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ListProvenance:
    """The provenance of a list.

    `imported` has each source with the numbers from it; `removed` maps the day to the number removed as
    false.
    """

    confirmed: Both
    invited: Both
    by_hand: Both
    imported: list[tuple[Collected, Both]]
    reviewed: int
    named: Both
    counted: Both
    removed: list[tuple[dt.date, int]]
    undated: int


def provenance_of(statement_id: int) -> ListProvenance:
    """The provenance of one statement's list."""
    ways: dict[tuple[str, Collected | None], Counter[str]] = {}
    shown: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    grouped = (
        Signature.kind,
        Signature.provenance,
        Signature.source,
        Signature.collected_on,
        Signature.evidence,
        Signature.visibility,
    )

    listed = (
        select(*grouped, func.count())
        .where(Signature.statement_id == statement_id, IS_LISTED)
        .group_by(*grouped)
    )
    for kind, provenance, source, day, evidence, visibility, count in db.session.execute(listed):
        of = Collected(source or "", day, evidence or "") if provenance == Provenance.IMPORTED else None
        ways.setdefault((provenance, of), Counter())[kind] += count
        shown[visibility == Visibility.PUBLIC][kind] += count

    imported = sorted(
        ((of, _both(count)) for (_provenance, of), count in ways.items() if of),
        key=lambda pair: (pair[0].source, str(pair[0].day), pair[0].evidence),
    )
    days, undated = _removed(statement_id)

    return ListProvenance(
        _both(ways.get((Provenance.WEB, None), Counter())),
        _both(ways.get((Provenance.INVITED, None), Counter())),
        _both(ways.get((Provenance.BY_HAND, None), Counter())),
        imported,
        _reviewed(statement_id),
        _both(shown[True]),
        _both(shown[False]),
        days,
        undated,
    )


def _both(count: Counter[str]) -> Both:
    return Both(count[SignatoryKind.ORGANISATION], count[SignatoryKind.PERSON])


def _reviewed(statement_id: int) -> int:
    """The number of organisations on the list that a team member has approved."""
    approved = (Signature.statement_id == statement_id, Signature.approved_on.is_not(None), IS_LISTED)
    return db.session.scalar(select(func.count()).select_from(Signature).where(*approved)) or 0


def _removed(statement_id: int) -> tuple[list[tuple[dt.date, int]], int]:
    """The numbers removed by day (UTC), and the number removed on an unknown day.

    The second one of a merged organisation has a reason and no day: it was not false, and its organisation is
    on the list.
    """
    undated = or_(Signature.state == State.HIDDEN, Signature.sealed_reason.is_(None))
    off = (Signature.statement_id == statement_id, Signature.state.in_(_REMOVED_STATES))
    removed = (*off, or_(Signature.removed_on.is_not(None), undated))
    by_day = select(Signature.removed_on, func.count()).where(*removed).group_by(Signature.removed_on)
    days = dict(db.session.execute(by_day).tuples().all())
    unknown = days.pop(None, 0)
    return sorted((day, count) for day, count in days.items() if day), unknown
