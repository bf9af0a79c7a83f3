"""Statements for the team: the list, one statement, and the steps of its life: publish, close, archive,
reopen.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Permission, Reach, requires
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.language import language, link_as
from campaign.core.text import render_markdown
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.statements import operations, team_operations
from campaign.statements.errors import NotFromHere, NothingToPublish
from campaign.statements.figures import figures_of
from campaign.statements.forms import PublishForm
from campaign.statements.models import UNSEEN, Change, Revision, Safety, Statement, Status
from campaign.statements.queries import draft_revision, newest_revision, statement_lines, title_of
from campaign.statements.rights import own_statements, statement_in_path
from campaign.statements.sections import desk_notices, desk_sections, links_of
from campaign.statements.translation_status import lagging

_CHANGED = _l(
    "Somebody has changed the draft since you opened this page. Please read it again before you publish it."
)
bp = Blueprint("statements_desk", __name__, url_prefix="/desk/statements")
NAV_ENTRY = NavEntry("statements_desk.index", _l("Statements"), 20)


@bp.get("/")
@requires(Permission.READ, of=Reach.OWN)
def index() -> ResponseReturnValue:
    """All statements, drafts included, with their counts."""
    lines = statement_lines(language(), drafts=True, ids=own_statements())
    return render_template(
        "statements/desk_index.html", lines=lines, figures=figures_of([line.id for line in lines])
    )


@bp.get("/<slug>")
@requires(Permission.READ, of=statement_in_path)
def show(statement: Statement) -> ResponseReturnValue:
    """One statement: its status, its revisions, and the steps that are open."""
    return _show(statement, PublishForm(formdata=None))


@bp.post("/<slug>/publish")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def publish(statement: Statement) -> ResponseReturnValue:
    """Publish the draft. A later revision says what it changes."""
    form = PublishForm()
    if not _may_publish(statement, form):
        return _show(statement, form), 422

    change = Change(form.change.data) if form.change.data else None
    try:
        with writing() as session:
            team_operations.publish(
                session, statement.id, change, form.note.data or "", form.draft.data or ""
            )
    except NothingToPublish:
        flash(_("There is no new text to publish."), "problem")
    except EditedMeanwhile:
        form.draft.errors = [_CHANGED]
        return _show(statement, form), 409
    else:
        flash(_("Published. Everyone can read it now."), "done")

    return _back(statement)


@bp.post("/<slug>/safety")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def raise_safety(statement: Statement) -> ResponseReturnValue:
    """Choose high safety for a text that is not public yet. Doing it twice is no error."""
    with writing() as session:
        raised = team_operations.raise_safety(session, statement.id)
    if raised:
        flash(_("High safety is chosen. Publishing fixes it."), "done")
    elif statement.safety != Safety.HIGH:
        flash(_("The text is public: its level of safety is fixed."), "problem")
    return _back(statement)


@bp.post("/<slug>/close")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def close(statement: Statement) -> ResponseReturnValue:
    """Close a statement to signatures. Doing it twice is no error."""
    with writing() as session:
        closed = team_operations.close(session, statement.id)
    if closed:
        flash(_("Closed. The statement no longer accepts signatures."), "done")
    return _back(statement)


@bp.post("/<slug>/archive")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def archive(statement: Statement) -> ResponseReturnValue:
    """Archive a statement that has ended. Doing it twice is no error."""
    with writing() as session:
        archived = team_operations.archive(session, statement.id)
    if archived:
        flash(
            _("Archived. It can be read as before, and organisations keep the names that they signed with."),
            "done",
        )
    return _back(statement)


@bp.post("/<slug>/reopen")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def reopen(statement: Statement) -> ResponseReturnValue:
    """Reopen a statement to signatures. Doing it twice is no error."""
    try:
        with writing() as session:
            reopened = team_operations.reopen(session, statement.id)
    except NotFromHere:
        flash(
            _(
                "It stays closed: its key has been destroyed, so that nobody can find out who signed."
                " Without it nobody could be kept from signing twice."
            ),
            "problem",
        )
    else:
        if reopened:
            flash(_("Reopened. The statement accepts signatures again."), "done")
    return _back(statement)


def _back(statement: Statement) -> ResponseReturnValue:
    return redirect(url_for(".show", slug=statement.slug), 303)


def _show(statement: Statement, form: Any) -> str:
    link_as(url_for(".show", slug=statement.slug))
    draft = draft_revision(statement.id)
    form.draft.data = operations.revision_digest(draft) if draft else ""
    owners = organisations_by_id(owner.organisation_id for owner in statement.owners)

    return render_template(
        "statements/desk_show.html",
        statement=statement,
        title=title_of(statement.id, language()),
        figures=figures_of([statement.id])[statement.id],
        owners=[display_name(owners[owner.organisation_id], language()) for owner in statement.owners],
        draft=draft,
        draft_texts=[(text, render_markdown(text.body)) for text in draft.translations] if draft else [],
        languages_written=_written(newest_revision(statement.id)),
        lagging=lagging(newest_revision(statement.id)),
        form=form,
        links=links_of(statement) if statement.published_at else [],
        notices=desk_notices.of(statement),
        sections=desk_sections.of(statement) if statement.published_at else [],
    )


def _written(revision: Revision | None) -> list[str]:
    return [text.language for text in revision.translations] if revision else []


def _may_publish(statement: Statement, form: Any) -> bool:
    """Refuse to publish what the person pressing the button can't have meant."""
    form.validate()
    draft = draft_revision(statement.id)
    if draft and form.draft.data != operations.revision_digest(draft):
        form.draft.errors = [_CHANGED]
    if draft and operations.is_final(statement, form.change.data):
        form.draft.errors = [_("Nobody can agree to a new text any more. Please reopen the statement first.")]

    if statement.status == Status.CIRCULATING:
        form.draft.errors = [
            _(
                "The statement is circulating: the text and the list are published together, from the"
                " circulation page."
            )
        ]

    if statement.status in UNSEEN and statement.closes_at and statement.closes_at <= clock.now():
        form.draft.errors = [_("The closing day has passed. Please choose a later one first.")]
    if draft and draft.number > 1 and form.change.data not in {Change.EDITORIAL, Change.MATERIAL}:
        form.change.errors = [_("Please say what has changed.")]

    if draft and draft.number > 1 and form.change.data == Change.MATERIAL and not form.note.data:
        form.note.errors = [
            _(
                "The demands change: please say in one sentence what exactly changes, for everyone who has"
                " signed."
            )
        ]

    return not form.errors
