"""The team: members, roles, sessions, permissions, and the log of what was done."""

from __future__ import annotations

from flask import Flask

from campaign.accounts.audit import action_words
from campaign.core.keyed_indexes import remade_indexes
from campaign.core.registration import add_commands, add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "audit",  # every room records in it
    "calendars",  # the address of a member's own calendar, which feeds serves
    "grants",  # what each role may do, which every page of the team names
    "memberships",  # the organisations of a member, which follow a merge
    "navigation",  # every room adds its pages to the sidebar
    "permissions",  # the decorator of every page of the team
    "sign_in_attempts",  # who tried to sign in stands on the dashboard
    "two_people",  # the rule of two people, by which rooms above let out what is not public
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts import (
        addresses,
        audit_actions,
        cli,
        desk,
        passkeys_desk,
        password_resets,
        password_resets_desk,
        passwords,
        reauthentication,
        retention,
        security,
        team,
    )

    action_words.add(app, audit_actions.words)
    retention.init_app(app)
    passwords.init_app(app)
    security.init_app(app)
    password_resets.init_app(app)
    add_pages(app, desk, passkeys_desk, password_resets_desk, reauthentication, team)
    remade_indexes.add(app, addresses.remake_indexes)
    add_commands(app, cli.team)
