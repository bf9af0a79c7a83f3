"""What a frozen list says it is, for whoever holds it in their hands."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from campaign.core.language import language
from campaign.extensions import db
from campaign.handover.freezing import blotted
from campaign.handover.models import FrozenList
from campaign.signatories.queries import counts_of
from campaign.statements.models import UNSEEN, Revision, Statement
from campaign.statements.queries import statement_page

bp = Blueprint("handovers", __name__)
_LONGEST = 60


@bp.get("/v/<document>")
def frozen(document: str) -> ResponseReturnValue:
    """Genuine, which text, the list as of when, what has changed since. Typed from paper, so capitals and spaces do not matter."""
    typed = document.lower().replace(" ", "").replace("-", "")
    found = db.session.get(FrozenList, typed) if len(typed) <= _LONGEST and typed.isalnum() else None
    if found is None or db.session.get_one(Statement, found.statement_id).status in UNSEEN:
        abort(404)
    return render_template(
        "handover/frozen.html",
        frozen=found,
        statement=statement_page(found.statement_id, language()),
        revision=db.session.get_one(Revision, found.revision_id).number,
        counts=counts_of(found.statement_id),
        gone=blotted(found.id),
    )
