"""The team's entrance: the dashboard, pages composed of several rooms, and the sample content."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words, detail_words
    from campaign.accounts.navigation import nav_entries
    from campaign.desk import (
        audit_actions,
        cli,
        countries_at_risk_desk,
        made_up_sample,
        organisation_merge,
        sample_desk,
        site_desk,
        views,
    )

    nav_entries.add(app, views.NAV_ENTRY)
    nav_entries.add(app, site_desk.NAV_ENTRY)
    nav_entries.add(app, countries_at_risk_desk.NAV_ENTRY)
    add_pages(app, views, organisation_merge, site_desk, sample_desk, countries_at_risk_desk)
    made_up_sample.init_app(app)
    action_words.add(app, audit_actions.words)
    detail_words.add(app, audit_actions.details)
    add_commands(app, cli.sample, cli.remove_sample_content)
