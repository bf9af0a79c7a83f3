"""The registry as a sheet, for the team: download, and upload after a look at what would happen."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, requires
from campaign.core import clock
from campaign.core.database import writing
from campaign.organisations import team_operations
from campaign.organisations.desk import bp
from campaign.organisations.errors import (
    DomainTaken,
    HasMembers,
    HasStatements,
    MemberAlready,
    MembershipCircle,
    NotANetwork,
)
from campaign.organisations.forms import SheetForm
from campaign.organisations.registry_sheet import RegistryPlan, column_meanings, plan_import, write_sheet
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.upload import uploaded


@bp.get("/sheet")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def sheet() -> ResponseReturnValue:
    """The page with both ways, and the format of a sheet."""
    return _page(SheetForm())


@bp.post("/sheet/export")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def export_sheet() -> ResponseReturnValue:
    """The whole registry. A POST, because it leaves an entry in the audit log."""
    body = write_sheet()
    with writing() as session:
        team_operations.log_export(session)
    response = Response(body, mimetype="text/csv")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"organisations-{clock.today().isoformat()}.csv"
    )
    return response


@bp.post("/sheet")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def import_sheet() -> ResponseReturnValue:
    """Show what an import would do; with `confirmed`, do it, all or nothing."""
    form = SheetForm()
    try:
        plan = plan_import(uploaded(form.sheet))
    except SheetUnreadable as unreadable:
        form.sheet.errors = [str(unreadable)]
        return make_response(_page(form), 422)

    if not request.form.get("confirmed") or plan.problems:
        return make_response(_page(form, plan), 422 if plan.problems else 200)

    try:
        with writing() as session:
            team_operations.import_sheet(session, plan)
    except DomainTaken as taken:
        form.sheet.errors = [
            _("%(domain)s belongs to another organisation in the registry.", domain=taken.domain)
        ]
        return make_response(_page(form, plan), 422)
    except HasStatements:
        form.sheet.errors = [
            _("A network of which there are statements stays a network: please leave “yes” in its row.")
        ]
        return make_response(_page(form, plan), 422)
    except HasMembers:
        form.sheet.errors = [
            _("A network whose members are recorded stays a network: please leave “yes” in its row.")
        ]
        return make_response(_page(form, plan), 422)
    except (MemberAlready, MembershipCircle, NotANetwork):
        form.sheet.errors = [_("The registry has changed meanwhile. Nothing was saved; please try again.")]
        return make_response(_page(form, plan), 422)

    flash(
        _("Imported: %(new)s new, %(changed)s changed.", new=len(plan.new), changed=len(plan.changed)), "done"
    )
    return redirect(url_for(".index"), 303)


def _page(form: SheetForm, plan: RegistryPlan | None = None) -> str:
    return render_template("organisations/desk_sheet.html", form=form, plan=plan, columns=column_meanings())
