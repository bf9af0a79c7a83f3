"""The team's entrance: the dashboard, pages composed of several rooms, and the sample content."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.navigation import nav_entries
    from campaign.desk import cli, organisation_merge, views

    nav_entries.add(app, views.NAV_ENTRY)
    add_pages(app, views, organisation_merge)
    add_commands(app, cli.sample)
