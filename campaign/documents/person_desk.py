"""The day card of a person, made when the team asks for one."""

from __future__ import annotations

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core import clock, error_pages
from campaign.core.database import writing
from campaign.core.language import language, link_as
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.person_papers import day_card_png
from campaign.documents.person_views import portrait_of
from campaign.documents.views import busy
from campaign.people.dossier import PersonPage, person_page
from campaign.people.team_queries import person_with

bp = Blueprint("person_papers_desk", __name__, url_prefix="/desk/people")


@bp.post("/<slug>/day-card")
@requires(Permission.WRITE_STATEMENTS)
def day_card(slug: str) -> ResponseReturnValue:
    """“1,000 days” as a picture, in the language of the address. A POST, because it leaves an entry in the audit log."""
    person = person_with(slug) or abort(404)
    page = person_page(slug, language())
    link_as(url_for("people_desk.show", slug=slug))
    refused = _refusal(page)
    if page is None or refused:
        return error_pages.page(422, _("No card was made"), refused)
    try:
        body = day_card_png(page, portrait_of(page))
    except TooManyAtOnce:
        return busy()
    with writing() as session:
        record(session, "day card made", f"person:{person.id}", language=language())
    response = Response(body, mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename=f"{slug}-{clock.today()}-{language()}.png")
    return response


def _refusal(page: PersonPage | None) -> str:
    if page is None or not page.shows.full or page.case is None:
        return str(_("Cards are made only for people about whom everything may be shown. Please ask the person or the family first."))
    if page.case.died:
        return str(_("No cards are made after a death."))
    if not page.case.in_custody:
        return str(_("Cards count days only for people who are in detention."))
    if not page.case.days.known:
        return str(_("The number of days is not known. Please enter the date of the arrest first."))
    return ""
