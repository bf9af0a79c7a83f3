"""Reauthentication before exports and changes of the team; and the second factor."""

from __future__ import annotations

import re

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from campaign.accounts import passwords, second_factor, sessions, sign_in_attempts
from campaign.accounts.desk import bp
from campaign.accounts.forms import ProveForm, SecondFactorForm, safe_next
from campaign.accounts.permissions import Permission, Reach, current_member, requires, session_key
from campaign.core.database import writing
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
@requires(Permission.READ, of=Reach.OWN)
def prove_now() -> ResponseReturnValue:
    """Mark this session as fresh for five minutes. Wrong passwords and codes are counted for the member."""
    form, member = ProveForm(), current_member()
    member_id, stored = member.id, member.password
    counter = sign_in_attempts.counter_of_proof(member_id)
    if form.validate() and (wait := counter.seconds_to_wait()):
        form.form_errors.append(
            ngettext(
                "There were several wrong attempts. Please wait %(num)s second, then try again.",
                "There were several wrong attempts. Please wait %(num)s seconds, then try again.",
                wait,
            )
        )
        page = render_template("accounts/prove.html", form=form, second=_has_second())
        return page, 429, {"Retry-After": str(wait)}

    if form.errors or not _proved(member_id, form.password.data or "", stored, form.code.data or ""):
        if not form.errors:
            form.form_errors.append(_("The password or the code is not right. Please check both."))
            if sign_in_attempts.fail([counter]):
                with writing() as session:
                    sign_in_attempts.tell(session, member_id, password_known=False)
        return render_template("accounts/prove.html", form=form, second=_has_second()), 422

    counter.forget()
    flash(_("Thank you. You can go on for five minutes: please press the button once more."), "done")
    onward = safe_next(form.next.data)
    return redirect(request.script_root + onward if onward else url_for("desk.dashboard"), 303)


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
@requires(Permission.READ, of=Reach.OWN)
def second_factor_page() -> ResponseReturnValue:
    """The page on which the second factor is set up or switched off."""
    return _page(SecondFactorForm(data={"secret": second_factor.new_secret()}))


@bp.post("/second-factor")
@requires(Permission.READ, of=Reach.OWN)
def switch_second_factor() -> ResponseReturnValue:
    """Switch the second factor on with a code of the app, or off (`off`=`y`). Both need a fresh sign-in."""
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
    svg = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000000", light="#ffffff")
    drawn = Markup(svg)  # noqa: S704  of our own making
    return render_template("accounts/second_factor.html", form=form, on=_has_second(), drawn=drawn)
