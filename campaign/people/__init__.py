"""Case files of detained people: who they are, what happened to them, and what of it may be shown."""

from __future__ import annotations

from flask import Flask

from campaign.accounts.audit import action_words, detail_words
from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "case_entry",  # the one form of a person, which a campaign has too
    "case_entry_page",  # its page
    "audit_actions",  # what the team changed of the sample stays when that goes
    "dates",  # how exactly a date is known
    "detention",  # the status of a case, derived from what happened
    "detention_chart",  # the drawing on the page of a person
    "dossier",  # a case file as the public may read it
    "labels",  # the words of cases, for every page and paper
    "name_mentions",  # rooms with texts written by hand say where they name a person
    "sections",  # rooms above add to a case file
    "sheet_import",  # the sample content comes as a sheet
    "team_operations",  # audited writes, for a release with its news
    "team_queries",  # reading for the team, whatever the wish
    "timeline",  # events as they are typed, for a release with its news
    "visibility",  # what may be shown
    "vocabulary",  # the values in which a case is stored
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.navigation import nav_entries
    from campaign.organisations.signals import organisations_merged
    from campaign.people import (
        audit_actions,
        columns_desk,
        desk,
        file_desk,
        name_mentions,
        operations,
        retention,
        sheet_import,
        timeline_desk,
    )

    action_words.add(app, audit_actions.words)
    detail_words.add(app, audit_actions.detail_words)
    retention.init_app(app)
    sheet_import.init_app(app)
    name_mentions.mentions.add(app, name_mentions.others_in_files)
    organisations_merged.connect(operations.move_to_merged)
    nav_entries.add(app, desk.NAV_ENTRY)
    add_pages(app, desk, file_desk, columns_desk, timeline_desk)
