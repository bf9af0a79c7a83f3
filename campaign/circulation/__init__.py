"""Circulation of a text among organisations before it is public: invitations, answers, suggestions,
reminders, and publication.
"""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.circulation import (
        audit_actions,
        desk,
        desk_tab,
        invitations_desk,
        jobs,
        queries,
        retention,
        views,
    )
    from campaign.signatures.queries import declined_to_sign
    from campaign.statements.tabs import desk_tabs

    retention.init_app(app)
    jobs.init_app(app)
    action_words.add(app, audit_actions.words)
    declined_to_sign.add(app, queries.organisations_declined)
    desk_tabs.add(app, desk_tab.DESK_TAB)
    add_pages(app, desk, invitations_desk, views)
