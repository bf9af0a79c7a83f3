"""Documents for the team: the letter for Word, in two layouts, and the letter as it was handed over."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.permissions import Permission, Scope, requires
from campaign.core import clock, error_pages
from campaign.core.integers import whole_number
from campaign.core.language import link_as
from campaign.core.sections import Section
from campaign.documents import operations
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import parts_of
from campaign.documents.views import PDF, busy
from campaign.handover.models import FrozenList
from campaign.handover.queries import frozen_list_of
from campaign.signatories.queries import counts_of
from campaign.statements.models import UNSEEN, Statement
from campaign.statements.queries import published_revision
from campaign.statements.rights import published_in_path, statement_in_path

bp = Blueprint("documents_desk", __name__, url_prefix="/desk/statements")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _load_frozen_list(handover_id: int, statement: Statement) -> FrozenList:
    """The list of a handover. Aborts: 404 where this statement has no such handover."""
    return frozen_list_of(statement.id, handover_id) or abort(404)


_frozen_list_in_path = Scope("handover_id", "frozen", _load_frozen_list, within=published_in_path)


@bp.post("/<slug>/word")
@requires(Permission.EXPORT, of=statement_in_path)
def word(statement: Statement) -> ResponseReturnValue:
    """The statement with its list for Word (`layout`: `letter`, `un`; `text`: its language).

    A POST, because it leaves an entry in the audit log.
    """
    layout = request.form.get("layout", "")
    link_as(url_for("statements_desk.show", slug=statement.slug))
    if layout not in operations.LAYOUTS:
        return error_pages.page(422, _("Unknown layout"), _("Please go back and choose one from the list."))
    if statement.status in UNSEEN:
        text = _("Please publish the statement first: then people can sign it.")
        return error_pages.page(422, _("A draft has no list"), text)

    try:
        body = operations.export_word(
            statement, layout, request.form.get("text"), _part(counts_of(statement.id).total)
        )
    except TooManyAtOnce:
        return busy()
    return _to_keep(Response(body, mimetype=DOCX), f"{statement.slug}_{clock.today()}_{layout}.docx")


@bp.post("/<slug>/handovers/<int:handover_id>/letter")
@requires(Permission.EXPORT, of=_frozen_list_in_path)
def handed_over(statement: Statement, frozen: FrozenList) -> ResponseReturnValue:
    """The handed-over statement as a PDF: the text of then, and the list as it stood."""
    link_as(url_for("handover_desk.index", slug=statement.slug))
    try:
        body = operations.export_frozen_letter(statement, frozen, _part(frozen.people + frozen.organisations))
    except TooManyAtOnce:
        return busy()
    return _to_keep(Response(body, mimetype=PDF), f"{statement.slug}_{frozen.id}.pdf")


def _part(signatories: int) -> int:
    """The number of the file that is asked for. Aborts: 404 where there is none."""
    part = whole_number(request.form.get("part", "1"))
    return part if part is not None and 1 <= part <= len(parts_of(signatories)) else abort(404)


def _to_keep(response: Response, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def word_export(statement: Statement) -> Section:
    """The forms for Word beside the table of signatures, with the languages in which the published text
    exists, and the files of a long list.
    """
    revision = published_revision(statement.id)
    texts = tuple(text.language for text in revision.translations) if revision else ()
    parts = parts_of(counts_of(statement.id).total)
    return Section("documents/desk_word.html", {"slug": statement.slug, "texts": texts, "parts": parts})
