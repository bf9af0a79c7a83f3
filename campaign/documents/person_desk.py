"""The day card of a person, made when the team asks for one."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core import clock, error_pages
from campaign.core.language import language, link_as
from campaign.documents import operations
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.person_views import portrait_of
from campaign.documents.views import busy
from campaign.people.dossier import PersonPage, person_page
from campaign.people.models import Person
from campaign.people.rights import person_in_path

bp = Blueprint("person_papers_desk", __name__, url_prefix="/desk/people")


@bp.post("/<slug>/day-card")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def day_card(person: Person) -> ResponseReturnValue:
    """“1,000 days” as a picture, in the language of the address.

    A POST, because it leaves an entry in the audit log.
    """
    page = person_page(person.slug, language())
    link_as(url_for("people_desk.show", slug=person.slug))
    refused = _refusal(page)
    if page is None or refused:
        return error_pages.page(422, _("No card was made"), refused)

    try:
        body = operations.make_day_card(person, page, portrait_of(page), language())
    except TooManyAtOnce:
        return busy()

    response = Response(body, mimetype="image/png")
    name = f"{person.slug}-{clock.today()}-{language()}.png"
    response.headers.set("Content-Disposition", "attachment", filename=name)

    return response


def _refusal(page: PersonPage | None) -> str:
    if page is None or not page.shows.full or page.case is None:
        return str(
            _(
                "Cards are made only for people about whom everything may be shown. Please ask the person "
                "or the family first."
            )
        )
    if page.case.died:
        return str(_("No cards are made after a death."))
    if not page.case.in_custody:
        return str(_("Cards count days only for people who are in detention."))
    if not page.case.days.known:
        return str(_("The number of days is not known. Please enter the date of the arrest first."))

    return ""
