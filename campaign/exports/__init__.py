"""Exports: the formats of a list, and the complete list that two people release together."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.exports import audit_actions, cli, desk, desk_tab, four_eyes_desk, retention
    from campaign.statements.sections import desk_links
    from campaign.statements.tabs import desk_tabs

    action_words.add(app, audit_actions.words)
    desk_links.add(app, four_eyes_desk.DESK_LINK)
    desk_tabs.add(app, desk_tab.DESK_TAB)
    retention.init_app(app)
    add_pages(app, desk, four_eyes_desk)
    add_commands(app, cli.export_list)
