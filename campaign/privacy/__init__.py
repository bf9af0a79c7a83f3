"""Encryption keys and their destruction, encrypted backups, and the check that a backup reveals nothing."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "key_expiry",  # the keys and addresses that end soon stand on the dashboard
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.privacy import audit_actions, cli, key_destruction, key_expiry, key_rotation

    key_rotation.init_app(app)
    key_destruction.init_app(app)
    key_expiry.init_app(app)
    action_words.add(app, audit_actions.words)
    add_commands(app, cli.keys, cli.backup, cli.restore, cli.drill)
