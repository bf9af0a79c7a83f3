"""The retention periods of this room's personal data."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.handover.frozen_lists import blot_out


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        "frozen_lines",
        "as handed over, until its signer withdraws or hides the name; the digest of the list remains",
        blot_out,
    )
