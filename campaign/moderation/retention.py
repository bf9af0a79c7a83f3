"""The retention periods of this room's personal data."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.moderation.bulk_decisions import purge_batches
from campaign.moderation.closed_names import purge_looks
from campaign.moderation.reports import purge_reports


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
        app, "false_reports", "who reported and what they wrote: until it is decided", purge_reports
    )
    retention.keep(app, "name_looks", "which member looked at which closed name: for two days", purge_looks)
