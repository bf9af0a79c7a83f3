"""Attack protection of a statement, raised and lowered by the team."""

from __future__ import annotations

import datetime as dt

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core.database import writing
from campaign.core.forms import TeamForm
from campaign.core.language import language
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.moderation.review_desk import bp
from campaign.signing import mail_turns
from campaign.signing.attack_protection import protect
from campaign.signing.models import ProtectionLevel
from campaign.signing.queries import protection_of
from campaign.statements.models import Statement
from campaign.statements.queries import title_of
from campaign.statements.rights import statement_in_path
from campaign.statements.sections import DeskLink
from campaign.statements.tabs import Tab

DESK_LINK = DeskLink(
    _l("Attack protection"),
    40,
    lambda statement: url_for("moderation_desk.protection", slug=statement.slug),
    Permission.MODERATE,
    tab=Tab.SIGNATURES,
)


class ProtectionForm(TeamForm):
    """The level of protection of the form, and for how long it holds."""

    level = RadioField(
        _l("Attack protection"),
        [InputRequired(_l("Please choose."))],
        choices=[
            (ProtectionLevel.OFF, _l("Off")),
            (ProtectionLevel.PROOF, _l("Require a calculation")),
            (ProtectionLevel.QUARANTINE, _l("Require a calculation, and review every signature")),
        ],
    )
    hours = SelectField(
        _l("Duration"),
        choices=[("1", _l("1 hour")), ("6", _l("6 hours")), ("24", _l("1 day")), ("72", _l("3 days"))],
        default="6",
    )


@bp.post("/statements/<slug>/protection/held")
@requires(Permission.MODERATE, of=statement_in_path)
def held_mails(statement: Statement) -> ResponseReturnValue:
    """Send the mails of flagged forms, or delete the forms (`decision`: `send`, `delete`)."""
    statement_id, slug, decision = statement.id, statement.slug, request.form.get("decision")
    if decision not in {"send", "delete"}:
        abort(422)
    with writing() as session:
        locked = session.get_one(Statement, statement_id)
        decided = mail_turns.let_go if decision == "send" else mail_turns.discard
        number = decided(session, locked)
    sent = ngettext("%(num)s e-mail will be sent in turn.", "%(num)s e-mails will be sent in turn.", number)
    gone = ngettext("%(num)s form was deleted.", "%(num)s forms were deleted.", number)
    flash(sent if decision == "send" else gone, "done")
    return redirect(url_for(".protection", slug=slug), 303)


@bp.route("/statements/<slug>/protection", methods=["GET", "POST"])
@requires(Permission.MODERATE, of=statement_in_path)
def protection(statement: Statement) -> ResponseReturnValue:
    """See the level, and set it."""
    statement_id, slug = statement.id, statement.slug
    held, form = protection_of(db.session(), statement_id), ProtectionForm()
    if form.validate_on_submit():
        with writing() as session:
            lasts = dt.timedelta(hours=int(form.hours.data))
            protect(session, statement_id, ProtectionLevel(form.level.data), lasts)
        flash(_("Saved. It applies to every form opened from now on, and ends automatically."), "done")
        return redirect(url_for(".protection", slug=slug), 303)

    if not form.is_submitted():
        form.level.data = held.level if held else ProtectionLevel.OFF

    title = title_of(statement_id, language())
    page = render_template(
        "moderation/desk_protection.html",
        form=form,
        held=held,
        statement=statement,
        title=title,
        mails=mail_turns.waiting_mails([statement_id]).get(statement_id),
        rate=settings().attack_mails_per_minute,
    )

    return make_response(page, 422 if form.errors else 200)
