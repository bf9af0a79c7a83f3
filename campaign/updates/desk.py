"""Updates, for the team: write, publish, withdraw, mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, current_member, requires
from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.integers import whole_number
from campaign.core.language import in_language, language
from campaign.core.settings import settings
from campaign.core.timezones import place_name
from campaign.extensions import db
from campaign.mailing.messages import Rendered, render
from campaign.mailing.operations import enqueue
from campaign.statements.models import Statement
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements
from campaign.statements.sections import DeskLink
from campaign.updates import mails, news_mail, team_operations
from campaign.updates.errors import NotForMail
from campaign.updates.forms import NOTHING, MailingForm, UpdateForm, update_form_values
from campaign.updates.labels import kind_choices
from campaign.updates.models import Update
from campaign.updates.queries import shown, updates_for_team
from campaign.updates.rights import update_in_path

bp = Blueprint("updates_desk", __name__, url_prefix="/desk/updates")
# Above so many recipients one click is not enough.
FEW = 20
NAV_ENTRY = NavEntry("updates_desk.index", _l("Updates"), 90)
DESK_LINK = DeskLink(
    _l("Write an update"),
    80,
    lambda statement: url_for("updates_desk.create", statement=statement.id),
    Permission.WRITE_STATEMENTS,
)


@bp.get("/")
@requires(Permission.READ, of=Reach.OWN)
def index() -> ResponseReturnValue:
    """All updates, the newest first."""
    lines = updates_for_team(language(), own_statements())
    statements = {line.id: line for line in statement_lines(language(), drafts=True)}
    return render_template(
        "updates/desk_index.html", lines=lines, statements=statements, kinds=dict(kind_choices())
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def create() -> ResponseReturnValue:
    """Write an update; it is published at once or stays a draft."""
    form = UpdateForm(data={"statement": whole_number(request.args.get("statement", "")) or NOTHING})
    if form.validate_on_submit():
        publish = "publish" in request.form
        with writing() as session:
            team_operations.write(session, form.entry(), publish=publish)
        return _back(
            _("Published. Everyone can read it now.") if publish else _("Saved. Only the team can read it.")
        )
    return render_template("updates/desk_form.html", form=form, update=None), 422 if form.errors else 200


@bp.route("/<int:update_id>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def edit(update: Update) -> ResponseReturnValue:
    """Change an update."""
    form = UpdateForm(data=update_form_values(update))
    if form.validate_on_submit():
        try:
            with writing() as session:
                team_operations.change(session, update.id, form.entry(), form.state.data or "")
        except EditedMeanwhile:
            return _conflict(update, form)
        return _back(_("Saved."))
    page = render_template("updates/desk_form.html", form=form, update=shown(update, language()))
    return page, 422 if form.errors else 200


@bp.post("/<int:update_id>/publish")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def publish(update: Update) -> ResponseReturnValue:
    """Show it to everyone. Doing it twice is no error."""
    with writing() as session:
        team_operations.publish(session, update.id)
    return _back(_("Published. Everyone can read it now."))


@bp.post("/<int:update_id>/withdraw")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def withdraw(update: Update) -> ResponseReturnValue:
    """Take it off the public pages. Doing it twice is no error."""
    with writing() as session:
        team_operations.withdraw(session, update.id)
    return _back(_("Unpublished. Only the team can read it."))


@bp.post("/<int:update_id>/remove")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def remove(update: Update) -> ResponseReturnValue:
    """Delete an update that is not published."""
    if update.published_at is not None:
        return _back(_("Please unpublish it first."), "problem")
    with writing() as session:
        team_operations.remove(session, update.id)
    return _back(_("Deleted."))


@bp.get("/<int:update_id>/mail")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def mail(update: Update) -> ResponseReturnValue:
    """The recipients of a mail about it, the text of that mail, and how many have been written."""
    if not _can_be_mailed(update):
        return _not_for_mail()
    return _mail_page(update, MailingForm())


@bp.post("/<int:update_id>/mail")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def send_mail(update: Update) -> ResponseReturnValue:
    """Let the worker write to the signers who asked for news, after a second look where they are many. Doing
    it twice is no error.
    """
    if not _can_be_mailed(update):
        return _not_for_mail()
    form = MailingForm()
    form.zone = _zone_of(update)
    if not form.validate_on_submit():
        return _mail_page(update, form), 422
    if "sure" not in request.form and news_mail.mailing_of(update).waiting > FEW:
        return _mail_page(update, form, asked=True)
    try:
        with writing() as session:
            team_operations.mail(session, update.id, form.starts_at(), form.pace())
    except NotForMail:
        return _not_for_mail()
    flash(_("The e-mails are on their way. This page shows the progress."), "done")
    return redirect(url_for(".mail", update_id=update.id), 303)


@bp.post("/<int:update_id>/mail/stop")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def stop_mail(update: Update) -> ResponseReturnValue:
    """Stop the mails that were not sent yet. Doing it twice is no error."""
    with writing() as session:
        team_operations.call_off_mail(session, update.id)
    flash(_("Stopped. Nobody else gets this e-mail."), "done")
    return redirect(url_for(".mail", update_id=update.id), 303)


@bp.post("/<int:update_id>/mail/me")
@requires(Permission.WRITE_STATEMENTS, of=update_in_path)
def mail_me(update: Update) -> ResponseReturnValue:
    """Send the mail in one language to the signed-in member, with links to the public page."""
    if not _can_be_mailed(update):
        return _not_for_mail()
    code = request.form.get("language", "")
    code = code if code in LANGUAGES else language()
    member, named = current_member(), news_mail.named_mail(update, code)
    (line,) = statement_lines(code, drafts=True, ids=[update.statement_id or 0])
    page = settings().site_url + in_language(code, url_for("pages.statement", slug=line.slug))
    with writing() as session:
        enqueue(
            session,
            (named.mail(member.name) if named else mails.news)(link=page, unsubscribe=page),
            language=code,
            recipient=member.email,
            expires_at=clock.now() + dt.timedelta(days=1),
            sender=named.sender if named else "",
        )
    flash(_("Sent to you. Its links lead to the public page."), "done")
    return redirect(url_for(".mail", update_id=update.id), 303)


def _can_be_mailed(update: Update) -> bool:
    return update.statement_id is not None and update.published_at is not None


def _not_for_mail() -> ResponseReturnValue:
    said = _("Only an update that is published and belongs to a statement can be mailed to its signers.")
    return _back(said, "problem")


def _zone_of(update: Update) -> str:
    return db.session.get_one(Statement, update.statement_id).time_zone


def _mail_page(update: Update, form: MailingForm, asked: bool = False) -> str:
    """The page of a mailing; `asked`: the second look before many mails go out."""
    (line,) = statement_lines(language(), drafts=True, ids=[update.statement_id or 0])
    told = news_mail.languages_to_tell(update)
    zone = _zone_of(update)
    return render_template(
        "updates/desk_mail_sure.html" if asked else "updates/desk_mail.html",
        update=shown(update, language()),
        statement=line,
        mailing=news_mail.mailing_of(update),
        told=told,
        examples=[_example(update, code) for code in told or [language()]],
        language_names=LANGUAGES,
        form=form,
        zone=zone,
        zone_place=place_name(zone, language()),
        starts_at=form.starts_at() if asked else None,
    )


@dataclass(frozen=True, slots=True)
class MailExample:
    """A mail in one language as a signer on the list reads it, and the name that it comes from."""

    language: str
    sender: str
    rendered: Rendered


def _example(update: Update, code: str) -> MailExample:
    named, base = news_mail.named_mail(update, code), settings().link_url
    builder = named.mail("") if named else mails.news
    content = builder(link=f"{base}/c/…", unsubscribe=f"{base}/…")
    return MailExample(code, named.sender if named else "", render(content, code))


def _conflict(update: Update, form: Any) -> ResponseReturnValue:
    """The form with what was typed; beside each field stands what somebody else has saved there."""
    values = update_form_values(update)
    form.state.data = values["state"]
    other = UpdateForm(formdata=None, data=values)
    typed = [field for field in form if field.name not in {"csrf_token", "state"}]
    differing = [(field, other[field.name]) for field in typed if _differ(field, other[field.name])]
    page = render_template(
        "updates/desk_form.html", form=form, update=shown(update, language()), differing=differing
    )
    return make_response(page, 409)


def _differ(mine: Any, theirs: Any) -> bool:
    return (mine.data or None) != (theirs.data or None)


def _back(said: str, category: str = "done") -> ResponseReturnValue:
    flash(said, category)
    return redirect(url_for(".index"), 303)
