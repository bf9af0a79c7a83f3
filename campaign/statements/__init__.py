"""Statements: their texts, translations, addressees, owners, topics, and their life from draft to archive."""

from __future__ import annotations

from flask import Flask

from campaign.accounts.audit import action_words, detail_words
from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "addressees",  # the address book, whose entries papers and deliveries name
    "contact_retention",  # how long addresses are kept, for the privacy notice
    "differences",  # two texts compared
    "figures",  # rooms above add figures to the list of the desk
    "labels",  # kinds in words
    "lifecycle",  # from draft to archive
    "people",  # the people of a campaign, for the sample content
    "published",  # the one way in for every page of a statement or topic
    "sections",  # rooms above add to the page on the desk
    "tabs",  # rooms above add the tabs of a statement on the desk
    "topics",  # the subjects of statements and updates
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.memberships import statement_choices
    from campaign.accounts.navigation import nav_entries
    from campaign.core.sections import desk_heads
    from campaign.organisations.operations import kept_as_network
    from campaign.people.name_mentions import mentions
    from campaign.statements import (
        addressee_desk,
        audit_actions,
        desk,
        desk_head,
        editor_desk,
        lifecycle,
        name_mentions,
        no_store,
        operations,
        people_desk,
        queries,
        retention,
        safety_suggestion,
        topics_desk,
        translation_desk,
        unsaved_desk,
        word_import_desk,
    )
    from campaign.statements.tabs import desk_tabs

    action_words.add(app, audit_actions.words)
    detail_words.add(app, audit_actions.detail_words)
    statement_choices.add(app, queries.titles_for_roles)
    operations.init_app(app)
    desk_heads.add(app, desk_head.head)
    retention.init_app(app)
    kept_as_network.add(app, operations.has_statements_of_network)
    lifecycle.init_app(app)
    no_store.init_app(app)
    safety_suggestion.init_app(app)
    for page in (desk, addressee_desk, topics_desk):
        nav_entries.add(app, page.NAV_ENTRY)
    for tab in (desk.TEXT_TAB, desk.SETTINGS_TAB, people_desk.DESK_TAB):
        desk_tabs.add(app, tab)
    mentions.add(app, name_mentions.named_in_statements)
    mentions.add(app, name_mentions.named_in_topics)
    add_pages(
        app,
        addressee_desk,
        topics_desk,
        desk,
        editor_desk,
        people_desk,
        translation_desk,
        unsaved_desk,
        word_import_desk,
    )
