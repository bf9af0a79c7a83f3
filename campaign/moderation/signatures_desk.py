"""The signatures of a statement, for the team, and its decisions on single ones."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import may, requires
from campaign.core.database import writing
from campaign.core.formats import country_codes
from campaign.core.language import language
from campaign.core.sections import Section
from campaign.core.text import searchable
from campaign.extensions import db
from campaign.moderation import operations
from campaign.moderation.signature_table import SignatureFilters, signatures_of
from campaign.signatories.agreement import Demands, agreement_of, reassent_progress_of
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import Provenance, SignatoryKind, Signature, State, Visibility
from campaign.signatures.rights import signature_in_path
from campaign.statements.figures import figures_of
from campaign.statements.models import Statement
from campaign.statements.queries import title_of
from campaign.statements.rights import statement_in_path
from campaign.statements.tabs import DeskTab, Tab, publish_first

bp = Blueprint("signatures_desk", __name__, url_prefix="/desk")
DESK_TAB = DeskTab(
    Tab.SIGNATURES,
    lambda statement: url_for("signatures_desk.table", slug=statement.slug),
    ("signatures_desk.", "moderation_desk.", "imports_desk."),
    not_yet=lambda statement: publish_first(
        statement, _("Nobody can sign before the text is published. Then every signature stands here.")
    ),
)
Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("/statements/<slug>/signatures")
@requires(Permission.READ, of=statement_in_path)
def table(statement: Statement) -> ResponseReturnValue:
    """Signatures in any state, newest first, with filters."""
    filters = filters_in(request.args)
    after = _identifier(request.args.get("after", ""))

    return render_template(
        "moderation/desk_table.html",
        slug=statement.slug,
        status=statement.status,
        title=title_of(statement.id, language()),
        figures=figures_of([statement.id])[statement.id],
        page=signatures_of(statement.id, filters, after, moderates=may(Permission.MODERATE)),
        filters=filters,
        after=after,
        kinds=list(SignatoryKind),
        states=list(State),
        visibilities=list(Visibility),
        provenances=list(Provenance),
        agreement=agreement_of(statement.id),
        mails=reassent_progress_of(statement.id),
    )


def agreement_section(statement: Statement) -> Section | None:
    """On the page of a statement whose demands have changed: the signatories who have agreed to them."""
    agreement = agreement_of(statement.id)
    if agreement is None:
        return None
    mails = reassent_progress_of(statement.id)
    values = {"agreement": agreement, "mails": mails, "slug": statement.slug}
    return Section("moderation/desk_agreement.html", values)


@bp.post("/signatures/<uuid:signature_id>/hide")
@requires(Permission.MODERATE, of=signature_in_path)
def hide(signature: Signature) -> ResponseReturnValue:
    """Take a signature off the list until someone has looked."""
    return _decide(
        signature, operations.hide, _("Hidden. The name disappears from the public list within seconds.")
    )


@bp.post("/signatures/<uuid:signature_id>/show")
@requires(Permission.MODERATE, of=signature_in_path)
def show(signature: Signature) -> ResponseReturnValue:
    """Put a hidden signature back on the list: the same decision as finding it genuine in the queue."""
    return _decide(signature, operations.show_again, _("It will be back on the list within seconds."))


@bp.post("/signatures/<uuid:signature_id>/undo")
@requires(Permission.MODERATE, of=signature_in_path)
def undo(signature: Signature) -> ResponseReturnValue:
    """Take a rejection back: the organisation waits for review again."""
    return _decide(signature, operations.undo_rejection, _("The organisation is waiting for review again."))


@bp.post("/signatures/<uuid:signature_id>/message")
@requires(Permission.MODERATE, of=signature_in_path)
def message(signature: Signature) -> ResponseReturnValue:
    """Show or delete the message that waits to be read (`decision`: `show`, `delete`)."""
    decision = request.form.get("decision")
    if decision not in {"show", "delete"}:
        abort(400)
    shown = decision == "show"

    def decide(session: Session, signature: Signature) -> None:
        operations.decide_message(session, signature, request.form.get("read", ""), show=shown)

    said = _("The message is public now.") if shown else _("The message has been deleted.")
    return _decide(signature, decide, said)


def filters_in(arguments: Mapping[str, str]) -> SignatureFilters:
    """The filters in an address; unknown values are left out."""
    country = arguments.get("country", "").upper()
    return SignatureFilters(
        kind=_choice(SignatoryKind, arguments.get("kind")),
        state=_choice(State, arguments.get("state")),
        visibility=_choice(Visibility, arguments.get("visibility")),
        provenance=_choice(Provenance, arguments.get("provenance")),
        country=country if country in country_codes() else "",
        demands=_choice(Demands, arguments.get("demands")),
        q=searchable(arguments.get("q", "")),
    )


def _decide(
    signature: Signature, operation: Callable[[Session, Signature], None], said: str
) -> ResponseReturnValue:
    """Carry out one decision, and return to the table as it was filtered."""
    signature_id, statement_id = signature.id, signature.statement_id
    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            operation(session, locked)
            if locked.state == State.REVIEW:
                # Also where it was to be shown again: its signer has made it public meanwhile.
                said = _("The organisation is waiting for review again.")
    except NotAllowed:
        flash(_("This is no longer possible: the signature has changed meanwhile."), "problem")
    except OrganisationSigned:
        text = _("The same organisation has signed again meanwhile, so this signature can't be restored.")
        flash(text, "problem")
    else:
        flash(said, "done")

    if request.form.get("queue"):
        return redirect(url_for("moderation_desk.flagged"), 303)

    slug = db.session.get_one(Statement, statement_id).slug
    after = request.args.get("after", "")[:36] or None

    return redirect(url_for(".table", slug=slug, after=after, **filters_in(request.args).arguments()), 303)


def _choice(members: type[Choice], typed: str | None) -> Choice | None:
    return next((member for member in members if member == typed), None)


def _identifier(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        return None
