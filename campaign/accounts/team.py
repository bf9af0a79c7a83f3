"""The owners' pages: the team, and its audit log."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import audit, audit_words, invitations, memberships, operations
from campaign.accounts.errors import AddressTaken, LastOwner, OwnAccount, OwnersOnly
from campaign.accounts.forms import TeamInvitationForm, role_hints, role_names, role_permissions
from campaign.accounts.grants import ROLES, Permission
from campaign.accounts.models import TeamMember
from campaign.accounts.permissions import Reach, current_member, requires
from campaign.accounts.queries import members
from campaign.accounts.rights import member_in_path
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.query_parameters import number

bp = Blueprint("team", __name__, url_prefix="/desk")


@bp.get("/team")
@requires(Permission.MANAGE_TEAM, of=Reach.SITE)
def index() -> ResponseReturnValue:
    """The page of all members, and the form that invites."""
    return _page(_invitation_form())


@bp.post("/team")
@requires(Permission.MANAGE_TEAM, of=Reach.SITE)
def invite() -> ResponseReturnValue:
    """Add a member and send the invitation."""
    form = _invitation_form()
    if not form.validate():
        return _page(form), 422

    try:
        with writing() as session:
            member = operations.add_member(
                session, form.email.data, form.name.data, form.role.data, language=language()
            )
            invitations.invite_by_mail(session, member.id)
    except AddressTaken:
        form.email.errors = [_("Somebody on the team already has this address.")]
        return _page(form), 422

    return _back(_("An invitation is on its way. It is valid for seven days."))


@bp.post("/team/<int:member_id>/role")
@requires(Permission.MANAGE_TEAM, of=member_in_path)
def change_role(member: TeamMember) -> ResponseReturnValue:
    """Give a member another role, at once."""
    role = request.form.get("role", "")
    if role not in ROLES:
        abort(400)
    try:
        with writing() as session:
            operations.change_role(session, member.id, role, current_member().id)
    except (LastOwner, OwnAccount, OwnersOnly) as refusal:
        return _refused(refusal)
    return _back(_("The role was changed."))


@bp.post("/team/<int:member_id>/deactivate")
@requires(Permission.MANAGE_TEAM, of=member_in_path)
def deactivate(member: TeamMember) -> ResponseReturnValue:
    """Take all access from a member, at once."""
    try:
        with writing() as session:
            operations.deactivate(session, member.id, current_member().id)
    except (LastOwner, OwnAccount, OwnersOnly) as refusal:
        return _refused(refusal)
    return _back(_("The account is switched off, and all its sessions have ended."))


@bp.post("/team/<int:member_id>/activate")
@requires(Permission.MANAGE_TEAM, of=member_in_path)
def activate(member: TeamMember) -> ResponseReturnValue:
    """Let a member sign in again."""
    try:
        with writing() as session:
            operations.activate(session, member.id, current_member().id)
    except OwnersOnly as refusal:
        return _refused(refusal)
    return _back(_("The account is switched on again."))


@bp.post("/team/<int:member_id>/invitation")
@requires(Permission.MANAGE_TEAM, of=member_in_path)
def invite_again(member: TeamMember) -> ResponseReturnValue:
    """Send a new invitation, also to a member who has forgotten the password."""
    if not member.active:
        abort(400)
    try:
        with writing() as session:
            operations.refuse_for_owners_only(session, current_member().id, operations.role_of(member))
            invitations.invite_by_mail(session, member.id)
    except OwnersOnly as refusal:
        return _refused(refusal)
    return _back(_("A new invitation is on its way. Earlier ones no longer work."))


@bp.get("/audit")
@requires(Permission.MANAGE_TEAM, of=Reach.SITE)
def log() -> ResponseReturnValue:
    """The audit log, newest first, and whether it is whole."""
    before = number("before", _("This link into the middle of the list is not complete.")) or None
    lines, older = audit.page(before)

    return render_template(
        "accounts/audit.html",
        lines=lines,
        older=older,
        chain=None if before else audit.verify_chain(),
        names={str(member.id): member.name for member in members()},
        action_text=audit_words.action_text,
        detail_texts=audit_words.detail_texts,
        subject_of=audit_words.subject_of,
    )


def _page(form: TeamInvitationForm) -> str:
    return render_template(
        "accounts/team.html",
        form=form,
        members=members(),
        names=role_names(),
        permissions=role_permissions(),
        own=current_member().id,
        by_owner=_is_owner(),
        asking=invitations.asking_again(),
        hints=role_hints(),
        role_of=operations.role_of,
        bounds=memberships.works_for(),
    )


def _back(message: str, category: str = "done") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("team.index"), 303)


def _invitation_form() -> TeamInvitationForm:
    return TeamInvitationForm(by_owner=_is_owner())


def _is_owner() -> bool:
    return operations.role_of(current_member()) == "owner"


def _refused(refusal: Exception) -> ResponseReturnValue:
    if isinstance(refusal, OwnAccount):
        text = _(
            "Nobody changes their own role or switches off their own account. Please ask somebody else who "
            "manages the team."
        )
    elif isinstance(refusal, OwnersOnly):
        text = _("Only an owner adds owners or changes their accounts.")
    else:
        text = _("The site needs at least one active owner. Please make somebody else an owner first.")
    return _back(text, "problem")
