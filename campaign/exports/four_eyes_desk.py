"""Two people for a list with what is not public: the page on which one asks, another decides, and the first fetches."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import TextAreaField

from campaign.accounts.permissions import Permission, current_member, requires
from campaign.accounts.queries import members
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.forms import Filled, LineField, NoLongerThan, PlainText, TeamForm
from campaign.core.language import language
from campaign.exports import four_eyes
from campaign.exports.desk import bp
from campaign.exports.four_eyes import NoKey, NotAllowed
from campaign.exports.models import CompleteExport
from campaign.extensions import db
from campaign.statements.models import UNSEEN, Statement
from campaign.statements.queries import statement_by_slug, title_of


class AskForm(TeamForm):
    """What for, and the key that the file is encrypted to."""

    why = TextAreaField(
        _l("Purpose"),
        [Filled(_l("Please state the purpose: another member of the team decides on that basis.")), NoLongerThan(1_000), PlainText(lines=True)],
    )
    recipient = LineField(_l("Public key to encrypt the file to (age)"), [Filled(_l("Please give a public key.")), NoLongerThan(200)])


@bp.route("/<slug>/complete-export", methods=["GET", "POST"])
@requires(Permission.EXPORT)
def complete_export(slug: str) -> ResponseReturnValue:
    """See what was asked for; ask."""
    statement, form = _seen_or_404(slug), AskForm()
    key, member = statement.id, current_member().id
    if form.validate_on_submit():
        try:
            with writing() as session:
                four_eyes.ask(session, session.get_one(Statement, key), member, (form.why.data or "").strip(), form.recipient.data or "")
        except NoKey:
            form.recipient.errors = [_("This is not an age public key. It begins with age1, and age-keygen shows it.")]
        else:
            flash(_("Requested. Another member of the team decides within a day."), "done")
            return redirect(url_for(".complete_export", slug=slug), 303)
    page = render_template(
        "exports/desk_complete.html",
        form=form,
        slug=slug,
        title=title_of(key, language()),
        member=member,
        requests=[(found, four_eyes.request_stage(found)) for found in four_eyes.requests_of(db.session(), key)],
        names={found.id: found.name for found in members()},
    )
    return make_response(page, 422 if form.errors else 200)


@bp.post("/<slug>/complete-export/<uuid:request_id>/decide")
@requires(Permission.EXPORT)
def decide_complete(slug: str, request_id: uuid.UUID) -> ResponseReturnValue:
    """Grant or refuse what somebody else has asked for (`decision`: `grant`, `refuse`)."""
    key, member, decision = _seen_or_404(slug).id, current_member().id, request.form.get("decision")
    if decision not in {"grant", "refuse"}:
        abort(422)
    try:
        with writing() as session:
            four_eyes.decide(session, session.get_one(Statement, key), _request(session, request_id), member, grant=decision == "grant")
    except NotAllowed:
        return _not_allowed(slug)
    flash(_("Granted: the member who requested it can download it once, within a day.") if decision == "grant" else _("Refused."), "done")
    return redirect(url_for(".complete_export", slug=slug), 303)


@bp.post("/<slug>/complete-export/<uuid:request_id>/file")
@requires(Permission.EXPORT)
def fetch_complete(slug: str, request_id: uuid.UUID) -> ResponseReturnValue:
    """The file, for whoever asked, once."""
    key, member = _seen_or_404(slug).id, current_member().id
    try:
        with writing() as session:
            file = four_eyes.fetch(session, session.get_one(Statement, key), _request(session, request_id), member)
    except NotAllowed:
        return _not_allowed(slug)
    response = Response(file, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=f"{slug}_{clock.today()}_complete.csv.age")
    return response


def _request(session: Session, request_id: uuid.UUID) -> CompleteExport:
    found = session.get(CompleteExport, request_id, with_for_update=True, populate_existing=True)
    return found or abort(404)


def _seen_or_404(slug: str) -> Statement:
    statement = statement_by_slug(slug)
    if statement is None or statement.status in UNSEEN:
        abort(404)
    return statement


def _not_allowed(slug: str) -> ResponseReturnValue:
    flash(_("This can’t be done: it takes two people, each step can be taken once, and within a day."), "problem")
    return redirect(url_for(".complete_export", slug=slug), 303)
