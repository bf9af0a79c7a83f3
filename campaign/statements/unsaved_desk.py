"""The unsaved text of the editor, for the member who writes it: kept, offered again, and thrown away."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, current_member, requires
from campaign.core.database import writing
from campaign.core.request_body import takes_up_to
from campaign.statements import unsaved_text
from campaign.statements.desk import bp
from campaign.statements.models import Statement
from campaign.statements.rights import statement_in_path

# The texts of all languages; files are not sent.
_LARGEST_BODY = 4_000_000


@bp.post("/unsaved")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def keep_new() -> ResponseReturnValue:
    """Keep what is typed of a new statement, or with `discard` throw it away."""
    return _keep(None) or redirect(url_for(".create"), 303)


@bp.post("/<slug>/unsaved")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def keep_typed(statement: Statement) -> ResponseReturnValue:
    """Keep what is typed of a statement, or with `discard` throw it away."""
    return _keep(statement.id) or redirect(url_for(".edit", slug=statement.slug), 303)


def _keep(statement_id: int | None) -> ResponseReturnValue | None:
    """204 for the script that keeps; None after throwing away."""
    member_id, typed = current_member().id, unsaved_text.typed_fields(request.form)
    if "discard" in request.form:
        with writing() as session:
            unsaved_text.forget(session, member_id, statement_id)
        return None
    try:
        with writing() as session:
            unsaved_text.keep(session, member_id, statement_id, typed)
    except IntegrityError:
        # Another tab of the same member has begun at the same moment: now there is a row.
        with writing() as session:
            unsaved_text.keep(session, member_id, statement_id, typed)
    return "", 204
