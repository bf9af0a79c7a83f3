"""The registry of organisations."""

from __future__ import annotations

from flask import Flask

from campaign.accounts.audit import action_words, detail_words
from campaign.core.registration import add_commands, add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "audit_actions",  # two records of one organisation are merged on a page of the desk
    "domains",  # which mail domains can be an organisation's own
    "duplicates",  # records that resemble each other
    "fields",  # choosing organisations in a form
    "forms",  # names in several languages, which case files have too
    "name_question",  # a form asks whether a known organisation is meant
    "logos",  # lists above say when they ended
    "network_merge",  # what a merge does to memberships, which the same page tells
    "networks",  # who belongs to which network, on pages and lists
    "merge",  # one step of a merge, whose page composes several rooms
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.memberships import organisation_names
    from campaign.accounts.navigation import nav_entries
    from campaign.organisations import (
        audit_actions,
        cli,
        desk,
        logo_desk,
        membership_desk,
        network_desk,
        network_sheet,
        registry_sheet,
        registry_sheet_desk,
        retention,
    )
    from campaign.organisations.queries import names_by_id

    action_words.add(app, audit_actions.words)
    detail_words.add(app, audit_actions.detail_words)
    registry_sheet.init_app(app)
    network_sheet.init_app(app)
    retention.init_app(app)
    organisation_names.add(app, names_by_id)
    nav_entries.add(app, desk.NAV_ENTRY)
    add_pages(app, membership_desk, desk, logo_desk, registry_sheet_desk, network_desk)
    add_commands(app, cli.organisations)
