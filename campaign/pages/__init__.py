"""The composed public pages: home, statement with its form, organisation, person, embed; about, safety,
privacy.
"""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.pages import (
        campaign_views,
        globals,
        notices,
        organisations,
        people,
        provenance,
        sitemap,
        topics,
        versions,
        views,
    )

    add_pages(
        app, views, campaign_views, notices, organisations, people, provenance, sitemap, topics, versions
    )
    globals.init_app(app)
