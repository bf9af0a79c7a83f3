"""Pages for a forgotten password: asking for a link, and the new password behind it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import password_resets, passwords, security
from campaign.accounts.desk import bp
from campaign.accounts.errors import ResetOver
from campaign.accounts.forms import ForgottenForm, PasswordForm
from campaign.accounts.models import TeamMember
from campaign.accounts.permissions import open_to_strangers
from campaign.core import error_pages
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.limits import limit_visitors
from campaign.core.settings import settings
from campaign.core.tokens import TokenInvalid

_PROBLEM = "accounts/problem.html"


@bp.get("/forgotten")
@open_to_strangers
def forgotten() -> ResponseReturnValue:
    """The form that asks for a link."""
    return render_template("accounts/forgotten.html", form=ForgottenForm())


@bp.post("/forgotten")
@open_to_strangers
@limit_visitors("10 per minute; 40 per hour", "40 per minute; 160 per hour")
def ask() -> ResponseReturnValue:
    """Keep the request. The answer is the same for every address."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    with writing() as session:
        password_resets.ask(session, form.email.data or "", language())
    return redirect(url_for(".link_on_its_way"), 303)


@bp.get("/forgotten/sent")
@open_to_strangers
def link_on_its_way() -> ResponseReturnValue:
    """What happens now, for a member and for everybody else."""
    return render_template("accounts/link_on_its_way.html", mail_sender=settings().mail_sender)


@bp.get("/new-password/<token>")
@open_to_strangers
def new_password(token: str) -> ResponseReturnValue:
    """The form for a new password. Looking at it does not use the link."""
    try:
        member = password_resets.member_with(token)
    except _REFUSALS as refusal:
        return _refused(refusal)
    return render_template("accounts/new_password.html", form=_form(member), member=member)


@bp.post("/new-password/<token>")
@open_to_strangers
def set_new_password(token: str) -> ResponseReturnValue:
    """Set it. One signs in with it afterwards, with the second factor as always."""
    try:
        member = password_resets.member_with(token)
        form = _form(member)
        if not form.validate():
            return render_template("accounts/new_password.html", form=form, member=member), 422
        stored = passwords.hashed(form.password.data)
        with writing() as session:
            password_resets.set_password(session, token, stored)
    except _REFUSALS as refusal:
        return _refused(refusal)
    security.forget()
    return redirect(url_for(".sign_in", set=1), 303)


_REFUSALS = (TokenInvalid, ResetOver)


def _form(member: TeamMember) -> PasswordForm:
    return PasswordForm(passwords.known_to_all(member.email, member.name))


def _refused(refusal: Exception) -> ResponseReturnValue:
    again = _("You can ask for a new one on the page where you sign in, under “Forgotten the password?”.")
    if isinstance(refusal, ResetOver):
        text = _("It was valid for one hour and for one use.")
        return error_pages.page(410, _("This link no longer works"), text + " " + again, _PROBLEM)
    text = _(
        "Part of it may have been cut off. Please copy the whole line from the e-mail into the address bar."
    )
    return error_pages.page(404, _("This link is not complete"), text + " " + again, _PROBLEM)
