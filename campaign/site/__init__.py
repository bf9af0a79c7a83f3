"""The site itself: its name, its operator, contacts, languages.

The page on which the team sets them is in desk/.
"""

from __future__ import annotations

from flask import Flask

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "countries_at_risk",  # the list, for forms, pages and the desk
    "country_question",  # the country in every form of a signer
)


def register(app: Flask) -> None:
    """Bind the room to the app: every template may name the site and its languages."""
    from campaign.site.countries_at_risk import countries_at_risk
    from campaign.site.queries import site_from

    site = site_from(app.extensions["settings"])
    app.jinja_env.globals.update(site_name=site.name, languages=site.languages)
    app.jinja_env.globals["countries_at_risk"] = countries_at_risk
