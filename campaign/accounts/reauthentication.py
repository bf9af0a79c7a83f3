"""Reauthentication before exports and changes of the team; and the second factor."""

from __future__ import annotations

import re

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from campaign.accounts import passkey_answers, passkeys, passwords, second_factor, sessions, sign_in_attempts
from campaign.accounts.desk import bp
from campaign.accounts.forms import ProveForm, SecondFactorForm, safe_next
from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, current_member, open_before_set_up, requires, session_key
from campaign.accounts.second_factor_rule import announced_day, lacks_second_factor
from campaign.accounts.sign_in_pages import proof_page, proved, too_many
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.extensions import db
from campaign.site.queries import this_site

_SECRET = re.compile(r"[A-Z2-7]{32}")


@bp.get("/prove")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def prove() -> ResponseReturnValue:
    """Password, and the code where there is a second factor; or a passkey."""
    return proof_page(ProveForm(data={"next": safe_next(request.args.get("next")) or ""}))


@bp.post("/prove")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def prove_now() -> ResponseReturnValue:
    """Mark this session as fresh for five minutes. Wrong passwords and codes are counted for the member."""
    form, member = ProveForm(), current_member()
    if form.credential.data:
        return passkey_answers.prove(form)
    member_id, stored = member.id, member.password
    counter = sign_in_attempts.counter_of_proof(member_id)
    if form.validate() and (wait := counter.seconds_to_wait()):
        return too_many(form, wait, proof_page)

    if form.errors or not _proved(member_id, form.password.data or "", stored, form.code.data or ""):
        if not form.errors:
            form.form_errors.append(_("The password or the code is not right. Please check both."))
            if sign_in_attempts.fail([counter]):
                with writing() as session:
                    sign_in_attempts.tell(session, member_id, password_known=False)
        return proof_page(form), 422

    counter.forget()
    return proved(form)


def _proved(member_id: int, password: str, stored: str | None, code: str) -> bool:
    """True when password and code are right; the session is fresh then."""
    if not passwords.matches(password, stored):
        return False
    with writing() as session:
        fits = second_factor.passes(session, member_id, code)
        if fits:
            sessions.prove(session, session_key())
    return fits


@bp.get("/second-factor")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def second_factor_page() -> ResponseReturnValue:
    """The page of passkeys, of the app that shows codes, and of recovery codes."""
    return _page(SecondFactorForm(data={"secret": second_factor.new_secret()}))


@bp.post("/second-factor")
@open_before_set_up
@requires(Permission.ACCOUNT, of=Reach.OWN)
def switch_second_factor() -> ResponseReturnValue:
    """Switch the app on with a code of it, or off (`off`=`y`). Both need a fresh sign-in."""
    if not sessions.is_fresh(session_key()):
        return redirect(url_for(".prove", next=url_for(".second_factor_page")), 303)

    member_id = current_member().id
    if request.form.get("off") == "y":
        with writing() as session:
            second_factor.switch_off(session, member_id)
        alone = not second_factor.is_set_up(db.session(), current_member())
        flash(
            _("Switched off: the password alone opens your account.")
            if alone
            else _("Switched off. Your passkeys and recovery codes remain."),
            "done",
        )
        return redirect(url_for(".second_factor_page"), 303)

    form = SecondFactorForm()
    secret = form.secret.data or ""
    known = bool(_SECRET.fullmatch(secret))
    if not form.validate() or not known or not second_factor.is_shown_by(secret, form.code.data or ""):
        form.secret.data = secret if known else second_factor.new_secret()
        if not form.code.errors:
            form.code.errors = [
                _("This is not the code that the app shows now. Is the clock of the device right?")
            ]
        return _page(form), 422

    with writing() as session:
        codes = second_factor.switch_on(session, member_id, secret)

    return render_template("accounts/recovery_codes.html", codes=codes)


@bp.post("/second-factor/recovery-codes")
@requires(Permission.ACCOUNT, of=Reach.OWN)
def renew_recovery_codes() -> ResponseReturnValue:
    """Show new recovery codes in place of the former ones. Needs a fresh sign-in."""
    if not sessions.is_fresh(session_key()):
        return redirect(url_for(".prove", next=url_for(".second_factor_page")), 303)
    if not second_factor.is_set_up(db.session(), current_member()):
        return redirect(url_for(".second_factor_page"), 303)
    member_id = current_member().id
    with writing() as session:
        codes = second_factor.renew_recovery_codes(session, member_id)
    link_as(url_for(".second_factor_page"))
    return render_template("accounts/recovery_codes.html", codes=codes)


def _page(form: SecondFactorForm) -> str:
    member, place = current_member(), passkeys.place_of_request()
    address = second_factor.address_for_app(form.secret.data or "", member.email, this_site().name)
    # Drawn here: no other site learns the secret.
    svg = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000000", light="#ffffff")
    return render_template(
        "accounts/second_factor.html",
        form=form,
        on=member.sealed_second_factor is not None,
        drawn=Markup(svg),  # noqa: S704  of our own making
        keys=passkeys.passkeys_of(member.id),
        place=place.rp_id if place else "",
        fresh=sessions.is_fresh(session_key()),
        codes_left=second_factor.recovery_codes_left(db.session(), member.id),
        longest_name=passkeys.LONGEST_NAME,
        lacking=lacks_second_factor(member),
        announced=announced_day(member),
    )
