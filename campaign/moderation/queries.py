"""What waits for a person to look, beside organisations: held and hidden signatures, reports, messages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from campaign.core.vault import SealBroken
from campaign.extensions import db
from campaign.moderation.models import FalseReport, WatchedName
from campaign.moderation.reports import open_reports, words_of
from campaign.moderation.signature_table import SignatureRow, row_of
from campaign.moderation.watched_names import watched_in
from campaign.signatures.models import ENDED, Signature, State, Visibility


@dataclass(frozen=True, slots=True)
class OpenReport:
    """An open report: whether it hid the name, who reported (if they said so), and their note."""

    report: FalseReport
    email: str
    note: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """One signature at which somebody has to look, and why."""

    row: SignatureRow
    watched: list[WatchedName]
    reports: list[OpenReport]


def flagged(statements: list[int] | None, most: int) -> list[Flagged]:
    """The oldest of these statements (None: all)."""
    found = db.session.scalars(select(Signature).where(_waits(), *_of(statements)).order_by(Signature.confirmed_at).limit(most))
    return [_flagged(signature) for signature in found]


def flagged_count(statements: list[int] | None) -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(Signature).where(_waits(), *_of(statements))) or 0


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
    return Flagged(row, watched, [_said(report) for report in open_reports(db.session(), signature)])


def _said(report: FalseReport) -> OpenReport:
    try:
        return OpenReport(report, *words_of(report))
    except SealBroken:
        return OpenReport(report, "", "")
