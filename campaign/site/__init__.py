"""The site itself: its name, its operator, contacts, languages.

The page on which the team sets them is in desk/.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Bind the room to the app: every template may name the site and its languages."""
    from campaign.site.queries import site_from

    site = site_from(app.extensions["settings"])
    app.jinja_env.globals.update(site_name=site.name, languages=site.languages)
