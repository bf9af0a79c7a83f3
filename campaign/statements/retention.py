"""Retention rules for the personal data of this room."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.statements import models, unsaved_text


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        models.UnsavedText.__tablename__,
        f"what a member types in the editor, sealed: until it is saved or discarded, at most"
        f" {unsaved_text.KEPT_DAYS} days",
        unsaved_text.purge,
    )
