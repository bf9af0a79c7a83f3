"""Moderation: organisations under review, flagged signatures, reports, and decisions on several at once."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "signature_table",  # its figures stand on the dashboard
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words, detail_words
    from campaign.accounts.navigation import nav_entries
    from campaign.moderation import (
        audit_actions,
        closed_names_desk,
        flagged_desk,
        name_mentions,
        protection_desk,
        retention,
        review_desk,
        signature_table,
        signatures_desk,
        views,
        watched_names,
    )
    from campaign.people.name_mentions import mentions
    from campaign.signatures.name_checks import name_checks
    from campaign.statements.figures import statement_figures
    from campaign.statements.sections import desk_links, desk_sections
    from campaign.statements.tabs import desk_tabs

    retention.init_app(app)
    action_words.add(app, audit_actions.moderation_words)
    detail_words.add(app, audit_actions.moderation_details)
    name_checks.add(app, watched_names.is_watched)
    mentions.add(app, name_mentions.named_in_messages)
    statement_figures.add(app, signature_table.figures)
    nav_entries.add(app, review_desk.NAV_ENTRY)
    nav_entries.add(app, flagged_desk.NAV_ENTRY)
    desk_sections.add(app, signatures_desk.agreement_section)
    desk_tabs.add(app, signatures_desk.DESK_TAB)
    for page in (review_desk, flagged_desk, protection_desk):
        desk_links.add(app, page.DESK_LINK)
    add_pages(app, signatures_desk, review_desk, flagged_desk, closed_names_desk, protection_desk, views)
