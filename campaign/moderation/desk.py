"""Organisations that wait for review: what they typed, whom the registry knows by that name, and the decision."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.memberships import confined_to
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.language import language, link_as
from campaign.extensions import db
from campaign.moderation import models as _models  # noqa: F401
from campaign.moderation.forms import NEW, OTHER, ApproveForm, RejectForm
from campaign.organisations.domains import can_be_own
from campaign.organisations.errors import DomainRefused, DomainTaken
from campaign.organisations.models import Organisation
from campaign.organisations.operations import add_domain, register_organisation
from campaign.organisations.queries import all_organisations, display_name, organisation_by_slug, organisations_named
from campaign.signatories.desk import signature_or_404
from campaign.signatories.table import Row, row_of
from campaign.signing import operations
from campaign.signing.errors import NotYours, OrganisationSigned
from campaign.signing.models import Signature, Visibility
from campaign.signing.queries import waiting_for_review
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements

bp = Blueprint("moderation_desk", __name__, url_prefix="/desk")
# The oldest ones first; the rest follows as these are decided.
AT_ONCE = 20


@bp.get("/review")
@requires(Permission.MODERATE)
def review() -> ResponseReturnValue:
    """All organisations that wait, over all statements, oldest first."""
    return make_response(_page())


@bp.post("/signatures/<uuid:signature_id>/approve")
@requires(Permission.MODERATE)
def approve(signature_id: uuid.UUID) -> ResponseReturnValue:
    """List an organisation as one of the registry, or as a new one."""
    row, form = row_of(signature_or_404(signature_id)), ApproveForm()
    if not form.validate() or not _chosen(row, form):
        return make_response(_page(signature_id, form), 422)
    try:
        with writing() as session:
            _approve(session, signature_id, form)
            record(session, "organisation approved", f"signature:{signature_id}", own_domain=form.own_domain.data)
    except (OrganisationSigned, DomainTaken, DomainRefused) as refusal:
        form.organisation.errors = [_reason(refusal)]
        return make_response(_page(signature_id, form), 422)
    except NotYours:
        return _too_late()
    flash(_("Approved. The organisation is on the list within seconds."), "done")
    return redirect(url_for(".review"), 303)


@bp.post("/signatures/<uuid:signature_id>/reject")
@requires(Permission.MODERATE)
def reject(signature_id: uuid.UUID) -> ResponseReturnValue:
    """Refuse an organisation, with a reason for the team."""
    signature_or_404(signature_id)
    form = RejectForm()
    if not form.validate():
        return make_response(_page(signature_id, rejecting=form), 422)
    try:
        with writing() as session:
            operations.reject(session, session.get_one(Signature, signature_id, with_for_update=True), form.reason.data.strip())
            record(session, "organisation rejected", f"signature:{signature_id}")
    except NotYours:
        return _too_late()
    flash(_("Rejected. It can be undone in the table of signatures."), "done")
    return redirect(url_for(".review"), 303)


def _page(decided: uuid.UUID | None = None, approving: Any = None, rejecting: Any = None) -> str:
    """The list; the row of a refused decision keeps its form."""
    waiting = waiting_for_review(db.session(), own_statements())
    shown = waiting[:AT_ONCE] + [signature for signature in waiting[AT_ONCE:] if signature.id == decided]
    lines = {line.id: line for line in statement_lines(language(), ids=list({signature.statement_id for signature in shown}))}
    entries = []
    for row in map(row_of, shown):
        mine = row.id == decided
        form = approving if mine and approving else ApproveForm(formdata=None)
        form.organisation.choices = _choices(row)
        form.organisation.data = form.organisation.data or form.organisation.choices[0][0]
        entries.append((row, lines[row.statement_id], form, rejecting if mine and rejecting else RejectForm(formdata=None)))
    link_as(url_for(".review"))
    registry = [(found.slug, display_name(found, language())) for found in all_organisations()] if entries else []
    return render_template("moderation/desk_review.html", entries=entries, waiting=len(waiting), registry=registry, can_be_own=can_be_own)


def _choices(row: Row) -> list[tuple[str, str]]:
    named = [(str(found.id), _described(found)) for found in organisations_named(db.session(), row.organisation or "")]
    new = _("A new organisation, entered into the registry as written here")
    if row.visibility is Visibility.TEAM:
        new = _("An organisation that only the team knows: nothing is entered into the public registry")
    return [*named, (NEW, new), (OTHER, _("Another one of the registry"))]


def _approve(session: Session, signature_id: uuid.UUID, form: Any) -> None:
    signature = session.get_one(Signature, signature_id, with_for_update=True)
    row = row_of(signature)
    organisation = _organisation(session, row, form)
    # A domain decides over signatures on every statement, so that only who works for the organisation enters it.
    confined = confined_to()
    theirs = confined is None or form.organisation.data == NEW or (organisation is not None and organisation.id in confined)
    if organisation is not None and form.own_domain.data and row.mail_domain and theirs:
        add_domain(session, organisation, row.mail_domain)
    operations.approve(session, signature, organisation)


def _organisation(session: Session, row: Row, form: Any) -> Organisation | None:
    if form.organisation.data == NEW and row.visibility is Visibility.TEAM:
        return None
    if form.organisation.data == NEW:
        return register_organisation(session, {row.language: row.organisation or ""}, country=row.country, website=row.website)
    if form.organisation.data == OTHER:
        organisation = organisation_by_slug(form.other.data)
        return organisation if organisation is not None else abort(404)
    return session.get_one(Organisation, int(form.organisation.data))


def _chosen(row: Row, form: Any) -> bool:
    """Check that the choice names an organisation."""
    choice = form.organisation.data or ""
    named = {str(found.id) for found in organisations_named(db.session(), row.organisation or "")}
    if choice == OTHER and organisation_by_slug(form.other.data) is None:
        form.other.errors = [_("There is no organisation at this address of the registry.")]
    elif choice not in named | {NEW, OTHER}:
        form.organisation.errors = [_("Please choose as which organisation it is listed.")]
    return not form.errors


def _described(organisation: Organisation) -> str:
    facts = [organisation.country or "", organisation.website or "", ", ".join(row.domain for row in organisation.domains)]
    return f"{display_name(organisation, language())} ({' · '.join(fact for fact in facts if fact) or organisation.slug})"


def _reason(refusal: Exception) -> str:
    text = _("Somebody has signed for this organisation already. Reject this one, or choose another organisation.")
    if isinstance(refusal, DomainTaken):
        text = _("The mail domain %(domain)s belongs to another organisation of the registry.", domain=refusal.domain)
    if isinstance(refusal, DomainRefused):
        text = _("Everyone can have a mailbox at %(domain)s, so it can't be the organisation's own.", domain=refusal.domain)
    return str(text)


def _too_late() -> ResponseReturnValue:
    flash(_("This one was decided or withdrawn meanwhile."), "problem")
    return redirect(url_for(".review"), 303)
