"""The page "Export" of a statement, for the team: the one way to take a list away."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.permissions import Permission, requires
from campaign.config import LANGUAGES
from campaign.core import error_pages
from campaign.core.language import language, language_name, link_as
from campaign.exports import labels, operations
from campaign.exports.columns import DEFAULT
from campaign.exports.errors import NobodyListed, NotReadyYet
from campaign.exports.formats import format_named, formats_in_order
from campaign.exports.forms import first_wishes, shown_columns, wishes_in
from campaign.exports.wishes import Wishes
from campaign.statements.models import UNSEEN, Safety, Statement
from campaign.statements.queries import published_revision, title_of
from campaign.statements.rights import statement_in_path
from campaign.statements.sections import DeskLink

bp = Blueprint("exports_desk", __name__, url_prefix="/desk/statements")
DESK_LINK = DeskLink(
    _l("Export"), 20, lambda statement: url_for("exports_desk.page", slug=statement.slug), Permission.EXPORT
)


@bp.get("/<slug>/export")
@requires(Permission.EXPORT, of=statement_in_path)
def page(statement: Statement) -> ResponseReturnValue:
    """The choices, and the first rows as they will stand in the file."""
    if statement.status in UNSEEN:
        return _draft(statement)
    wishes, problems = wishes_in(request.args, _texts(statement)) if request.args else (first_wishes(), [])
    return _page(statement, wishes, problems)


def _choices_again() -> str:
    """The address of the page with the choices that were sent."""
    chosen = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    return url_for("exports_desk.page", **request.view_args or {}, **chosen).removeprefix(request.script_root)  # type: ignore[arg-type]


@bp.post("/<slug>/export")
@requires(Permission.EXPORT, of=statement_in_path, again=_choices_again)
def export(statement: Statement) -> ResponseReturnValue:
    """Stream the list. A POST, because each file leaves an entry in the audit log."""
    link_as(url_for(".page", slug=statement.slug))
    if statement.status in UNSEEN:
        return _draft(statement)
    wishes, problems = wishes_in(request.form, _texts(statement))
    if problems or not request.form.get("format"):
        return _page(statement, wishes, problems or [_("Please choose one of the formats.")])

    held = ExitStack()
    try:
        file = held.enter_context(operations.export(statement, wishes, of_nobody=False))
    except NobodyListed:
        return _page(statement, wishes, [])
    except NotReadyYet:
        text = _("Many people are asking for documents at the moment. Please try again in a minute.")
        response = error_pages.page(503, _("This document is still being made"), text)
        response.headers["Retry-After"] = "30"
        return response

    response = Response(file.chunks, mimetype=file.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    # Called when the last byte is sent, and also when the reader goes away earlier.
    response.call_on_close(held.close)

    return response


def _page(statement: Statement, wishes: Wishes, problems: list[str]) -> ResponseReturnValue:
    """The page with these choices; 422 where something is wrong with them."""
    seen = operations.preview(statement, wishes)
    chosen = format_named(wishes.format)
    html = render_template(
        "exports/desk_export.html",
        slug=statement.slug,
        title=title_of(statement.id, language()),
        high=statement.safety == Safety.HIGH,
        wishes=wishes,
        problems=problems,
        preview=seen,
        format=chosen,
        formats=formats_in_order(),
        columns=shown_columns(wishes),
        chosen_columns=wishes.columns or DEFAULT[wishes.contents],
        order=wishes.order or chosen.order,
        texts=[(code, language_name(code)) for code in _texts(statement)],
        all_languages=LANGUAGES,
        words={
            "contents": labels.contents_words(),
            "hints": labels.contents_hints(),
            "order": labels.order_words(),
            "grouping": labels.grouping_words(),
            "headings": labels.headings_words(),
        },
    )
    return make_response(html, 422 if request.method == "POST" or problems else 200)


def _texts(statement: Statement) -> tuple[str, ...]:
    """The languages in which the statement is published."""
    revision = published_revision(statement.id)
    return tuple(text.language for text in revision.translations) if revision else ()


def _draft(statement: Statement) -> ResponseReturnValue:
    link_as(url_for("statements_desk.show", slug=statement.slug))
    text = _("Please publish the statement first: then people can sign it.")
    return error_pages.page(422, _("A draft has no list"), text)
