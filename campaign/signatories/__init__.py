"""The list: the fold that lists and counts signatures, and the public pages of the list."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.signatories import cli, listing, views

    listing.init_app(app)
    add_pages(app, views)
    add_commands(app, cli.verify_counts)
