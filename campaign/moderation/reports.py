"""Reports "my name, and I did not sign": they hide it at once, within limits that stop anyone emptying a
list.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_for
from campaign.core import clock
from campaign.core.database import changed_rows
from campaign.core.ids import new_id
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.moderation.audit_actions import ModerationAction
from campaign.moderation.models import FalseReport, ReportVerdict
from campaign.signatories.models import SignatoryList
from campaign.signatures.models import ENDED, Signature, State, Visibility
from campaign.signatures.states import By, hide

# Beyond these a name stands until somebody has looked. A true report costs its sender one check more;
# a list that anyone can empty costs everybody the list.
HIDDEN_AN_HOUR = 5
HIDDEN_SHARE = 0.02
HIDDEN_ALWAYS = 3
_OPEN_EACH = 5


def report(session: Session, statement_id: int, position: int, email: str, note: str) -> bool:
    """Take a report about the name at this place of the list. False when no name stands there any more."""
    roll = session.get(SignatoryList, statement_id, with_for_update=True, populate_existing=True)
    at = (Signature.statement_id == statement_id, Signature.position == position)
    shown = (Signature.state.in_((State.LISTED, State.HIDDEN)), Signature.visibility == Visibility.PUBLIC)
    signature = session.scalar(select(Signature).where(*at, *shown).with_for_update())
    if signature is None or roll is None:
        return False
    if signature.state == State.HIDDEN:
        # A second click, before the fold has taken the place from it.
        return True

    mine = FalseReport.signature_id == signature.id
    if _count(session, mine, FalseReport.decided_at.is_(None)) >= _OPEN_EACH:
        return True

    hides = not _cleared(session, signature) and _within_limits(
        session, statement_id, roll.people + roll.organisations
    )
    report_id = new_id()
    session.add(
        FalseReport(
            id=report_id,
            statement_id=statement_id,
            signature_id=signature.id,
            sealed=vault().seal_json({"email": email, "note": note}, "false_reports", "sealed", report_id),
            hid=hides,
            reported_at=clock.now(),
        )
    )

    if hides:
        hide(session, signature, By.REPORT)

    session.flush()
    record_for(session, None, ModerationAction.SIGNATURE_REPORTED, f"signature:{signature.id}", hidden=hides)

    return True


def open_reports(session: Session, signature: Signature) -> list[FalseReport]:
    """The reports about a signature that nobody has decided, oldest first."""
    mine = select(FalseReport).where(
        FalseReport.signature_id == signature.id, FalseReport.decided_at.is_(None)
    )
    return list(session.scalars(mine.order_by(FalseReport.reported_at)))


def close_reports(session: Session, signature: Signature, verdict: ReportVerdict) -> int:
    """Decide all reports about a signature and erase their senders and notes. Returns how many there were."""
    found = open_reports(session, signature)
    for closed in found:
        closed.verdict, closed.decided_at, closed.sealed = verdict, clock.now(), None
    session.flush()
    return len(found)


def reopen_reports(session: Session, signature: Signature, since: dt.datetime) -> None:
    """Undo close_reports(): reports decided since then are open again; senders and notes stay erased."""
    decided = (FalseReport.signature_id == signature.id, FalseReport.decided_at >= since)
    for closed in session.scalars(select(FalseReport).where(*decided)):
        closed.verdict = closed.decided_at = None
    session.flush()


def words_of(open_report: FalseReport) -> tuple[str, str]:
    """(mail address, note) of an open report. Raises SealBroken."""
    if open_report.sealed is None:
        return "", ""
    said = vault().unseal_json(open_report.sealed, "false_reports", "sealed", open_report.id)
    return str(said["email"]), str(said["note"])


def _cleared(session: Session, signature: Signature) -> bool:
    """True when an earlier report was found wrong."""
    return (
        _count(
            session, FalseReport.signature_id == signature.id, FalseReport.verdict == ReportVerdict.DISMISSED
        )
        > 0
    )


def _within_limits(session: Session, statement_id: int, listed: int) -> bool:
    hidden = (FalseReport.statement_id == statement_id, FalseReport.hid.is_(True))
    last_hour = _count(session, *hidden, FalseReport.reported_at > clock.now() - dt.timedelta(hours=1))
    waiting = _count(session, *hidden, FalseReport.decided_at.is_(None))
    return last_hour < HIDDEN_AN_HOUR and waiting < max(HIDDEN_ALWAYS, int(listed * HIDDEN_SHARE))


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(FalseReport).where(*conditions)) or 0


def purge_reports() -> int:
    """Delete reports about signatures that have ended without a decision. Returns how many.

    No figure counts them (queries.reports_of).
    """
    ended = select(Signature.id).where(Signature.state.in_(ENDED))
    gone = delete(FalseReport).where(FalseReport.decided_at.is_(None), FalseReport.signature_id.in_(ended))
    return changed_rows(db.session.execute(gone))
