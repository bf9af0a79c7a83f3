"""What a signature is: its states, its names, what it agreed to, and what remains of one that was withdrawn."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.organisations.signals import organisations_merged
    from campaign.people.operations import kept_on_file
    from campaign.signatures import case_file_guard, organisation_merge, retention

    retention.init_app(app)
    organisations_merged.connect(organisation_merge.move_signatures)
    kept_on_file.add(app, case_file_guard.signed_for)
