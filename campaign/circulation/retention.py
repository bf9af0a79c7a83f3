"""Retention rules for the personal data of this room."""

from __future__ import annotations

from flask import Flask

from campaign.circulation.contacts import purge_invitations
from campaign.core import retention


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(app, "circulations", "who invites: as long as the statement")
    retention.keep(
        app,
        "invitations",
        "who was asked and what they answered, sealed: until the statement is archived, or the signature is "
        "withdrawn or erased",
        purge_invitations,
    )
    retention.keep(
        app,
        "suggestions",
        "why an organisation suggests a change, sealed: until the statement is archived",
    )
    retention.keep(
        app,
        "organisation_contacts",
        "the contact on record of an organisation, sealed: until another one is entered",
    )
