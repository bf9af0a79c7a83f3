"""The retention periods of this room's personal data."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete, select

from campaign.core import retention
from campaign.core.database import changed_rows
from campaign.extensions import db
from campaign.moderation.bulk_decisions import purge_batches
from campaign.moderation.closed_names import purge_looks
from campaign.moderation.models import Question
from campaign.moderation.reports import purge_reports
from campaign.signatures.models import ENDED, Signature


def purge_questions() -> int:
    """Delete questions about signatures that have ended. Returns how many."""
    ended = select(Signature.id).where(Signature.state.in_(ENDED))
    gone = delete(Question).where(Question.signature_id.in_(ended))
    return changed_rows(db.session.execute(gone))


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(app, "watched_names", "until the team takes them out")
    retention.keep(
        app,
        "review_batch_lines",
        "keyed marks of what was decided together: for the day on which it can be undone",
        purge_batches,
    )
    retention.keep(
        app,
        "review_questions",
        "that and on which day a question was asked: until the signature is decided against or withdrawn",
        purge_questions,
    )
    retention.keep(
        app, "false_reports", "who reported and what they wrote: until it is decided", purge_reports
    )
    retention.keep(app, "name_looks", "which member looked at which closed name: for two days", purge_looks)
