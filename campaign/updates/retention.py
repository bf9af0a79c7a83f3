"""The retention periods of this room's personal data."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.updates.news_mail import purge_told


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        "update_told",
        "which signatures were written to about an update: until 15 days after the last of these mails",
        purge_told,
    )
