"""How long the personal data of this room stays."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.mailing.caps import purge_outbox, purge_tallies
from campaign.mailing.suppression import purge_addresses, purge_domains


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        "mail_tallies",
        "keyed counts of mails: until the end of the day, or 7 days after the last mail about one statement",
        purge_tallies,
    )
    retention.keep(
        app,
        "outbox",
        "recipient and content: until the mail is sent or given up; the bare row: 7 days more",
        purge_outbox,
    )
    retention.keep(
        app,
        "suppressed_addresses",
        "keyed hash of an address that takes no mail: 90 days, or 7 if the reason is not known",
        purge_addresses,
    )
    retention.keep(
        app,
        "bouncing_domains",
        "a mail domain and how many of its addresses take no mail: 90 days after the last of them",
        purge_domains,
    )
