"""The registry of organisations."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.organisations import desk, logo_desk, membership_desk, registry_sheet, registry_sheet_desk

    registry_sheet.init_app(app)
    add_pages(app, membership_desk, desk, logo_desk, registry_sheet_desk)
