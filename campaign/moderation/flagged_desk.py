"""Flagged signatures, decisions on several at once, and the watched names."""

from __future__ import annotations

import uuid
from functools import partial

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, current_member, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import clean_line
from campaign.extensions import db
from campaign.mailing.messages import render
from campaign.moderation import bulk_decisions, closed_names, mails, operations, watched_names
from campaign.moderation.forms import WatchForm
from campaign.moderation.models import Action, Batch, Watched, WatchedName
from campaign.moderation.queries import flagged as flagged_signatures
from campaign.moderation.queries import flagged_count
from campaign.moderation.review_desk import bp
from campaign.organisations.queries import display_name
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import Signature, State
from campaign.signatures.rights import signature_in_path
from campaign.signing import mail_turns
from campaign.statements.models import Statement
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements, statement_in_path
from campaign.statements.sections import DeskLink
from campaign.statements.tabs import Tab

AT_ONCE = 50
NAV_ENTRY = NavEntry(
    "moderation_desk.flagged",
    _l("Flagged signatures"),
    40,
    Permission.MODERATE,
    due=lambda: flagged_count(own_statements()),
)
DESK_LINK = DeskLink(
    _l("Flagged signatures"),
    30,
    lambda statement: url_for("moderation_desk.flagged_of_statement", slug=statement.slug),
    Permission.MODERATE,
    tab=Tab.SIGNATURES,
)


@bp.get("/review/flagged")
@requires(Permission.MODERATE, of=Reach.OWN)
def flagged() -> ResponseReturnValue:
    """Held and hidden signatures, reports and messages, over all statements."""
    return _flagged(own_statements())


@bp.get("/statements/<slug>/flagged")
@requires(Permission.MODERATE, of=statement_in_path)
def flagged_of_statement(statement: Statement) -> ResponseReturnValue:
    """Held and hidden signatures, reports and messages of one statement."""
    return _flagged([statement.id])


@bp.post("/signatures/<uuid:signature_id>/look")
@requires(Permission.MODERATE, of=signature_in_path)
def look(signature: Signature) -> ResponseReturnValue:
    """Find one genuine or false (`decision`: `accept`, `invalidate`)."""
    decision, signature_id = request.form.get("decision"), signature.id
    if decision not in {"accept", "invalidate"}:
        abort(422)

    waits = False
    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            if decision == "accept":
                operations.accept(session, locked)
                waits = locked.state == State.REVIEW
            else:
                operations.invalidate(session, locked, _("Found to be false"))
    except (NotAllowed, OrganisationSigned):
        flash(_("This is no longer possible: the signature has changed meanwhile."), "problem")
    else:
        accepted = (
            _("The organisation is waiting for review again.")
            if waits
            else _("It will be back on the list within seconds.")
        )
        flash(accepted if decision == "accept" else _("Removed as false."), "done")

    return redirect(url_for(".flagged"), 303)


@bp.post("/review/together")
@requires(Permission.MODERATE, of=Reach.OWN)
def together() -> ResponseReturnValue:
    """Show what a decision on several would do, and carry it out once that was seen (`sure`)."""
    action = next((action for action in Action if action == request.form.get("action")), None) or abort(422)
    back = ".review" if action in (Action.APPROVE, Action.REJECT) else ".flagged"
    planned = bulk_decisions.plan(action, _chosen(), own_statements())
    reason = clean_line(request.form.get("reason", "").replace("\0", " "))[:1_000]
    if not any(entry.fits for entry in planned):
        flash(_("Please choose those that you want to decide on together."), "problem")
        return redirect(url_for(back), 303)

    unsaid = action is Action.REJECT and not reason
    if request.form.get("sure") != "y" or unsaid:
        return _preview(action, planned, reason, unsaid=unsaid and request.form.get("sure") == "y")

    fitting, member_id = [entry.row.id for entry in planned if entry.fits], current_member().id
    with writing() as session:
        _batch, outcome = bulk_decisions.decide(
            session, action, fitting, reason or _("Found to be false"), member_id
        )

    flash(_told(outcome), "done")

    return redirect(url_for(back), 303)


@bp.post("/review/together/<int:batch_id>/undo")
@requires(Permission.MODERATE, of=Reach.OWN)
def undo(batch_id: int) -> ResponseReturnValue:
    """Undo a decision that this member made on several at once."""
    batch = db.session.get(Batch, batch_id) or abort(404)
    if batch.member_id != current_member().id:
        flash(_("Only the member who decided this can undo it."), "problem")
        return redirect(url_for(".review"), 303)

    back = ".review" if batch.action in (Action.APPROVE, Action.REJECT) else ".flagged"
    try:
        with writing() as session:
            outcome = bulk_decisions.undo(session, session.get_one(Batch, batch_id, with_for_update=True))
    except NotAllowed:
        flash(_("This can no longer be undone."), "problem")
    else:
        said = _(
            "Undone: %(done)s. Changed since, and left as they are: %(left)s. E-mails already sent: "
            "%(mailed)s.",
            **_numbers(outcome),
        )
        flash(said, "done")

    return redirect(url_for(back), 303)


@bp.route("/review/names", methods=["GET", "POST"])
@requires(Permission.MODERATE, of=Reach.SITE)
def names() -> ResponseReturnValue:
    """The watched names; enter one."""
    form = WatchForm()
    if form.validate_on_submit():
        with writing() as session:
            entered = operations.watch(session, Watched(form.kind.data), form.name.data)
        if entered:
            flash(_("Added. Signatures with this name will be flagged for review."), "done")
            return redirect(url_for(".names"), 303)
        form.name.errors = [_("This name is already on the list, perhaps in another spelling.")]
    page = render_template("moderation/desk_names.html", form=form, names=watched_names.watched_names())
    return make_response(page, 422 if form.errors else 200)


@bp.post("/review/names/<int:name_id>/remove")
@requires(Permission.MODERATE, of=Reach.SITE)
def remove_name(name_id: int) -> ResponseReturnValue:
    """Remove a watched name."""
    if db.session.get(WatchedName, name_id) is None:
        abort(404)
    with writing() as session:
        operations.watch_no_longer(session, session.get_one(WatchedName, name_id))
    flash(_("Removed from the list."), "done")
    return redirect(url_for(".names"), 303)


def _flagged(statements: list[int] | None) -> ResponseReturnValue:
    entries = flagged_signatures(statements, AT_ONCE)
    lines = {line.id: line for line in statement_lines(language(), drafts=True)}
    latest = bulk_decisions.latest_of(current_member().id)
    page = render_template(
        "moderation/desk_flagged.html",
        entries=entries,
        waiting=flagged_count(statements),
        statements=lines,
        batches=latest,
        watched=Watched,
        held=[
            (lines[statement_id], mails)
            for statement_id, mails in mail_turns.waiting_mails(statements).items()
            if statement_id in lines
        ],
        asked_for=closed_names.names_asked_for(statements, current_member().id),
    )
    return make_response(page)


def _preview(
    action: Action, planned: list[bulk_decisions.Planned], reason: str, *, unsaid: bool
) -> ResponseReturnValue:
    example = None
    first = next((entry.row for entry in planned if entry.fits and entry.mailed), None)
    if first is not None:
        told = (
            mails.approved(link="https://…")
            if action is Action.APPROVE
            else mails.rejected(words=reason or "…", link="https://…")
        )
        example = render(told, first.language)
    parts = {"action": action, "planned": planned, "reason": reason, "unsaid": unsaid, "example": example}
    named = partial(display_name, language=language())
    page = render_template("moderation/desk_together.html", named=named, **parts)
    return make_response(page, 422 if unsaid else 200)


def _chosen() -> list[uuid.UUID]:
    """The signatures that were ticked; anything that is not an id is left out."""
    ids = []
    for typed in dict.fromkeys(request.form.getlist("signature")):
        try:
            ids.append(uuid.UUID(typed))
        except ValueError:
            continue
    return ids


def _told(outcome: bulk_decisions.BulkOutcome) -> str:
    done = ngettext("Decided: %(num)s signature.", "Decided: %(num)s signatures.", outcome.done)
    more = _(
        "Changed meanwhile, and left as they are: %(left)s. E-mails on their way: %(mailed)s.",
        **_numbers(outcome),
    )
    undoing = _("You can undo this for a day.")
    return f"{done} {more} {undoing}"


def _numbers(outcome: bulk_decisions.BulkOutcome) -> dict[str, int]:
    return {"done": outcome.done, "left": outcome.left, "mailed": outcome.mailed}
