"""What a signer of high safety sees after confirming: words that are shown once, and no address that leads to
the signature.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from campaign.core.language import link_as
from campaign.extensions import db
from campaign.signatures.withdrawal_phrase import is_known_phrase


def taken(words: str) -> Response:
    """The page after confirming: the same for everyone, but for the words."""
    # This address says nothing from now on, in no language.
    link_as(url_for("signing.withdraw_by_phrase"))
    return make_response(render_template("signing/taken.html", words=words))


def taken_again(words: str) -> Response | None:
    """The same page for a second click on the button: who sends the words that it showed has seen them
    already.
    """
    return taken(words) if words and is_known_phrase(db.session(), words) else None
