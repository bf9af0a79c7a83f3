"""What a device with a passkey answered, in a form that the script of the page has filled in."""

from __future__ import annotations

import uuid

from flask import session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import operations, passkeys, passwords, security, sessions, sign_in_attempts
from campaign.accounts.forms import ProveForm, SignInForm, safe_next
from campaign.accounts.models import PasskeyUse
from campaign.accounts.passkeys import PasskeyRefused, Shown
from campaign.accounts.permissions import current_member, session_key
from campaign.accounts.sign_in_pages import go_on, proof_page, proved, sign_in_page, too_many
from campaign.core.attempts import longest_wait
from campaign.core.database import writing

# Where the cookie keeps the id of the challenge: only the browser that asked can answer.
_CHALLENGE = "challenge"


def keep(challenge: uuid.UUID) -> None:
    """Remember in this browser for which challenge it asked."""
    session[_CHALLENGE] = challenge.hex


def kept() -> uuid.UUID | None:
    """The challenge for which this browser asked; once."""
    held = session.pop(_CHALLENGE, "")
    return uuid.UUID(hex=held) if held else None


def sign_in(form: SignInForm) -> ResponseReturnValue:
    """Sign in with a passkey: alone where the device has made sure of its owner, else beside the password."""
    shown = _shown(PasskeyUse.SIGN_IN, form.credential.data or "")
    form.credential.data = ""
    if shown is None:
        form.form_errors.append(_passkey_refused())
        return sign_in_page(form), 422
    if not shown.verified and (refusal := _without_password(form, shown.member_id)):
        return refusal

    key = ""
    with writing() as transaction:
        if operations.is_active(transaction, shown.member_id):
            key = operations.sign_in(transaction, shown.member_id, session_key())
    if not key:
        form.form_errors.append(_passkey_refused())
        return sign_in_page(form), 422
    security.begin(key)
    return go_on(safe_next(form.next.data))


def prove(form: ProveForm) -> ResponseReturnValue:
    """Mark this session as fresh, by a passkey in place of password and code; where the device has asked for
    no PIN, by passkey and password.
    """
    member = current_member()
    member_id, stored = member.id, member.password
    shown = _shown(PasskeyUse.PROVE, form.credential.data or "", member_id)
    form.credential.data = ""
    if shown is None:
        form.form_errors.append(_passkey_refused())
        return proof_page(form), 422
    if not shown.verified:
        counter = sign_in_attempts.counter_of_proof(member_id)
        if wait := counter.seconds_to_wait():
            return too_many(form, wait, proof_page)
        if not passwords.matches(form.password.data or "", stored):
            sign_in_attempts.fail([counter])
            form.form_errors.append(_needs_password())
            return proof_page(form), 422
        counter.forget()
    with writing() as transaction:
        sessions.prove(transaction, session_key())
    return proved(form)


def _shown(use: PasskeyUse, answer: str, member_id: int | None = None) -> Shown | None:
    place = passkeys.place_of_request()
    if place is None:
        return None
    try:
        return passkeys.shown(kept(), use, place, answer, member_id)
    except PasskeyRefused:
        return None


def _without_password(form: SignInForm, member_id: int) -> ResponseReturnValue | None:
    """The answer where the password that has to stand beside the passkey is missing or not right; it is
    counted like any. None where it is right.
    """
    counters = sign_in_attempts.counters_of_sign_in(form.email.data or "", form.way.data or "")
    if wait := longest_wait(counters):
        return too_many(form, wait, sign_in_page)
    member = operations.authenticate(form.email.data or "", (form.password.data or "")[: passwords.LONGEST])
    if member is not None and member.id == member_id:
        counters[-1].forget()
        return None
    if form.password.data:
        sign_in_attempts.fail(counters)
    form.form_errors.append(_needs_password())
    return sign_in_page(form), 422


def _passkey_refused() -> str:
    said = _(
        "This passkey does not open an account here. It works only on the address of the site on which it "
        "was added. Please try again, or use password and code."
    )
    return str(said)


def _needs_password() -> str:
    said = _(
        "This device did not ask for a PIN, a finger or a face. Please enter your e-mail address and "
        "password as well, and press the button of the passkey again."
    )
    return str(said)
