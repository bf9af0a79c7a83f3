"""Showing anew who one is, before exports and changes of the team; and the second factor."""

from __future__ import annotations

import re

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from campaign.accounts import passwords, second_factor, sessions
from campaign.accounts.desk import bp
from campaign.accounts.forms import ProveForm, SecondFactorForm, safe_next
from campaign.accounts.permissions import Permission, Reach, current_member, requires, session_key
from campaign.core.database import writing
from campaign.extensions import limiter
from campaign.site.queries import this_site

_SECRET = re.compile(r"[A-Z2-7]{32}")


@bp.get("/prove")
@requires(Permission.READ, of=Reach.OWN)
def prove() -> ResponseReturnValue:
    """Password, and the code where there is a second factor."""
    return render_template(
        "accounts/prove.html",
        form=ProveForm(data={"next": safe_next(request.args.get("next")) or ""}),
        second=_has_second(),
    )


@bp.post("/prove")
@limiter.limit("10 per minute")
@requires(Permission.READ, of=Reach.OWN)
def prove_now() -> ResponseReturnValue:
    """Let this session be fresh for five minutes."""
    form, member = ProveForm(), current_member()
    member_id, stored, fits = member.id, member.password, False
    if form.validate() and passwords.matches(form.password.data or "", stored):
        with writing() as session:
            fits = second_factor.passes(session, member_id, form.code.data or "")
            if fits:
                sessions.prove(session, session_key())
    if not fits:
        if not form.errors:
            form.form_errors.append(_("The password or the code is not right. Please check both."))
        return render_template("accounts/prove.html", form=form, second=_has_second()), 422
    flash(_("Thank you. You can go on for five minutes: please press the button once more."), "done")
    onward = safe_next(form.next.data)
    return redirect(request.script_root + onward if onward else url_for("desk.dashboard"), 303)


@bp.get("/second-factor")
@requires(Permission.READ, of=Reach.OWN)
def second_factor_page() -> ResponseReturnValue:
    """Set it up, or switch it off."""
    return _page(SecondFactorForm(data={"secret": second_factor.new_secret()}))


@bp.post("/second-factor")
@limiter.limit("10 per minute")
@requires(Permission.READ, of=Reach.OWN)
def switch_second_factor() -> ResponseReturnValue:
    """Switch it on with a code of the app, or off (`off`=`y`). Both need a fresh sign-in."""
    if not sessions.is_fresh(session_key()):
        return redirect(url_for(".prove", next=url_for(".second_factor_page")), 303)
    member_id = current_member().id
    if request.form.get("off") == "y":
        with writing() as session:
            second_factor.switch_off(session, member_id)
        flash(_("Switched off: the password alone opens your account."), "done")
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


def _has_second() -> bool:
    return current_member().sealed_second_factor is not None


def _page(form: SecondFactorForm) -> str:
    address = second_factor.address_for_app(form.secret.data or "", current_member().email, this_site().name)
    # Drawn here: no other site learns the secret.
    drawn = Markup(
        segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000000", light="#ffffff")
    )
    return render_template("accounts/second_factor.html", form=form, on=_has_second(), drawn=drawn)
