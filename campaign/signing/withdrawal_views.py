"""The page on which a withdrawal phrase withdraws a signature at high safety."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.core.database import writing
from campaign.core.limits import limit_visitors
from campaign.signatures import states
from campaign.signatures.withdrawal_phrase import normal_phrase
from campaign.signing.confirmation_requests import request_withdrawal
from campaign.signing.forms import PhraseForm
from campaign.signing.views import bp


@bp.get("/take-back")
def withdraw_by_phrase() -> str:
    """The form for the phrase."""
    return render_template("signing/take_back.html", form=PhraseForm())


@bp.post("/take-back")
# It is the only way to take a signature back, so nobody else's wrong words may close it. Six words of four
# letters can't be guessed.
@limit_visitors(
    "20 per minute; 100 per hour",
    "80 per minute; 400 per hour",
    deduct_when=lambda response: response.status_code == 422,
)
def send_phrase() -> ResponseReturnValue:
    """Withdraw the signature of a phrase.

    A phrase from a link that confirms nothing any more gets the same answer.
    """
    form = PhraseForm(request.form)
    words, done = normal_phrase(form.words.data or "") if form.validate() else "", False
    if words:
        with writing() as session:
            # The button may have been pressed a moment ago, or while no worker ran.
            done = request_withdrawal(session, words) or states.withdraw_by_phrase(session, words)
    if done:
        return render_template("signing/taken_back.html")

    if not form.words.errors:
        form.words.errors = [
            _(
                "We do not know these words. Please compare them with what you wrote down: six words of four"
                " letters."
            )
        ]

    return render_template("signing/take_back.html", form=form), 422
