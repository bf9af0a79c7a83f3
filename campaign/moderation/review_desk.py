"""Organisations in review: what they typed, the registry's organisations of that name, and the decision."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaign.accounts.permissions import Permission, Reach, current_member, requires
from campaign.core.database import writing
from campaign.core.language import language, link_as
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.moderation import operations
from campaign.moderation.bulk_decisions import latest_of
from campaign.moderation.clues import clues_of
from campaign.moderation.forms import NEW, OTHER, ApproveForm, AskForm, RejectForm
from campaign.moderation.signature_table import SignatureRow, row_of
from campaign.organisations.domains import can_be_own
from campaign.organisations.errors import DomainRefused, DomainTaken
from campaign.organisations.models import Organisation
from campaign.organisations.queries import (
    all_organisations,
    display_name,
    organisation_by_slug,
    organisations_named,
)
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import Signature, Visibility
from campaign.signatures.queries import waiting_for_review
from campaign.signatures.rights import signature_in_path
from campaign.statements.models import Statement
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements, statement_in_path

bp = Blueprint("moderation_desk", __name__, url_prefix="/desk")
# The oldest ones first; the rest follows as these are decided.
AT_ONCE = 20


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
    if not form.validate() or not _chosen(row_of(signature), form):
        return make_response(page(signature_id, approving=form), 422)

    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            target = _organisation(session, form)
            operations.approve(session, locked, target, own_domain=bool(form.own_domain.data))
    except (OrganisationSigned, DomainTaken, DomainRefused) as refusal:
        form.organisation.errors = [_reason(refusal)]
        return make_response(page(signature_id, approving=form), 422)
    except NotAllowed:
        return _too_late()

    flash(_("Approved. The organisation will be on the list within seconds."), "done")

    return redirect(url_for(".review"), 303)


@bp.post("/signatures/<uuid:signature_id>/reject")
@requires(Permission.MODERATE, of=signature_in_path)
def reject(signature: Signature) -> ResponseReturnValue:
    """Refuse an organisation, and tell its signer why."""
    signature_id, form = signature.id, RejectForm()
    if not form.validate():
        return make_response(page(signature_id, rejecting=form), 422)

    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            mailed = operations.reject(session, locked, form.reason.data.strip())
    except NotAllowed:
        return _too_late()

    told = (
        _("The signer is told by e-mail.") if mailed else _("No address is kept, so the signer is not told.")
    )
    done = _("Rejected. It can be undone in the table of signatures.")
    flash(f"{done} {told}", "done")

    return redirect(url_for(".review"), 303)


@bp.post("/signatures/<uuid:signature_id>/ask")
@requires(Permission.MODERATE, of=signature_in_path)
def ask(signature: Signature) -> ResponseReturnValue:
    """Ask the signer something; the answer comes to the team's address, where one is set, else to the press
    contact of the statement, else to the member who asks.
    """
    signature_id, statement_id, form = signature.id, signature.statement_id, AskForm()
    if not form.validate():
        return make_response(page(signature_id, asking=form), 422)

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


def page(
    decided: uuid.UUID | None = None,
    *,
    statement_id: int | None = None,
    approving: Any = None,
    rejecting: Any = None,
    asking: Any = None,
) -> str:
    """The list; the row of a refused decision keeps its form."""
    waiting = waiting_for_review(db.session(), own_statements() if statement_id is None else [statement_id])
    rows = [row_of(signature) for signature in waiting]
    shown = rows[:AT_ONCE] + [row for row in rows[AT_ONCE:] if row.id == decided]
    lines = {
        line.id: line for line in statement_lines(language(), ids=list({row.statement_id for row in shown}))
    }
    entries = []
    for row in shown:
        mine = row.id == decided
        form = approving if mine and approving else ApproveForm(formdata=None)
        form.organisation.choices = _choices(row)
        form.organisation.data = form.organisation.data or form.organisation.choices[0][0]
        refusing = rejecting if mine and rejecting else RejectForm(formdata=None)
        question = asking if mine and asking else AskForm(formdata=None)
        entries.append((row, lines[row.statement_id], form, refusing, question, clues_of(row, rows)))

    if decided:
        link_as(url_for(".review"))

    signed = {line.id: line for line in statement_lines(language())} if entries else {}
    registry = (
        [(found.slug, display_name(found, language())) for found in all_organisations()] if entries else []
    )

    return render_template(
        "moderation/desk_review.html",
        entries=entries,
        waiting=len(waiting),
        registry=registry,
        can_be_own=can_be_own,
        statements=signed,
        named=lambda found: display_name(found, language()),
        batches=latest_of(current_member().id),
    )


def _choices(row: SignatureRow) -> list[tuple[str, str]]:
    named = [
        (str(found.id), _described(found))
        for found in organisations_named(db.session(), row.organisation or "")
    ]
    new = _("A new organisation, added to the registry as written here")
    if row.visibility is Visibility.TEAM:
        new = _("An organisation known only to the team: nothing is added to the public registry")
    return [*named, (NEW, new), (OTHER, _("Another organisation in the registry"))]


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
    if choice == OTHER and organisation_by_slug(form.other.data) is None:
        form.other.errors = [_("The registry has no organisation at this address.")]
    elif choice not in named | {NEW, OTHER}:
        form.organisation.errors = [_("Please choose which organisation to list it as.")]
    return not form.errors


def _described(organisation: Organisation) -> str:
    domains = ", ".join(own.domain for own in organisation.domains)
    facts = [fact for fact in (organisation.country, organisation.website, domains) if fact]
    return f"{display_name(organisation, language())} ({' · '.join(facts) or organisation.slug})"


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
