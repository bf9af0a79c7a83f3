"""The public form "my name, and I did not sign". Like all public forms it needs no cookie."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.core.database import writing
from campaign.core.integers import whole_number
from campaign.core.language import language, link_as
from campaign.core.limits import limit_visitors
from campaign.core.query_parameters import WrongParameter, chooses_by
from campaign.core.text import searchable
from campaign.moderation.forms import ReportForm
from campaign.moderation.reports import report as take_report
from campaign.signatories.cursor import cursor_at
from campaign.signatories.queries import SignatoryPage, browse
from campaign.statements.published import published_or_404
from campaign.statements.queries import statement_page

bp = Blueprint("moderation", __name__)
_MOST = 20


@bp.get("/s/<slug>/report")
@chooses_by("q", "after")
def report(slug: str) -> ResponseReturnValue:
    """The form: find the name on the list, then say that it is false."""
    return _page(slug, ReportForm())


@bp.post("/s/<slug>/report")
@limit_visitors("10 per minute; 60 per hour", "40 per minute; 240 per hour")
def send_report(slug: str) -> ResponseReturnValue:
    """Hide a name until somebody has looked, within limits that the answer does not reveal."""
    statement_id, form = published_or_404(slug)[0], ReportForm(request.form)
    place = whole_number(request.form.get("position"))
    if not form.validate() or place is None:
        return _page(slug, form, 422, "" if place else _("Please choose the name."))
    # At high safety no address is kept, even if one is given.
    email = "" if statement_page(statement_id, language()).guarded else form.email.data or ""
    with writing() as session:
        taken = take_report(session, statement_id, place, email, (form.note.data or "").strip())
    if not taken:
        return _page(slug, form, 422, _("This name is no longer on the list."))
    return redirect(url_for(".reported", slug=slug), 303)


@bp.get("/s/<slug>/report/thanks")
def reported(slug: str) -> ResponseReturnValue:
    """The page after a report: what happens now."""
    statement = statement_page(published_or_404(slug)[0], language())
    return make_response(render_template("moderation/reported.html", statement=statement))


def _page(slug: str, form: ReportForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    statement = statement_page(published_or_404(slug)[0], language())
    typed, cursor = searchable(request.values.get("q", "")), request.args.get("after")
    after = cursor_at(statement.id, cursor) if cursor else None
    if cursor and after is None:
        raise WrongParameter(_("This link into the middle of the list is not complete."))
    part = browse(statement.id, query=typed, after=after) if typed else SignatoryPage([], None)
    found = [line for line in part.lines if line.name or line.organisation][:_MOST]
    link_as(url_for(".report", slug=slug))
    page = render_template(
        "moderation/report.html",
        statement=statement,
        form=form,
        q=typed,
        found=found,
        problem=problem,
        after=after,
        next=part.next if part.left_off else None,
    )
    return make_response(page, status)
