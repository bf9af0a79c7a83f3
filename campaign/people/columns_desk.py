"""Case files as CSV and JSON, for the team: download, and upload after a look at what would happen."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, requires
from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.request_body import takes_up_to
from campaign.extensions import db
from campaign.people import team_operations
from campaign.people.columns import columns_for, write_csv, write_json
from campaign.people.desk import bp
from campaign.people.errors import PersonSlugTaken, TimelineFault
from campaign.people.forms import FileForm
from campaign.people.sheet_import import CaseFilePlan, named_elsewhere, plan_import
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.upload import uploaded

# The text of a sheet comes back with the second form, beside its other fields.
_LARGEST_BODY = 16_000_000
_WRITERS = {"csv": (write_csv, "text/csv"), "json": (write_json, "application/json")}


@bp.get("/sheet")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def sheet() -> ResponseReturnValue:
    """The page with both ways, and the format of a file."""
    return _page(FileForm())


@bp.post("/sheet/export")
@requires(Permission.EXPORT, of=Reach.SITE)
def export_sheet() -> ResponseReturnValue:
    """All case files without what is sealed. A POST, because it leaves an entry in the audit log."""
    form = request.form.get("format", "csv")
    if form not in _WRITERS:
        abort(400)

    write, mimetype = _WRITERS[form]
    body = write()
    with writing() as session:
        team_operations.log_export(session, form)

    response = Response(body, mimetype=mimetype)
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"case-files-{clock.today().isoformat()}.{form}"
    )
    return response


@bp.post("/sheet")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def import_sheet() -> ResponseReturnValue:
    """Show what a file would do; then do all of it, or nothing."""
    form = FileForm()
    try:
        plan = plan_import(uploaded(form.file))
    except SheetUnreadable as unreadable:
        form.file.errors = [str(unreadable)]
        return make_response(_page(form), 422)

    if not request.form.get("confirmed") or plan.problems:
        return make_response(_page(form, plan), 422 if plan.problems else 200)

    try:
        with writing() as session:
            team_operations.import_files(session, plan)
    except (PersonSlugTaken, TimelineFault):
        form.file.errors = [
            _("Somebody has changed these case files meanwhile. Please choose the file again.")
        ]
        return make_response(_page(form), 409)

    flash(
        _("Imported: %(new)s new, %(changed)s changed.", new=len(plan.new), changed=len(plan.changed)), "done"
    )
    return redirect(url_for(".index"), 303)


def _page(form: FileForm, plan: CaseFilePlan | None = None) -> str:
    named = named_elsewhere(db.session(), plan) if plan and not plan.problems else []
    return render_template(
        "people/desk_sheet.html", form=form, plan=plan, columns=columns_for(LANGUAGES), named=named
    )
