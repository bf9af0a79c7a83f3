"""Promised mails: the outbox, the worker that empties it, and the local mailbox."""

from __future__ import annotations

from flask import Flask

from campaign.core.keyed_indexes import remade_indexes
from campaign.core.registration import add_commands, add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "messages",  # a mail, rendered to be shown before it is sent
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.mailing import bounce_mailbox, cli, operations, outbox, retention, suppression, views

    remade_indexes.add(app, operations.remake_handles)
    remade_indexes.add(app, suppression.remake_domains)
    retention.init_app(app)
    bounce_mailbox.init_app(app)
    outbox.init_app(app)
    add_pages(app, views)
    add_commands(app, cli.run_mailbox, cli.read_bounces)
