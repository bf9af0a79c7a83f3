"""Retention rules for the personal data of this room."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app, "complete_exports", "what a complete list was asked for, sealed: as long as the statement"
    )
