"""The page "Export" of a statement, for the team: the one way to take a list away."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Scope, current_member, requires
from campaign.config import LANGUAGES
from campaign.core import error_pages
from campaign.core.database import writing
from campaign.core.language import language, language_name, link_as
from campaign.exports import jobs, labels, operations
from campaign.exports.age_files import encryption_in
from campaign.exports.columns import DEFAULT
from campaign.exports.errors import FileGone, NobodyListed, NotReadyYet
from campaign.exports.formats import format_named, formats_in_order
from campaign.exports.forms import first_wishes, shown_columns, wishes_in
from campaign.exports.models import ExportJob
from campaign.exports.wishes import Wishes
from campaign.extensions import db
from campaign.statements.models import UNSEEN, Safety, Statement
from campaign.statements.queries import published_revision, title_of
from campaign.statements.rights import published_in_path, statement_in_path
from campaign.statements.tabs import DeskTab, Tab, publish_first

bp = Blueprint("exports_desk", __name__, url_prefix="/desk/statements")
DESK_TAB = DeskTab(
    Tab.EXPORT,
    lambda statement: url_for("exports_desk.page", slug=statement.slug),
    ("exports_desk.",),
    Permission.EXPORT,
    lambda statement: publish_first(
        statement, _("A draft has no list yet. Once the text is published, its list can be exported here.")
    ),
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
    # Never what opens a file.
    kept = {name for name, _values in request.form.lists()} - {"csrf_token", "passphrase"}
    chosen = {name: request.form.getlist(name) for name in sorted(kept)}
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

    encryption, wrong = encryption_in(request.form.get("recipients", ""), request.form.get("passphrase", ""))
    if wrong:
        return _page(statement, wishes, wrong)
    rows = operations.rows_of(statement, wishes)
    if rows > format_named(wishes.format).at_once:
        with writing() as session:
            job_id = jobs.ask(session, statement, current_member().id, wishes, encryption, rows)
        return redirect(url_for(".progress", slug=statement.slug, job_id=job_id), 303)

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

    mimetype = "application/octet-stream" if encryption else file.mimetype
    response = _attached(encryption.encrypted(file.chunks), mimetype, encryption.name_of(file.name))
    # Called when the last byte is sent, and also when the reader goes away earlier.
    response.call_on_close(held.close)

    return response


def _load_job(job_id: uuid.UUID, statement: Statement) -> ExportJob:
    """An export of this statement that the member has asked for. Aborts: 404, also for those of others."""
    found = db.session.get(ExportJob, job_id)
    mine = found is not None and found.member_id == current_member().id
    return found if found is not None and mine and found.statement_id == statement.id else abort(404)


_job_in_path = Scope("job_id", "job", _load_job, within=published_in_path)


@bp.get("/<slug>/export/<uuid:job_id>")
@requires(Permission.EXPORT, of=_job_in_path)
def progress(statement: Statement, job: ExportJob) -> ResponseReturnValue:
    """How far the worker is with a file, and the file once it is made."""
    return render_template(
        "exports/desk_progress.html",
        slug=statement.slug,
        title=title_of(statement.id, language()),
        job=job,
        current=jobs.is_current(job),
        again=jobs.may_try_again(job),
        until=job.asked_at + jobs.KEPT,
    )


@bp.post("/<slug>/export/<uuid:job_id>/again")
@requires(Permission.EXPORT, of=_job_in_path)
def make_again(statement: Statement, job: ExportJob) -> ResponseReturnValue:
    """Ask once more for a file that could not be made, or that is out of date."""
    job_id = job.id
    with writing() as session:
        jobs.again(session, session.get_one(ExportJob, job_id, with_for_update=True, populate_existing=True))
    return redirect(url_for(".progress", slug=statement.slug, job_id=job_id), 303)


@bp.post("/<slug>/export/<uuid:job_id>/file")
@requires(Permission.EXPORT, of=_job_in_path)
def made(statement: Statement, job: ExportJob) -> ResponseReturnValue:
    """The file that the worker made."""
    try:
        chunks = jobs.fetch(job)
    except FileGone:
        return redirect(url_for(".progress", slug=statement.slug, job_id=job.id), 303)
    return _attached(chunks, job.mimetype or "application/octet-stream", job.file_name or "export")


def _attached(chunks: Iterator[bytes], mimetype: str, name: str) -> Response:
    response = Response(chunks, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
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
        jobs=jobs.jobs_of(statement.id, current_member().id),
        recipients=request.values.get("recipients", ""),
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
