"""The list: the fold that lists and counts signatures, and the public pages of the list."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "audit_actions",  # the audit action for a list that is exported, handed over or printed
    "cursor",  # a place in a list, for a search that goes on
    "agreement",  # the text that each signature was given to
    "daily_counts",  # the curve on the dashboard
    "list_head",  # what the statement page shows of its list
    "listing",  # the fold
    "long_lists",  # what is counted over all rows of a list
    "organisation_display",  # organisations as shown on a list
    "organisation_question",  # which organisations a typed name may mean
    "shown_networks",  # networks and members as everyone may see them
    "provenance",  # the provenance of a list
    "sections",  # rooms above add to the public list
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.signatories import audit_actions, cli, desk_link, listing, views
    from campaign.statements.sections import desk_links

    action_words.add(app, audit_actions.words)
    listing.init_app(app)
    desk_links.add(app, desk_link.DESK_LINK)
    add_pages(app, views)
    add_commands(app, cli.verify_counts)
