"""Statements for the team: the list, one statement with its text and its settings, and the steps of its
life: publish, close, archive, reopen.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, requires
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.language import language, link_as
from campaign.core.text import render_markdown
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.statements import checklist, operations, team_operations
from campaign.statements.checklist import Point, Standing
from campaign.statements.errors import NotFromHere, NothingToPublish
from campaign.statements.figures import figures_of
from campaign.statements.forms import PublishForm
from campaign.statements.models import Change, Revision, Safety, Statement, Status, Translation
from campaign.statements.queries import (
    draft_revision,
    newest_revision,
    recipients,
    statement_lines,
    title_of,
)
from campaign.statements.rights import own_statements, statement_in_path
from campaign.statements.sections import desk_notices, desk_sections
from campaign.statements.tabs import DeskTab, Tab, tab_named
from campaign.statements.topics import shown, topics_of
from campaign.statements.translation_status import lagging

_CHANGED = _l(
    "Somebody has changed the draft since you opened this page. Please read it again before you publish it."
)
bp = Blueprint("statements_desk", __name__, url_prefix="/desk/statements")
NAV_ENTRY = NavEntry("statements_desk.index", _l("Statements"), 20)
TEXT_TAB = DeskTab(
    Tab.TEXT,
    lambda statement: url_for("statements_desk.show", slug=statement.slug),
    (
        "statements_desk.show",
        "statements_desk.publish",
        "statements_desk.check",
        "statements_desk.edit",
        "statements_desk.translate",
        "preview_desk.",
    ),
)
SETTINGS_TAB = DeskTab(
    Tab.SETTINGS,
    lambda statement: url_for("statements_desk.settings", slug=statement.slug),
    ("statements_desk.settings", "statements_desk.close", "statements_desk.archive"),
)


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
    """One statement: its text, its languages, and what is published of it."""
    draft = draft_revision(statement.id)
    return render_template(
        "statements/desk_show.html",
        statement=statement,
        title=title_of(statement.id, language()),
        figures=figures_of([statement.id])[statement.id],
        draft=draft,
        texts=texts_of(newest_revision(statement.id)),
        languages_written=_written(newest_revision(statement.id)),
        lagging=lagging(newest_revision(statement.id)),
        points=_open_points(statement, draft),
        notices=desk_notices.of(statement),
        sections=desk_sections.of(statement) if statement.published_at else [],
    )


@bp.get("/<slug>/settings")
@requires(Permission.READ, of=statement_in_path)
def settings(statement: Statement) -> ResponseReturnValue:
    """The settings of a statement, and the steps of its life that are open."""
    owners = organisations_by_id(owner.organisation_id for owner in statement.owners)
    return render_template(
        "statements/desk_settings.html",
        statement=statement,
        owners=[display_name(owners[owner.organisation_id], language()) for owner in statement.owners],
        addressees=recipients(statement, language()),
        topics=[shown(topic, language()) for topic in topics_of(statement.id)],
    )


@bp.get("/<slug>/not-yet/<tab>")
@requires(Permission.READ, of=statement_in_path)
def not_yet(statement: Statement, tab: str) -> ResponseReturnValue:
    """The reason why a tab cannot be used yet, and what to do; once it can, its page."""
    wanted = tab_named(tab) or abort(404)
    reason = wanted.not_yet(statement)
    if reason is None:
        return redirect(wanted.address(statement))
    return render_template("statements/desk_not_yet.html", tab=wanted, reason=reason)


@bp.get("/<slug>/publish")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def check(statement: Statement) -> ResponseReturnValue:
    """All that becomes public with the draft, on one page with one button."""
    if statement.status == Status.CIRCULATING:
        return redirect(url_for("circulation_desk.publish", slug=statement.slug))
    if draft_revision(statement.id) is None:
        flash(_("There is no new text to publish."), "problem")
        return _back(statement)
    return _publish_page(statement, PublishForm(formdata=None))


@bp.post("/<slug>/publish")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def publish(statement: Statement) -> ResponseReturnValue:
    """Publish the draft. A later revision says what it changes."""
    form = PublishForm()
    if not _may_publish(statement, form):
        return _publish_page(statement, form), 422

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
        return _publish_page(statement, form), 409
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
    return _to_settings(statement)


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
    return _to_settings(statement)


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
    return _to_settings(statement)


def _back(statement: Statement) -> ResponseReturnValue:
    return redirect(url_for(".show", slug=statement.slug), 303)


def _to_settings(statement: Statement) -> ResponseReturnValue:
    return redirect(url_for(".settings", slug=statement.slug), 303)


def _publish_page(statement: Statement, form: Any) -> str:
    link_as(url_for(".check", slug=statement.slug))
    draft = draft_revision(statement.id)
    form.draft.data = operations.revision_digest(draft) if draft else ""
    return render_template(
        "statements/desk_publish.html",
        statement=statement,
        draft=draft,
        draft_texts=texts_of(draft),
        points=checklist.points(statement, draft) if draft else [],
        stopped=bool(draft and statement.published_at is None and checklist.missing(statement, draft)),
        lagging=lagging(draft),
        form=form,
    )


def _open_points(statement: Statement, draft: Revision | None) -> list[Point]:
    """What is to be seen to before the first publication."""
    if draft is None or statement.status != Status.DRAFT:
        return []
    return [point for point in checklist.points(statement, draft) if point.standing is not Standing.DONE]


def texts_of(revision: Revision | None) -> list[tuple[Translation, Markup]]:
    """The translations of a revision, each with its body as it will read."""
    return [(text, render_markdown(text.body)) for text in revision.translations] if revision else []


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

    elif draft and statement.published_at is None:
        stops = [f"{point.name}: {point.said}" for point in checklist.missing(statement, draft)]
        form.draft.errors = [*form.draft.errors, *stops]
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
