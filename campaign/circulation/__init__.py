"""A text goes round among organisations before the world sees it: invitations, answers, suggestions, reminders, and the day of publication."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.circulation import desk, invitations_desk, jobs, retention, views

    retention.init_app(app)
    jobs.init_app(app)
    add_pages(app, desk, invitations_desk, views)
