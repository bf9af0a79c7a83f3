"""The site itself: its name, looks, languages and contacts, who runs it, and its defaults.

The page on which the owners set them is in desk/.
"""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "colours",  # the desk says the contrast of a colour before it is saved
    "countries_at_risk",  # the list, for forms, pages and the desk
    "country_question",  # the country in every form of a signer
    "logos",  # the desk draws an uploaded logo anew
)


def register(app: Flask) -> None:
    """Bind the room to the app: every template may name the site and its languages."""
    from campaign.config import LANGUAGES
    from campaign.core import frame, language, static_files
    from campaign.core.page_cache import frame_versions
    from campaign.site import views
    from campaign.site.countries_at_risk import countries_at_risk
    from campaign.site.queries import offer_of_site, site_version, this_site

    language.let_choose(app, offer_of_site)
    frame_versions.add(app, site_version)
    static_files.own_icons.add(app, views.own_icon)
    add_pages(app, views)
    frame.let_frame(app, this_site)
    app.jinja_env.globals.update(this_site=this_site, languages=LANGUAGES)
    app.jinja_env.globals["countries_at_risk"] = countries_at_risk
