"""The page after confirming at high safety: a withdrawal phrase, and no address that leads anywhere."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from campaign.core.language import link_as


def taken(words: str) -> Response:
    """The page after confirming, which is the same for everyone but for the phrase."""
    # This address shows nothing from now on, whatever the language.
    link_as(url_for("signing.withdraw_by_phrase"))
    return make_response(render_template("signing/taken.html", words=words))
