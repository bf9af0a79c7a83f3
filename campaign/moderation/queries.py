"""Flagged signatures: held, hidden and reported ones, and messages. Organisations in review are elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from campaign.core.vault import SealBroken
from campaign.extensions import db
from campaign.moderation.models import FalseReport, ReportVerdict, WatchedName
from campaign.moderation.reports import open_reports, words_of
from campaign.moderation.signature_table import SignatureRow, row_of
from campaign.moderation.watched_names import watched_in
from campaign.signatures.models import ENDED, Signature, State, Visibility


@dataclass(frozen=True, slots=True)
class OpenReport:
    """An open report: whether it hid the name, its sender (if they said so), and their note."""

    report: FalseReport
    email: str
    note: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A signature that a person has to look at, and the reasons."""

    row: SignatureRow
    watched: list[WatchedName]
    reports: list[OpenReport]


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Numbers of signatures reported as false: all, found false, found genuine. The rest wait."""

    reported: int = 0
    upheld: int = 0
    dismissed: int = 0


def reports_of(statement_id: int) -> ReportFigures:
    """The figures of the reports about a statement's list, by the last decision on each signature.

    An open report about a signature that has ended is not counted: nobody will decide it, and retention
    deletes it.
    """
    counted = or_(FalseReport.decided_at.is_not(None), Signature.state.not_in(ENDED))
    reports = select(FalseReport.signature_id, FalseReport.verdict).join(Signature)
    of_list = reports.where(FalseReport.statement_id == statement_id, counted)
    # Undecided reports come last: a signature with one open report is not decided.
    order = (FalseReport.decided_at.is_(None), FalseReport.decided_at)
    last = Counter(dict(db.session.execute(of_list.order_by(*order)).tuples().all()).values())
    return ReportFigures(last.total(), last[ReportVerdict.UPHELD], last[ReportVerdict.DISMISSED])


def flagged(statements: list[int] | None, most: int) -> list[Flagged]:
    """The oldest flagged signatures of these statements (None: all)."""
    found = db.session.scalars(
        select(Signature).where(_waits(), *_of(statements)).order_by(Signature.confirmed_at).limit(most)
    )
    return [_flagged(signature) for signature in found]


def flagged_count(statements: list[int] | None) -> int:
    """The number of flagged signatures of these statements (None: all)."""
    return (
        db.session.scalar(select(func.count()).select_from(Signature).where(_waits(), *_of(statements))) or 0
    )


def _waits() -> ColumnElement[bool]:
    reported = Signature.id.in_(select(FalseReport.signature_id).where(FalseReport.decided_at.is_(None)))
    message = and_(Signature.sealed_message.is_not(None), Signature.visibility == Visibility.PUBLIC)
    held = Signature.state.in_((State.QUARANTINED, State.HIDDEN))
    return or_(held, and_(or_(reported, message), Signature.state.not_in(ENDED)))


def _of(statements: list[int] | None) -> list[ColumnElement[bool]]:
    return [] if statements is None else [Signature.statement_id.in_(statements)]


def _flagged(signature: Signature) -> Flagged:
    row = row_of(signature)
    watched = watched_in(row.name) if row.name and row.state is State.QUARANTINED else []
    reports = open_reports(db.session(), signature)
    # Whoever reported may have written the name.
    said = [OpenReport(report, "", "") for report in reports] if row.closed else reports_said(signature)
    return Flagged(row, watched, said)


def reports_said(signature: Signature) -> list[OpenReport]:
    """The open reports about a signature with what was written in them, for who may see its name."""
    return [_said(report) for report in open_reports(db.session(), signature)]


def _said(report: FalseReport) -> OpenReport:
    try:
        return OpenReport(report, *words_of(report))
    except SealBroken:
        return OpenReport(report, "", "")
