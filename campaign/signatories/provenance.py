"""How a list was made, in numbers: by which way names came, who looked at them, what was removed. People and organisations stay apart."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from campaign.accounts.models import AuditEntry
from campaign.extensions import db
from campaign.signatures.models import Provenance, SignatoryKind, Signature, State, Visibility
from campaign.signatures.queries import IS_LISTED

_REMOVED = ("signature hidden", "signature reported", "report upheld", "signature invalidated")
_REPORTS = ("signature reported", "report upheld", "report dismissed")
# Who was rejected at the review never stood on the list.
_REMOVED_STATES = (State.HIDDEN, State.INVALIDATED)


@dataclass(frozen=True, slots=True)
class Both:
    """A number of organisations and one of people, never added."""

    organisations: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """On what names were collected elsewhere, when, and what is known of the originals."""

    source: str
    day: dt.date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Reports:
    """Signatures that somebody reported as false: all, those that were, and those that were not. The rest wait."""

    reported: int = 0
    upheld: int = 0
    dismissed: int = 0


@dataclass(frozen=True, slots=True)
class ListProvenance:
    """`imported` has each source with what came from there; `removed` maps the day to how many were taken off as false."""

    confirmed: Both
    invited: Both
    by_hand: Both
    imported: list[tuple[Collected, Both]]
    reviewed: int
    named: Both
    counted: Both
    removed: list[tuple[dt.date, int]]
    undated: int
    reports: Reports


def provenance_of(statement_id: int) -> ListProvenance:
    """All of it for one statement."""
    ways: dict[tuple[str, Collected | None], Counter[str]] = {}
    shown: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    grouped = (Signature.kind, Signature.provenance, Signature.source, Signature.collected_on, Signature.evidence, Signature.visibility)
    listed = select(*grouped, func.count()).where(Signature.statement_id == statement_id, IS_LISTED).group_by(*grouped)
    for kind, provenance, source, day, evidence, visibility, count in db.session.execute(listed):
        of = Collected(source or "", day, evidence or "") if provenance == Provenance.IMPORTED else None
        ways.setdefault((provenance, of), Counter())[kind] += count
        shown[visibility == Visibility.PUBLIC][kind] += count
    imported = sorted(
        ((of, _both(count)) for (_provenance, of), count in ways.items() if of), key=lambda pair: (pair[0].source, str(pair[0].day), pair[0].evidence)
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
        _reports(statement_id),
    )


def _both(count: Counter[str]) -> Both:
    return Both(count[SignatoryKind.ORGANISATION], count[SignatoryKind.PERSON])


def _reviewed(statement_id: int) -> int:
    """Organisations of the list that a person of the team has approved."""
    approved = set(db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "organisation approved")))
    of_list = select(Signature.id).where(Signature.statement_id == statement_id, Signature.kind == SignatoryKind.ORGANISATION, IS_LISTED)
    return sum(f"signature:{key}" in approved for key in db.session.scalars(of_list)) if approved else 0


def _removed(statement_id: int) -> tuple[list[tuple[dt.date, int]], int]:
    """How many were removed by day (UTC), and how many whose day is not known."""
    off = select(Signature.id, Signature.state, Signature.reason).where(Signature.statement_id == statement_id, Signature.state.in_(_REMOVED_STATES))
    # One of a merge says why and stands in no entry of its own: it was not false, and its organisation is on the list.
    merged = {f"signature:{key}": state == State.INVALIDATED and reason is not None for key, state, reason in db.session.execute(off)}
    if not merged:
        return [], 0
    entries = db.session.execute(select(AuditEntry.subject, AuditEntry.at).where(AuditEntry.action.in_(_REMOVED)).order_by(AuditEntry.id))
    last = {subject: at.date() for subject, at in entries if subject in merged}
    return sorted(Counter(last.values()).items()), sum(key not in last and not of_merge for key, of_merge in merged.items())


def _reports(statement_id: int) -> Reports:
    """By the last that was done about each signature."""
    entries = select(AuditEntry.subject, AuditEntry.action).where(AuditEntry.action.in_(_REPORTS)).order_by(AuditEntry.id)
    last = dict(db.session.execute(entries).tuples().all())
    if not last:
        return Reports()
    keys = (f"signature:{key}" for key in db.session.scalars(select(Signature.id).where(Signature.statement_id == statement_id)))
    done = Counter(last[key] for key in keys if key in last)
    return Reports(done.total(), done["report upheld"], done["report dismissed"])
