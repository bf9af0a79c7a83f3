"""Documents for the team: the letter for Word, in two layouts, and the poster."""

from __future__ import annotations

from collections import defaultdict

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core import clock, error_pages
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import frozen_letter, letter_of
from campaign.documents.pdf import letter_pdf
from campaign.documents.views import PDF, busy
from campaign.documents.word import letter_docx, un_docx
from campaign.extensions import db
from campaign.handover.queries import frozen_list_of
from campaign.organisations.models import Organisation, UnStatus
from campaign.organisations.queries import display_name
from campaign.signatories.queries import whole_list
from campaign.signatures.models import SignatoryKind, Signature
from campaign.signatures.queries import IS_LISTED
from campaign.statements.models import UNSEEN, Statement, Status
from campaign.statements.queries import published_revision, statement_by_slug

bp = Blueprint("documents_desk", __name__, url_prefix="/desk/statements")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LAYOUTS = ("letter", "un")


@bp.post("/<slug>/word")
@requires(Permission.EXPORT)
def word(slug: str) -> ResponseReturnValue:
    """The statement with its list for Word (`layout`: `letter`, `un`; `text`: its language). A POST, because it leaves an entry in the audit log."""
    statement = statement_by_slug(slug) or abort(404)
    layout, wanted = request.form.get("layout", ""), request.form.get("text")
    link_as(url_for("statements_desk.show", slug=slug))
    if layout not in LAYOUTS:
        return error_pages.page(422, _("Unknown layout"), _("Please go back and choose one from the list."))
    if statement.status in UNSEEN:
        return error_pages.page(422, _("A draft has no list"), _("Please publish the statement first: then people can sign it."))
    letter = letter_of(statement.id, wanted)
    body = letter_docx(letter) if layout == "letter" else un_docx(letter, by_status(statement.id, letter.statement.language))
    with writing() as session:
        rows = len(letter.organisations) + len(letter.people)
        record(session, "list exported", f"statement:{slug}", format="docx", rows=rows, version=letter.counts.version)
    return _to_keep(Response(body, mimetype=DOCX), f"{slug}_{clock.today()}_{layout}.docx")


@bp.post("/<slug>/handovers/<int:handover_id>/letter")
@requires(Permission.EXPORT)
def handed_over(slug: str, handover_id: int) -> ResponseReturnValue:
    """What was handed over as a PDF: the text of then, and the list as it stood."""
    frozen = frozen_list_of(slug, handover_id) or abort(404)
    link_as(url_for("handover_desk.index", slug=slug))
    try:
        body = letter_pdf(frozen_letter(frozen))
    except TooManyAtOnce:
        return busy()
    with writing() as session:
        record(session, "list exported", f"statement:{slug}", format="pdf", list=frozen.id)
    return _to_keep(Response(body, mimetype=PDF), f"{slug}_{frozen.id}.pdf")


def by_status(statement_id: int, language: str) -> dict[UnStatus, list[str]]:
    """The organisations of the list by consultative status, each with its name in the language of the text.

    Those of the archive stand with the name that they signed with.
    """
    found: dict[UnStatus, list[str]] = defaultdict(list)
    archived = db.session.get_one(Statement, statement_id).status == Status.ARCHIVED
    of_list = select(Signature.position, Organisation).join(Organisation, Signature.organisation_id == Organisation.id)
    registered = {row[0]: row[1] for row in db.session.execute(of_list.where(Signature.statement_id == statement_id, IS_LISTED))}
    for line in whole_list(statement_id):
        if line.kind == SignatoryKind.ORGANISATION and line.organisation:
            organisation = registered.get(line.position)
            name = display_name(organisation, language) if organisation and not archived else line.organisation
            found[UnStatus(organisation.un_status) if organisation else UnStatus.NONE].append(name)
    return {status: sorted(names, key=str.casefold) for status, names in found.items()}


def _to_keep(response: Response, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.app_template_global()
def texts_of(slug: str) -> tuple[str, ...]:
    """The languages in which the published text exists."""
    statement = statement_by_slug(slug)
    revision = published_revision(statement.id) if statement else None
    return tuple(text.language for text in revision.translations) if revision else ()
