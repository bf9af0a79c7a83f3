"""Documents for the team: the letter as it was handed over."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Scope, requires
from campaign.core.integers import whole_number
from campaign.core.language import link_as
from campaign.documents import operations
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import parts_of
from campaign.documents.views import PDF, busy
from campaign.handover.models import FrozenList
from campaign.handover.queries import frozen_list_of
from campaign.statements.models import Statement
from campaign.statements.rights import published_in_path

bp = Blueprint("documents_desk", __name__, url_prefix="/desk/statements")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _load_frozen_list(handover_id: int, statement: Statement) -> FrozenList:
    """The list of a handover. Aborts: 404 where this statement has no such handover."""
    return frozen_list_of(statement.id, handover_id) or abort(404)


_frozen_list_in_path = Scope("handover_id", "frozen", _load_frozen_list, within=published_in_path)


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
