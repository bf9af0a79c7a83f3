"""Deliveries of a list to its addressee, the list as it stood then, and the outcome."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "deliveries",  # the sample content hands a list over
    "frozen_lists",  # a list as it stood, which documents print
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.handover import audit_actions, desk, frozen_lists, name_mentions, queries, retention
    from campaign.people.name_mentions import mentions
    from campaign.signatures.signals import signature_sealed, signature_shown
    from campaign.statements.addressees import handed_statements
    from campaign.statements.tabs import desk_tabs

    retention.init_app(app)
    signature_sealed.connect(frozen_lists.seal_lines)
    signature_shown.connect(frozen_lists.open_lines)
    handed_statements.add(app, queries.statements_handed_to)
    mentions.add(app, name_mentions.named_in_replies)
    action_words.add(app, audit_actions.words)
    desk_tabs.add(app, desk.DESK_TAB)
    add_pages(app, desk)
