"""The list of a statement as a file, for the team."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.permissions import Permission, requires
from campaign.core import error_pages
from campaign.core.language import link_as
from campaign.exports import operations
from campaign.exports.forms import ExportForm
from campaign.exports.rows import Format
from campaign.signatories.errors import NoListYet
from campaign.statements.models import Statement
from campaign.statements.rights import statement_in_path

bp = Blueprint("exports_desk", __name__, url_prefix="/desk/statements")


@bp.post("/<slug>/export")
@requires(Permission.EXPORT, of=statement_in_path)
def export(statement: Statement) -> ResponseReturnValue:
    """Stream the list. A POST, because each file leaves an entry in the audit log."""
    form = ExportForm()
    link_as(url_for("statements_desk.show", slug=statement.slug))
    if not form.validate_on_submit():
        return error_pages.page(422, _("Unknown format"), _("Please go back and choose CSV, JSON or text."))

    held = ExitStack()
    try:
        file = held.enter_context(operations.export(statement, Format(form.format.data)))
    except NoListYet:
        text = _("Please publish the statement first: then people can sign it.")
        return error_pages.page(422, _("A draft has no list"), text)

    response = Response(file.chunks, mimetype=file.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    # Called when the last byte is sent, and also when the reader goes away earlier.
    response.call_on_close(held.close)

    return response
