"""Feeds and calendars."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.feeds import team_calendar, views

    add_pages(app, views, team_calendar)
