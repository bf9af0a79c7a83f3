"""Case files of detained people: who they are, what happened to them, and what of it may be shown."""

from __future__ import annotations

from flask import Flask

from campaign.accounts.audit import action_words, detail_words
from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.organisations.signals import organisations_merged
    from campaign.people import (
        audit_actions,
        columns_desk,
        desk,
        file_desk,
        operations,
        retention,
        sheet_import,
        timeline_desk,
    )

    action_words.add(app, audit_actions.words)
    detail_words.add(app, audit_actions.detail_words)
    retention.init_app(app)
    sheet_import.init_app(app)
    organisations_merged.connect(operations.move_to_merged)
    add_pages(app, desk, file_desk, columns_desk, timeline_desk)
