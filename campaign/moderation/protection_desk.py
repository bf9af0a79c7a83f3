"""Attack protection of a statement, raised and lowered by the team."""

from __future__ import annotations

import datetime as dt

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.forms import TeamForm
from campaign.core.language import language
from campaign.extensions import db
from campaign.moderation.review_desk import bp
from campaign.signing.attack_protection import protect
from campaign.signing.models import ProtectionLevel
from campaign.signing.queries import protection_of
from campaign.statements.queries import statement_by_slug, title_of


class ProtectionForm(TeamForm):
    """How much is asked of a form, and for how long."""

    level = RadioField(
        _l("Attack protection"),
        [InputRequired(_l("Please choose."))],
        choices=[
            (ProtectionLevel.OFF, _l("Off")),
            (ProtectionLevel.PROOF, _l("Require a calculation")),
            (ProtectionLevel.QUARANTINE, _l("Require a calculation, and review every signature")),
        ],
    )
    hours = SelectField(_l("Duration"), choices=[("1", _l("1 hour")), ("6", _l("6 hours")), ("24", _l("1 day")), ("72", _l("3 days"))], default="6")


@bp.route("/statements/<slug>/protection", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def protection(slug: str) -> ResponseReturnValue:
    """See the level, and set it."""
    statement = statement_by_slug(slug) or abort(404)
    key = statement.id
    held, form = protection_of(db.session(), key), ProtectionForm()
    if form.validate_on_submit():
        with writing() as session:
            protect(session, key, ProtectionLevel(form.level.data), dt.timedelta(hours=int(form.hours.data)))
        flash(_("Saved. It applies to every form opened from now on, and ends automatically."), "done")
        return redirect(url_for(".protection", slug=slug), 303)
    if not form.is_submitted():
        form.level.data = held.level if held else ProtectionLevel.OFF
    page = render_template("moderation/desk_protection.html", form=form, held=held, statement=statement, title=title_of(key, language()))
    return make_response(page, 422 if form.errors else 200)
