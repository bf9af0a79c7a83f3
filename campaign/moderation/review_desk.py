"""Organisations in review: what they typed, the registry's organisations of that name, and the decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, current_member, requires
from campaign.core.database import writing
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.moderation import closed_names, operations
from campaign.moderation.forms import NEW, OTHER, ApproveForm, QuestionForm, RejectForm
from campaign.moderation.review_page import ReviewForms, name_page, page
from campaign.moderation.signature_table import SignatureRow, is_closed, row_of, waiting_count
from campaign.organisations.errors import DomainRefused, DomainTaken
from campaign.organisations.models import Organisation
from campaign.organisations.queries import organisation_by_slug, organisations_named
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import Signature
from campaign.signatures.rights import signature_in_path
from campaign.statements.models import Statement
from campaign.statements.rights import own_statements, statement_in_path
from campaign.statements.sections import DeskLink
from campaign.statements.tabs import Tab

bp = Blueprint("moderation_desk", __name__, url_prefix="/desk")
NAV_ENTRY = NavEntry(
    "moderation_desk.review",
    _l("Review"),
    30,
    Permission.MODERATE,
    due=lambda: waiting_count(own_statements()),
)
DESK_LINK = DeskLink(
    _l("Review organisations"),
    20,
    lambda statement: url_for("moderation_desk.review_of_statement", slug=statement.slug),
    Permission.MODERATE,
    look="go",
    applies=lambda statement: waiting_count([statement.id]) > 0,
    tab=Tab.SIGNATURES,
)


@bp.get("/review")
@requires(Permission.MODERATE, of=Reach.OWN)
def review() -> ResponseReturnValue:
    """All organisations that wait, over all statements, oldest first."""
    return make_response(page())


@bp.get("/statements/<slug>/review")
@requires(Permission.MODERATE, of=statement_in_path)
def review_of_statement(statement: Statement) -> ResponseReturnValue:
    """The organisations of one statement that wait, oldest first."""
    return make_response(page(statement_id=statement.id))


@bp.post("/signatures/<uuid:signature_id>/approve")
@requires(Permission.MODERATE, of=signature_in_path)
def approve(signature: Signature) -> ResponseReturnValue:
    """List an organisation as one of the registry, or as a new one."""
    signature_id, form = signature.id, ApproveForm()
    if not closed_names.is_open_for(db.session(), signature, current_member().id):
        return _open_first(signature)
    if not form.validate() or not _chosen(row_of(signature, opened=True), form):
        return _again(signature, ReviewForms(approving=form))

    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            target = _organisation(session, form)
            mailed = operations.approve(session, locked, target, own_domain=bool(form.own_domain.data))
    except (OrganisationSigned, DomainTaken, DomainRefused) as refusal:
        if isinstance(refusal, OrganisationSigned):
            with writing() as session:
                operations.note_refusal(session, session.get_one(Signature, signature_id))
        form.organisation.errors = [_reason(refusal)]
        return _again(db.session.get_one(Signature, signature_id), ReviewForms(approving=form))
    except NotAllowed:
        return _too_late()

    done = _("Approved. The organisation will be on the list within seconds.")
    flash(f"{done} {_told(mailed=mailed)}", "done")

    return redirect(url_for(".review"), 303)


@bp.post("/signatures/<uuid:signature_id>/reject")
@requires(Permission.MODERATE, of=signature_in_path)
def reject(signature: Signature) -> ResponseReturnValue:
    """Refuse an organisation, and tell its signer why."""
    signature_id, form = signature.id, RejectForm()
    if not form.validate():
        return _again(signature, ReviewForms(rejecting=form))

    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            mailed = operations.reject(session, locked, form.reason.data.strip())
    except NotAllowed:
        return _too_late()

    done = _("Rejected. It can be undone in the table of signatures.")
    flash(f"{done} {_told(mailed=mailed)}", "done")

    return redirect(url_for(".review"), 303)


@bp.post("/signatures/<uuid:signature_id>/ask")
@requires(Permission.MODERATE, of=signature_in_path)
def ask(signature: Signature) -> ResponseReturnValue:
    """Ask the signer something; the answer comes to the team's address, where one is set, else to the press
    contact of the statement, else to the member who asks.
    """
    signature_id, statement_id, form = signature.id, signature.statement_id, QuestionForm()
    if not closed_names.is_open_for(db.session(), signature, current_member().id):
        return _open_first(signature)
    if not form.validate():
        return _again(signature, ReviewForms(asking=form))

    member = current_member()
    press = db.session.get_one(Statement, statement_id).press_email
    answer_to, member_id = settings().team_mail or press or member.email, member.id
    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            operations.ask(session, locked, form.question.data.strip(), answer_to, member_id)
    except NotAllowed:
        return _too_late()

    flash(_("The question is on its way. The answer will come to %(address)s.", address=answer_to), "done")

    return redirect(url_for(".review", _anchor=f"s-{signature_id}"), 303)


def _told(*, mailed: bool) -> str:
    said: str = (
        _("The signer is told by e-mail.") if mailed else _("No address is kept, so the signer is not told.")
    )
    return said


def _again(signature: Signature, forms: ReviewForms) -> ResponseReturnValue:
    """The page with the form of a refused decision."""
    if is_closed(signature) and closed_names.is_open_for(db.session(), signature, current_member().id):
        return make_response(name_page(signature, forms), 422)
    again = page(signature.id, approving=forms.approving, rejecting=forms.rejecting, asking=forms.asking)
    return make_response(again, 422)


def _open_first(signature: Signature) -> ResponseReturnValue:
    flash(_("Only the campaign team may see this name. Please open it before you decide."), "problem")
    return redirect(url_for("closed_names_desk.name", signature_id=signature.id), 303)


def _organisation(session: Session, form: Any) -> Organisation | None:
    """The chosen organisation; None for a new one."""
    if form.organisation.data == NEW:
        return None
    if form.organisation.data == OTHER:
        return organisation_by_slug(form.other.data) or abort(404)
    return session.get_one(Organisation, int(form.organisation.data))


def _chosen(row: SignatureRow, form: Any) -> bool:
    """Check that the choice names an organisation."""
    choice = form.organisation.data or ""
    named = {str(found.id) for found in organisations_named(db.session(), row.organisation or "")}
    other = organisation_by_slug(form.other.data) if choice == OTHER else None
    # Nobody signs for a made-up one.
    if choice == OTHER and (other is None or other.fictional):
        form.other.errors = [_("The registry has no organisation at this address.")]
    elif choice not in named | {NEW, OTHER}:
        form.organisation.errors = [_("Please choose which organisation to list it as.")]
    return not form.errors


def _reason(refusal: Exception) -> str:
    text = _(
        "Somebody has already signed for this organisation. Reject this one, or choose another organisation."
    )
    if isinstance(refusal, DomainTaken):
        text = _(
            "The e-mail domain %(domain)s belongs to another organisation in the registry.",
            domain=refusal.domain,
        )

    if isinstance(refusal, DomainRefused):
        text = _(
            "Anyone can have a mailbox at %(domain)s, so it can't be the organisation's own.",
            domain=refusal.domain,
        )

    return str(text)


def _too_late() -> ResponseReturnValue:
    flash(_("This one has been decided or withdrawn meanwhile."), "problem")
    return redirect(url_for(".review"), 303)
