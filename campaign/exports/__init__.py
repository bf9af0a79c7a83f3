"""Lists to take away: formats, and the list that two people let out together."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.exports import cli, desk, four_eyes_desk

    add_pages(app, desk, four_eyes_desk)
    add_commands(app, cli.export_list)
