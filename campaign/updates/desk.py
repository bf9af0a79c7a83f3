"""Updates, for the team: written, published, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.integers import whole_number
from campaign.core.language import language
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.mailing.messages import render
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements
from campaign.updates import news_mail, operations
from campaign.updates.errors import EditedMeanwhile, NotForMail
from campaign.updates.forms import NOTHING, UpdateForm, update_form_values
from campaign.updates.labels import kind_choices
from campaign.updates.models import Update
from campaign.updates.queries import UpdateShown, shown, updates_about, updates_for_team, updates_of_statement

bp = Blueprint("updates_desk", __name__, url_prefix="/desk/updates")
_NEWEST = 3


@bp.app_template_global()
def news_of(statement_id: int) -> list[UpdateShown]:
    """The newest of what is told on a statement, for the pages of its signers."""
    return updates_of_statement(statement_id, language())[:_NEWEST]


@bp.app_template_global()
def news_about(person_id: UUID) -> list[UpdateShown]:
    """What was written, or drafted, about a person."""
    return updates_about(person_id, language())


@bp.get("/")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    """Everything written, the newest first."""
    lines = updates_for_team(language(), own_statements())
    statements = {line.id: line for line in statement_lines(language(), drafts=True)}
    return render_template("updates/desk_index.html", lines=lines, statements=statements, kinds=dict(kind_choices()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def create() -> ResponseReturnValue:
    """Write an update; it is published at once or kept for the team."""
    form = UpdateForm(data={"statement": whole_number(request.args.get("statement", "")) or NOTHING})
    if form.validate_on_submit():
        with writing() as session:
            update = operations.enter_update(session, form.entry(), publish="publish" in request.form)
            record(session, "update written", f"update:{update.id}", published=update.published_at is not None)
        return _back(_("Published. Everyone can read it now.") if "publish" in request.form else _("Saved. Only the team can read it."))
    return render_template("updates/desk_form.html", form=form, update=None), 422 if form.errors else 200


@bp.route("/<int:update_id>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def edit(update_id: int) -> ResponseReturnValue:
    """Change an update."""
    update = _or_404(update_id)
    form = UpdateForm(data=update_form_values(update))
    if form.validate_on_submit():
        try:
            with writing() as session:
                locked = session.get_one(Update, update_id, with_for_update=True, populate_existing=True)
                operations.change_update(session, locked, form.entry(), _read_at(form))
                record(session, "update changed", f"update:{update_id}")
        except EditedMeanwhile:
            return _conflict(update_id, form)
        return _back(_("Saved."))
    return render_template("updates/desk_form.html", form=form, update=shown(update, language())), 422 if form.errors else 200


@bp.post("/<int:update_id>/publish")
@requires(Permission.WRITE_STATEMENTS)
def publish(update_id: int) -> ResponseReturnValue:
    """Show it to everyone. Twice is no error."""
    return _carry_out(update_id, operations.publish_update, "update published", _("Published. Everyone can read it now."))


@bp.post("/<int:update_id>/withdraw")
@requires(Permission.WRITE_STATEMENTS)
def withdraw(update_id: int) -> ResponseReturnValue:
    """Take it off the public pages. Twice is no error."""
    return _carry_out(update_id, operations.withdraw_update, "update withdrawn", _("Unpublished. Only the team can read it."))


@bp.post("/<int:update_id>/remove")
@requires(Permission.WRITE_STATEMENTS)
def remove(update_id: int) -> ResponseReturnValue:
    """Delete one that is not published."""
    if _or_404(update_id).published_at is not None:
        flash(_("Please unpublish it first."), "problem")
        return redirect(url_for(".index"), 303)
    return _carry_out(update_id, operations.remove_update, "update removed", _("Deleted."))


@bp.get("/<int:update_id>/mail")
@requires(Permission.WRITE_STATEMENTS)
def mail(update_id: int) -> ResponseReturnValue:
    """Whom a mail about it would reach, how that mail reads, and how far the mails have come."""
    update = _or_404(update_id)
    if update.statement_id is None or update.published_at is None:
        flash(_("Only an update that is published and belongs to a statement can be mailed to its signers."), "problem")
        return redirect(url_for(".index"), 303)
    example = render(news_mail.TEMPLATE, language(), {"link": settings().link_url + "/c/…", "unsubscribe": settings().link_url + "/…"})
    (line,) = statement_lines(language(), drafts=True, ids=[update.statement_id])
    mailing = news_mail.mailing_of(update)
    return render_template("updates/desk_mail.html", update=shown(update, language()), statement=line, mailing=mailing, example=example)


@bp.post("/<int:update_id>/mail")
@requires(Permission.WRITE_STATEMENTS)
def send_mail(update_id: int) -> ResponseReturnValue:
    """Let the worker write to who asked for news. Twice is no error."""
    _or_404(update_id)
    try:
        with writing() as session:
            news_mail.order_mailing(session, session.get_one(Update, update_id, with_for_update=True))
            record(session, "update mailed", f"update:{update_id}")
    except NotForMail:
        return mail(update_id)
    flash(_("The e-mails are on their way. This page shows the progress."), "done")
    return redirect(url_for(".mail", update_id=update_id), 303)


def _carry_out(update_id: int, operation: Any, action: str, said: str) -> ResponseReturnValue:
    _or_404(update_id)
    with writing() as session:
        operation(session, session.get_one(Update, update_id, with_for_update=True))
        record(session, action, f"update:{update_id}")
    return _back(said)


def _conflict(update_id: int, form: Any) -> ResponseReturnValue:
    """The fields hold what was typed; beside each stands what somebody else has saved there."""
    db.session.rollback()
    session: Session = db.session()
    saved = session.get_one(Update, update_id, populate_existing=True)
    values = update_form_values(saved)
    form.state.data = values["state"]
    other = UpdateForm(formdata=None, data=values)
    differing = [(field, other[field.name]) for field in form if field.name not in {"csrf_token", "state"} and _differ(field, other[field.name])]
    return make_response(render_template("updates/desk_form.html", form=form, update=shown(saved, language()), differing=differing), 409)


def _differ(mine: Any, theirs: Any) -> bool:
    return (mine.data or None) != (theirs.data or None)


def _read_at(form: Any) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(form.state.data or "")
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def _or_404(update_id: int) -> Update:
    return db.session.get(Update, update_id) or abort(404)


def _back(said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("updates_desk.index"), 303)
