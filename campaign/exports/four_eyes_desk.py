"""The page for the complete list: one member asks, another decides, and the first fetches."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import TextAreaField

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Scope, current_member, requires
from campaign.accounts.queries import members
from campaign.accounts.two_people import RequestNotAllowed, TooNew, may_be_second, request_stage
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.forms import Filled, LineField, NoLongerThan, PlainText, TeamForm
from campaign.core.language import language
from campaign.core.settings import settings
from campaign.exports import four_eyes
from campaign.exports.desk import bp
from campaign.exports.four_eyes import NoKey
from campaign.exports.models import CompleteExport
from campaign.extensions import db
from campaign.statements.models import Statement
from campaign.statements.queries import title_of
from campaign.statements.rights import published_in_path
from campaign.statements.sections import DeskLink
from campaign.statements.tabs import Tab

DESK_LINK = DeskLink(
    _l("Confidential full export"),
    90,
    lambda statement: url_for("exports_desk.complete_export", slug=statement.slug),
    Permission.EXPORT,
    tab=Tab.EXPORT,
)


def _load_request(request_id: uuid.UUID, statement: Statement) -> CompleteExport:
    """A request for the list of this statement. Aborts: 404."""
    found = db.session.get(CompleteExport, request_id)
    return found if found is not None and found.statement_id == statement.id else abort(404)


_request_in_path = Scope("request_id", "asked", _load_request, within=published_in_path)


class CompleteExportForm(TeamForm):
    """The reason for a request, and the key that the file is encrypted to."""

    why = TextAreaField(
        _l("Purpose"),
        [
            Filled(_l("Please state the purpose: another member of the team decides on that basis.")),
            NoLongerThan(1_000),
            PlainText(lines=True),
        ],
    )
    recipient = LineField(
        _l("Public key to encrypt the file to (age)"),
        [Filled(_l("Please give a public key.")), NoLongerThan(200)],
    )


@bp.route("/<slug>/complete-export", methods=["GET", "POST"])
@requires(Permission.EXPORT, of=published_in_path)
def complete_export(statement: Statement) -> ResponseReturnValue:
    """The requests so far, and the form for a new one."""
    form, member_id = CompleteExportForm(), current_member().id
    if form.validate_on_submit():
        why, recipient = (form.why.data or "").strip(), form.recipient.data or ""
        try:
            with writing() as session:
                four_eyes.ask(session, statement, member_id, why, recipient)
        except NoKey:
            form.recipient.errors = [
                _("This is not an age public key. It begins with age1, and age-keygen shows it.")
            ]
        else:
            flash(_("Requested. Another member of the team decides within a day."), "done")
            return _back(statement)

    found = four_eyes.requests_of(db.session(), statement.id)
    page = render_template(
        "exports/desk_complete.html",
        form=form,
        slug=statement.slug,
        title=title_of(statement.id, language()),
        member=member_id,
        may_grant=may_be_second(db.session(), member_id),
        days=settings().second_person_after_days,
        requests=[(one, request_stage(one), four_eyes.purpose_of(one)) for one in found],
        names={one.id: one.name for one in members()},
    )

    return make_response(page, 422 if form.errors else 200)


@bp.post("/<slug>/complete-export/<uuid:request_id>/decide")
@requires(Permission.EXPORT, of=_request_in_path)
def decide_complete(statement: Statement, asked: CompleteExport) -> ResponseReturnValue:
    """Grant or refuse the request of another member (`decision`: `grant`, `refuse`)."""
    member_id, decision = current_member().id, request.form.get("decision")
    if decision not in {"grant", "refuse"}:
        abort(422)

    try:
        with writing() as session:
            four_eyes.decide(
                session, statement, _locked(session, asked), member_id, grant=decision == "grant"
            )
    except TooNew:
        flash(
            _(
                "You can’t be the second person yet: it takes somebody who has been on the team, in the same "
                "role, for %(days)s days.",
                days=settings().second_person_after_days,
            ),
            "problem",
        )
        return _back(statement)
    except RequestNotAllowed:
        return _not_allowed(statement)

    granted = _("Granted: the member who requested it can download it once, within a day.")
    flash(granted if decision == "grant" else _("Refused."), "done")

    return _back(statement)


@bp.post("/<slug>/complete-export/<uuid:request_id>/file")
@requires(Permission.EXPORT, of=_request_in_path)
def fetch_complete(statement: Statement, asked: CompleteExport) -> ResponseReturnValue:
    """The file, once, for the member who asked."""
    member_id = current_member().id
    try:
        with writing() as session:
            file = four_eyes.fetch(session, statement, _locked(session, asked), member_id)
    except RequestNotAllowed:
        return _not_allowed(statement)

    response = Response(file, mimetype="application/octet-stream")
    name = f"{statement.slug}_{clock.today()}_complete.csv.age"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _locked(session: Session, asked: CompleteExport) -> CompleteExport:
    return session.get_one(CompleteExport, asked.id, with_for_update=True, populate_existing=True)


def _back(statement: Statement) -> ResponseReturnValue:
    return redirect(url_for(".complete_export", slug=statement.slug), 303)


def _not_allowed(statement: Statement) -> ResponseReturnValue:
    flash(
        _("This can’t be done: it takes two people, each step can be taken once, and within a day."),
        "problem",
    )
    return _back(statement)
