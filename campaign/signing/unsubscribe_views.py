"""Unsubscribing from news by one click in a mail program (RFC 8058), or on the page behind the link in the
mail.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from campaign.core import tokens
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.core.origin import one_click
from campaign.core.tokens import Purpose, TokenExpired
from campaign.extensions import db
from campaign.signatures.models import Signature
from campaign.signing.signer_actions import stop_updates
from campaign.signing.views import bp


@bp.get("/u/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """The page with one button. Programs that scan mails open the address, and change nothing by it."""
    _wanting(db.session.get(Signature, tokens.read(Purpose.UNSUBSCRIBE, token)))
    return render_template("signing/unsubscribe.html", token=token)


@bp.post("/u/<token>")
@one_click
def unsubscribe_now(token: str) -> ResponseReturnValue:
    """End the news and delete the address. Works once, until the signer asks for news again."""
    signature_id = tokens.read(Purpose.UNSUBSCRIBE, token)
    with writing() as session:
        stop_updates(session, _wanting(session.get(Signature, signature_id, with_for_update=True)))
    link_as("/check-your-mail")
    return render_template("signing/unsubscribed.html")


def _wanting(signature: Signature | None) -> Signature:
    """The signature, if it still wants news. Raises TokenExpired if not."""
    if signature is None or not signature.wants_updates:
        raise TokenExpired
    return signature
