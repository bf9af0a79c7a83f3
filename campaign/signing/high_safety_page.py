"""The page after confirming at high safety: a withdrawal phrase, shown once, and no address that leads to the
signature.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from campaign.core.language import link_as
from campaign.extensions import db
from campaign.signatures.withdrawal_phrase import is_known_phrase


def taken(words: str) -> Response:
    """The page after confirming, which is the same for everyone but for the phrase."""
    # This address shows nothing from now on, whatever the language.
    link_as(url_for("signing.withdraw_by_phrase"))
    return make_response(render_template("signing/taken.html", words=words))


def taken_again(words: str) -> Response | None:
    """The same page for a second click on the button: the phrase in the request has been shown already."""
    return taken(words) if words and is_known_phrase(db.session(), words) else None
