"""Papers: the letter as PDF and for Word, posters, cards, envelopes, and what a number on paper says."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.documents import action_page, cli, cosigner_kit, desk, person_desk, person_views, views

    add_pages(app, desk, person_desk, cosigner_kit, views, action_page, person_views)
    add_commands(app, cli.document)
