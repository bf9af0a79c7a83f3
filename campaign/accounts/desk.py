"""Signing in and out, the sessions of a member, and the link of an invitation."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import (
    invitations,
    operations,
    passkey_answers,
    passwords,
    second_factor,
    security,
    sessions,
    sign_in_attempts,
)
from campaign.accounts.errors import InvitationUsed, TeamInvitationOver
from campaign.accounts.forms import PasswordForm, SignInForm, safe_next
from campaign.accounts.grants import Permission
from campaign.accounts.models import TeamMember
from campaign.accounts.permissions import (
    Reach,
    current_member,
    open_to_strangers,
    requires,
    session_key,
    signed_in_member,
)
from campaign.accounts.sign_in_pages import go_on, sign_in_page, too_many
from campaign.core import error_pages
from campaign.core.attempts import Counter, longest_wait
from campaign.core.database import writing
from campaign.core.mailed_links import token_in
from campaign.core.tokens import TokenInvalid

bp = Blueprint("accounts", __name__, url_prefix="/desk")
_PROBLEM = "accounts/problem.html"


@bp.get("/sign-in")
@open_to_strangers
def sign_in() -> ResponseReturnValue:
    """The sign-in form; a member who is signed in already is sent on."""
    onward = safe_next(request.args.get("next"))
    if signed_in_member():
        return go_on(onward)
    form = SignInForm(data={"next": onward or "", "way": token_in(request.args.get("way", ""))[:200]})
    said = ""
    if "out" in request.args:
        said = _("You are signed out.")
    elif "set" in request.args:
        said = _("Your new password is set. Please sign in with it.")
    return sign_in_page(form, said)


@bp.post("/sign-in")
@open_to_strangers
def sign_in_now() -> ResponseReturnValue:
    """Check address, password and second factor. Whatever is wrong, the answer is the same, and after some
    wrong ones the next attempt has to wait. A passkey stands for all three.
    """
    form = SignInForm()
    if form.credential.data:
        return passkey_answers.sign_in(form)
    if not form.validate():
        return sign_in_page(form), 422

    counters = sign_in_attempts.counters_of_sign_in(form.email.data or "", form.way.data or "")
    if wait := longest_wait(counters):
        return too_many(form, wait, sign_in_page)
    member = operations.authenticate(form.email.data, form.password.data)
    member_id, stored = (member.id, member.password or "") if member else (0, "")
    code = sign_in_attempts.counter_of_code(member_id)
    turn = not code.seconds_to_wait()
    key = _begun(member_id, stored, form.code.data or "") if turn else _begun(0, "", "")
    if not key:
        # Whoever has to wait has not tried the code.
        _count(counters, code if turn else None, form.email.data or "", member_id)
        form.form_errors.append(
            _(
                "We can't sign you in with this address, password and code. Please check them and try again. "
                "After several attempts you have to wait in between, up to a quarter of an hour."
            )
        )
        return sign_in_page(form), 422

    for counter in (counters[-1], code):
        counter.forget()
    _renew(member_id, form.password.data or "", stored)
    security.begin(key)
    return go_on(safe_next(form.next.data))


def _begun(member_id: int, stored: str, code: str) -> str:
    """The key of a new session; empty without the password (`member_id` is 0) or the second factor.

    Both go through one transaction: time must not tell that the password was right.
    """
    key = ""
    with writing() as session:
        fits = operations.still_opens(session, member_id, stored)
        if fits and second_factor.passes(session, member_id, code):
            key = operations.sign_in(session, member_id, session_key())
    return key


def _count(counters: list[Counter], code: Counter | None, email: str, member_id: int) -> None:
    """Count a failure, and tell the member when it is the one after which attempts have to wait.

    `member_id` is 0 without the right password; with it, the code was wrong.
    """
    tell = sign_in_attempts.fail(counters)
    tell_of_code = code is not None and sign_in_attempts.fail([code]) and bool(member_id)
    known = member_id or operations.id_at(email)
    if known and (tell or tell_of_code):
        with writing() as session:
            sign_in_attempts.tell(session, known, password_known=tell_of_code)


def _renew(member_id: int, password: str, stored: str) -> None:
    """Store a hash at today's cost. After signing in: before the second factor was shown, its time would tell
    that the password was right.
    """
    # Hashed before the transaction: everyone else who writes would wait.
    if renewed := passwords.renewed(password, stored):
        with writing() as session:
            operations.renew_hash(session, member_id, stored, renewed)


@bp.post("/sign-out")
@open_to_strangers
def sign_out() -> ResponseReturnValue:
    """End this session in the browser and on the server."""
    if signed_in_member():
        with writing() as session:
            operations.sign_out(session, current_member().id, session_key())
    security.forget()
    response = redirect(url_for("accounts.sign_in", out=1), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.get("/sessions")
@requires(Permission.ACCOUNT, of=Reach.OWN)
def own_sessions() -> ResponseReturnValue:
    """The sessions of the member. Only the time is known: we keep neither IP address nor browser."""
    rows = sessions.sessions_of(current_member().id)
    own = next((row.id for row in rows if sessions.is_of(row, session_key())), None)
    return render_template("accounts/sessions.html", rows=rows, own=own)


@bp.post("/sessions/<uuid:session_id>/end")
@requires(Permission.ACCOUNT, of=Reach.OWN)
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with writing() as session:
        sessions.end_one(session, current_member().id, session_id)
    flash(_("The session has ended."), "done")
    return redirect(url_for("accounts.own_sessions"), 303)


@bp.post("/sessions/end-others")
@requires(Permission.ACCOUNT, of=Reach.OWN)
def end_other_sessions() -> ResponseReturnValue:
    """End all of one's own sessions except this one."""
    with writing() as session:
        sessions.end_all(session, current_member().id, but=session_key())
    flash(_("All other sessions have ended."), "done")
    return redirect(url_for("accounts.own_sessions"), 303)


@bp.get("/invitation/<token>")
@open_to_strangers
def invitation(token: str) -> ResponseReturnValue:
    """The form in which an invited member chooses a password."""
    try:
        member = invitations.invited_member(token)
    except _REFUSALS as refusal:
        return _invitation_refused(refusal)
    return render_template(
        "accounts/invitation.html",
        form=_password_form(member),
        member=member,
    )


@bp.post("/invitation/<token>")
@open_to_strangers
def accept_invitation(token: str) -> ResponseReturnValue:
    """Set the password and sign in. The link works once."""
    try:
        member = invitations.invited_member(token)
        form = _password_form(member)
        if not form.validate():
            return render_template("accounts/invitation.html", form=form, member=member), 422
        stored = passwords.hashed(form.password.data)
        with writing() as session:
            member_id = invitations.accept(session, token, stored)
            key = operations.sign_in(session, member_id, session_key())
    except _REFUSALS as refusal:
        return _invitation_refused(refusal)

    security.begin(key)
    flash(_("Your password is set, and you are signed in."), "done")
    return go_on(None)


@bp.post("/invitation/<token>/again")
@open_to_strangers
def ask_for_invitation(token: str) -> ResponseReturnValue:
    """Tell whoever manages the team that the invitation has expired and another one is wanted."""
    try:
        with writing() as session:
            invitations.ask_again(session, token)
    except _REFUSALS as refusal:
        return _invitation_refused(refusal)
    return redirect(url_for(".invitation_asked"), 303)


@bp.get("/invitation-asked")
@open_to_strangers
def invitation_asked() -> ResponseReturnValue:
    """What happens now."""
    return render_template(
        _PROBLEM,
        title=_("We have told the team"),
        text=_(
            "Somebody who manages the team sees that you wait, and can send a new invitation to your address."
        ),
    )


def _password_form(member: TeamMember) -> PasswordForm:
    return PasswordForm(passwords.known_to_all(member.email, member.name))


_REFUSALS = (TokenInvalid, InvitationUsed, TeamInvitationOver)


def _invitation_refused(refusal: Exception) -> ResponseReturnValue:
    ask = _("Please ask an owner of this site for a new invitation.")
    if isinstance(refusal, InvitationUsed):
        text = _(
            "A password has already been set with it. If that was you, please sign in. If it was not, tell "
            "an owner of this site at once."
        )
        return error_pages.page(410, _("This invitation has been used"), text, _PROBLEM)

    if isinstance(refusal, TeamInvitationOver):
        return error_pages.page(
            410,
            _("This invitation has expired"),
            _("It was valid for seven days, or a newer one has replaced it: please look into your mailbox."),
            "accounts/invitation_over.html",
        )

    text = _(
        "Part of it may have been cut off. Please copy the whole line from the e-mail into the address bar."
    )
    return error_pages.page(404, _("This invitation link is not complete"), text + " " + ask, _PROBLEM)
