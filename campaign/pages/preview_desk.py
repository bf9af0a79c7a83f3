"""The public page of a draft as it will look, for the team: on a phone and on a large screen."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.config import LANGUAGES
from campaign.core.headers import in_our_frame, with_frames
from campaign.core.language import default_language, in_language, language
from campaign.pages.views import statement_html
from campaign.signing.forms import blank_form
from campaign.statements.models import Statement
from campaign.statements.queries import newest_revision, statement_page
from campaign.statements.rights import statement_in_path

bp = Blueprint("preview_desk", __name__, url_prefix="/desk/statements")


@bp.get("/<slug>/preview/<code>")
@requires(Permission.READ, of=statement_in_path)
def show(statement: Statement, code: str) -> ResponseReturnValue:
    """The page in one language of the text, narrow and wide, in frames."""
    revision = newest_revision(statement.id)
    written = [text.language for text in revision.translations] if revision else []
    if code not in written:
        abort(404)
    own = url_for(".page", slug=statement.slug, text=code).removeprefix(request.script_root)
    page = render_template(
        "pages/desk_preview.html",
        statement=statement,
        code=code,
        written=written,
        address=in_language(code if code in LANGUAGES else default_language(), own),
    )
    return with_frames(make_response(page))


@bp.get("/<slug>/preview")
@requires(Permission.READ, of=statement_in_path)
def page(statement: Statement) -> Response:
    """The page alone, without what reaches beyond it: nothing can be sent, and no script runs."""
    wanted = request.args.get("text")
    shown = statement_page(statement.id, language(), wanted, draft=True)
    html = statement_html(shown, blank_form(shown), wanted, "pages/preview.html")
    return in_our_frame(make_response(html))
