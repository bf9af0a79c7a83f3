"""Papers: the letter as PDF and for Word, posters, cards, envelopes, and the check of a printed number."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.documents import (
        action_page,
        audit_actions,
        cosigner_kit,
        desk,
        job,
        person_desk,
        person_views,
        views,
    )
    from campaign.documents.list_formats import LETTERS
    from campaign.exports.formats import formats

    for one in LETTERS:
        formats.add(app, one)
    action_words.add(app, audit_actions.words)
    add_pages(app, desk, person_desk, cosigner_kit, views, action_page, person_views)
    job.init_app(app)
