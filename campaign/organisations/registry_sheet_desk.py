"""The registry as a sheet, for the team: taking it away, and bringing it back after a look at what would happen."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.permissions import Permission, Reach, requires
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.language import language
from campaign.organisations import team_operations
from campaign.organisations.desk import bp
from campaign.organisations.errors import DomainTaken, SheetUnreadable
from campaign.organisations.forms import SheetForm
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.organisations.registry_sheet import Plan, column_meanings, plan_import, write_sheet

# The text of the sheet comes back with the second form, beside what else is in it.
_LARGEST = 800_000


@bp.get("/sheet")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def sheet() -> ResponseReturnValue:
    """What a sheet looks like, with both ways."""
    return _page(SheetForm())


@bp.post("/sheet/export")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def export_sheet() -> ResponseReturnValue:
    """The whole registry. A POST, because it leaves an entry in the audit log."""
    body = write_sheet()
    with writing() as session:
        team_operations.log_export(session)
    response = Response(body, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"organisations-{clock.today().isoformat()}.csv")
    return response


@bp.post("/sheet")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def import_sheet() -> ResponseReturnValue:
    """Show what an import would do; with `confirmed`, do it, all or nothing."""
    form = SheetForm()
    try:
        text = _uploaded(form)
        plan = plan_import(text)
    except SheetUnreadable as unreadable:
        form.sheet.errors = [str(unreadable)]
        return make_response(_page(form), 422)
    if not request.form.get("confirmed") or plan.problems:
        return make_response(_page(form, plan, text), 422 if plan.problems else 200)
    try:
        with writing() as session:
            team_operations.import_sheet(session, plan)
    except DomainTaken as taken:
        form.sheet.errors = [_("%(domain)s belongs to another organisation in the registry.", domain=taken.domain)]
        return make_response(_page(form, plan, text), 422)
    flash(_("Imported: %(new)s new, %(changed)s changed.", new=len(plan.new), changed=len(plan.changed)), "done")
    return redirect(url_for(".index"), 303)


def _page(form: SheetForm, plan: Plan | None = None, text: str = "") -> str:
    return render_template(
        "organisations/desk_sheet.html", form=form, plan=plan, text=text, columns=column_meanings(), similar=_similar(plan) if plan else {}
    )


def _uploaded(form: SheetForm) -> str:
    """The text of the file, or of the one that was looked at before. Raises SheetUnreadable."""
    body = form.sheet.data.read() if form.sheet.data else request.form.get("text", "").encode()
    if not body:
        raise SheetUnreadable(_("Please choose a file."))
    if len(body) > _LARGEST:
        raise SheetUnreadable(_("This sheet is larger than %(most)s kilobytes. Please import it in parts.", most=_LARGEST // 1000))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetUnreadable(_("The file is not in UTF-8. In a spreadsheet program, save it as “CSV UTF-8”.")) from None
    if "\0" in text:
        raise SheetUnreadable(_("This is not a well-formed CSV file. In a spreadsheet program, save it as “CSV UTF-8”."))
    return text


def _similar(plan: Plan) -> dict[int, list[tuple[str, str]]]:
    """By row, (address, name) of those that may be the same."""
    known = organisations_by_id({key for keys in plan.similar.values() for key in keys})
    return {row: [(known[key].slug, display_name(known[key], language())) for key in keys if key in known] for row, keys in plan.similar.items()}
