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
        "as handed over, until its signer withdraws or hides the name; the salted digest of the line remains",
        blot_out,
    )
    retention.keep(
        app,
        "hidden_frozen_lines",
        "the line of a name that is hidden until someone has looked, sealed: until that is decided",
    )
    retention.keep(
        app,
        "frozen_lists",
        "the digest of a list that was handed over; one without salts is sealed: as long as the handover",
    )
