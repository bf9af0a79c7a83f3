"""Challenges for passkeys, and adding, naming and removing them."""

from __future__ import annotations

import uuid

from flask import abort, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import passkey_answers, passkeys, second_factor, sessions
from campaign.accounts.desk import bp
from campaign.accounts.forms import PasskeyNameForm
from campaign.accounts.grants import Permission
from campaign.accounts.models import PasskeyUse
from campaign.accounts.passkeys import PasskeyRefused, TooManyPasskeys
from campaign.accounts.permissions import (
    Reach,
    current_member,
    open_before_set_up,
    open_to_strangers,
    requires,
    session_key,
)
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.core.limits import limit_visitors


@bp.post("/sign-in/passkey/challenge")
@open_to_strangers
@limit_visitors("30 per minute; 200 per hour", "120 per minute; 800 per hour")
def sign_in_challenge() -> ResponseReturnValue:
    """What the browser asks the device of somebody who signs in. It is the same for everyone."""
    place = passkeys.place_of_request() or abort(404)
    with writing() as transaction:
        challenge, asked = passkeys.assertion(transaction, PasskeyUse.SIGN_IN, place)
    return _asked(challenge, asked)


@bp.post("/prove/passkey/challenge")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def proof_challenge() -> ResponseReturnValue:
    """What the browser asks the device of the signed-in member."""
    place = passkeys.place_of_request() or abort(404)
    with writing() as transaction:
        asked = passkeys.assertion(transaction, PasskeyUse.PROVE, place, current_member().id)
    return _asked(*asked)


@bp.post("/second-factor/passkeys/challenge")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def registration_challenge() -> ResponseReturnValue:
    """What the browser asks a device that is to make a passkey. Needs a fresh sign-in."""
    place = passkeys.place_of_request() or abort(404)
    if not sessions.is_fresh(session_key()):
        abort(403)
    with writing() as transaction:
        asked = passkeys.registration(transaction, current_member(), place)
    return _asked(*asked)


@bp.post("/second-factor/passkeys")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def add_passkey() -> ResponseReturnValue:
    """Keep a new passkey. With the first second factor come the recovery codes."""
    if not sessions.is_fresh(session_key()):
        return _prove_first()
    form, member_id = PasskeyNameForm(), current_member().id
    place = passkeys.place_of_request()
    if not form.validate():
        return _back(" ".join(form.name.errors), "problem")
    try:
        if place is None:
            raise PasskeyRefused
        answer = form.credential.data or ""
        passkeys.register(passkey_answers.kept(), member_id, place, answer, form.name.data or "")
    except PasskeyRefused:
        return _back(_("The device and the site did not understand each other. Please try again."), "problem")
    except TooManyPasskeys:
        return _back(_("You have %(most)s passkeys: please remove one first.", most=passkeys.MOST), "problem")

    with writing() as transaction:
        codes = None
        if not second_factor.recovery_codes_left(transaction, member_id):
            codes = second_factor.new_recovery_codes(transaction, member_id)
    if codes:
        link_as(url_for(".second_factor_page"))
        return render_template("accounts/recovery_codes.html", codes=codes)
    return _back(_("The passkey was added."))


@bp.post("/second-factor/passkeys/<uuid:passkey_id>/name")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def name_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Give one of one's own passkeys another name."""
    form = PasskeyNameForm()
    if not form.validate():
        return _back(" ".join(form.name.errors), "problem")
    with writing() as transaction:
        passkeys.rename(transaction, current_member().id, passkey_id, form.name.data or "")
    return _back(_("The name was changed."))


@bp.post("/second-factor/passkeys/<uuid:passkey_id>/remove")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def remove_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Remove one of one's own passkeys. Needs a fresh sign-in."""
    if not sessions.is_fresh(session_key()):
        return _prove_first()
    with writing() as transaction:
        passkeys.remove(transaction, current_member().id, passkey_id)
    return _back(
        _("The passkey was removed and opens nothing any more. You may delete it on the device, too.")
    )


def _asked(challenge: uuid.UUID, asked: dict[str, object]) -> ResponseReturnValue:
    passkey_answers.keep(challenge)
    return jsonify(asked)


def _prove_first() -> ResponseReturnValue:
    return redirect(url_for(".prove", next=url_for(".second_factor_page")), 303)


def _back(message: str, category: str = "done") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for(".second_factor_page"), 303)
