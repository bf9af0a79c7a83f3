"""The team's front: the dashboard, pages composed of several rooms, and the sample content."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.desk import audit_actions, cli, organisation_merge, rights, views

    action_words.add(app, audit_actions.words)
    add_pages(app, views, organisation_merge)
    add_commands(app, cli.sample)
    rights.init_app(app)
