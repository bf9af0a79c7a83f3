"""Removing the sample content from the desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, requires
from campaign.core.database import writing
from campaign.desk.sample_removal import RealSignatures, remove_sample
from campaign.statements.queries import has_sample

bp = Blueprint("sample_desk", __name__, url_prefix="/desk/site/sample")


@bp.get("")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def ask() -> ResponseReturnValue:
    """What will be removed, and the button."""
    if not has_sample():
        return redirect(url_for("site_desk.index"), 303)
    return render_template("desk/sample.html", real=0, keep=False)


# It can't be undone: the password is asked for again, as for the team.
@bp.post("")
@requires(Permission.MANAGE_TEAM, of=Reach.SITE)
def remove() -> ResponseReturnValue:
    """Remove the sample content. Where real people signed there, it asks once more."""
    keep = request.form.get("keep_changed") == "y"
    try:
        with writing() as session:
            report = remove_sample(
                session, with_real_signatures=request.form.get("with_real") == "y", with_changed=not keep
            )
    except RealSignatures as found:
        return render_template("desk/sample.html", real=found.number, keep=keep), 409
    if report.statements:
        flash(_("The sample content has been removed."), "done")
        kept = (*report.organisations_kept, *report.people_kept)
        if kept and keep:
            flash(_("These records stay: %(names)s", names=", ".join(kept)), "note")
        elif kept:
            said = ngettext(
                "%(num)s record stays, because content of your own uses it: %(names)s",
                "%(num)s records stay, because content of your own uses them: %(names)s",
                len(kept),
                names=", ".join(kept),
            )
            flash(said, "note")
    return redirect(url_for("site_desk.index"), 303)
