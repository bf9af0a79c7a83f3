"""Exports: the formats of a list, and the complete list that two people release together."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "formats",  # documents adds the letters
    "columns",  # the groups of a letter are those of a table
    "rows",  # letters are written from the same rows
    "vocabulary",  # the choices that a letter follows
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.exports import audit_actions, cli, desk, four_eyes_desk, jobs, retention
    from campaign.exports.formats import formats
    from campaign.exports.formats.built_in import BUILT_IN
    from campaign.statements.sections import desk_links
    from campaign.statements.tabs import desk_tabs

    for one in BUILT_IN:
        formats.add(app, one)
    action_words.add(app, audit_actions.words)
    desk_links.add(app, four_eyes_desk.DESK_LINK)
    desk_tabs.add(app, desk.DESK_TAB)
    retention.init_app(app)
    jobs.init_app(app)
    add_pages(app, desk, four_eyes_desk)
    add_commands(app, cli.export_list)
