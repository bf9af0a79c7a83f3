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
        desk_link,
        globals,
        notices,
        organisations,
        people,
        preview_desk,
        provenance,
        sitemap,
        topics,
        versions,
        views,
    )
    from campaign.statements.sections import desk_links

    add_pages(
        app,
        views,
        campaign_views,
        notices,
        organisations,
        people,
        preview_desk,
        provenance,
        sitemap,
        topics,
        versions,
    )
    desk_links.add(app, desk_link.DESK_LINK)
    globals.init_app(app)
