"""The editor of a statement: everything on one page, with a preview that works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import (
    Reach,
    confined_to,
    current_member,
    refuse_what_concerns_others,
    requires,
)
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.language import language
from campaign.core.request_body import takes_up_to
from campaign.core.text import clean_line, render_markdown
from campaign.extensions import db
from campaign.site.queries import this_site
from campaign.statements import conflicts, form_mapping, team_operations, unsaved_text
from campaign.statements.desk import bp
from campaign.statements.errors import StatementSlugTaken
from campaign.statements.forms import (
    ADDRESSEES,
    LONGEST_BODY,
    OTHER,
    offered_languages,
    statement_form,
    text_label,
)
from campaign.statements.models import Statement
from campaign.statements.queries import newest_revision
from campaign.statements.rights import statement_in_path
from campaign.statements.translation_status import lagging
from campaign.statements.word_import import LARGEST_FILE
from campaign.statements.word_import_desk import take_word

# High enough that a file slightly too large is still read, and refused beside its field.
_LARGEST_BODY = 4 * LARGEST_FILE


@bp.route("/new", methods=["GET", "POST"])
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def create() -> ResponseReturnValue:
    """Create a statement; it stays a draft until it is published."""
    if confined_to() == frozenset():
        # With a role on single statements alone nobody could own what they write.
        refuse_what_concerns_others()
    site = this_site()
    begun = {"time_zone": site.time_zone, "contact_days": str(site.contact_days)}
    form = statement_form(offered_languages())(data=begun)
    if request.method == "GET":
        return _opened_with_unsaved(form, None)
    if "preview" in request.form:
        return _editor(form, preview=_previews(request.form))
    if "take_word" in request.form:
        return _with_word(form)

    if form.validate_on_submit():
        try:
            with writing() as session:
                team_operations.create(session, form_mapping.settings_of(session, form), form.texts())
                unsaved_text.forget(session, current_member().id, None)
        except StatementSlugTaken:
            _say_taken(form)
        else:
            flash(_("Saved as a draft. Nobody outside the team can see it."), "done")
            return redirect(url_for(".show", slug=form.slug.data), 303)

    return _editor(form), 422 if form.errors else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def edit(statement: Statement) -> ResponseReturnValue:
    """Edit a statement. Published texts stay as they are: a changed text waits as a new draft."""
    form = _loaded(statement)
    if request.method == "GET":
        return _opened_with_unsaved(form, statement)
    if "preview" in request.form:
        return _editor(form, statement, preview=_previews(request.form))
    if "take" in request.form:
        return _take(statement, form, request.form["take"])
    if "take_word" in request.form:
        return _with_word(form, statement)

    if form.validate_on_submit():
        try:
            return _save(statement, form)
        except StatementSlugTaken:
            _say_taken(form)
        except EditedMeanwhile:
            return _conflict(statement, form), 409

    return _editor(form, statement), 422 if form.errors else 200


@bp.post("/preview")
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def preview() -> ResponseReturnValue:
    """A preview of the typed texts, as a fragment for htmx. Nothing is saved."""
    return render_template("statements/_preview.html", preview=_previews(request.form))


def _opened_with_unsaved(form: Any, statement: Statement | None) -> str:
    """The editor as it is opened. What the member typed before and did not save is offered, or with `unsaved`
    put into the fields.
    """
    kept = unsaved_text.kept(current_member().id, statement.id if statement else None)
    if kept is None:
        return _editor(form, statement)
    fields = MultiDict([(name, value) for name, values in kept.fields.items() for value in values])
    typed = (
        _loaded(statement, formdata=fields)
        if statement
        else statement_form(offered_languages())(formdata=fields)
    )
    if request.args.get("unsaved"):
        return _editor(typed, statement)
    return _editor(form, statement, unsaved=kept, differing=conflicts.unlike(form, typed))


def _with_word(form: Any, statement: Statement | None = None) -> ResponseReturnValue:
    """The editor with the text of an uploaded file in its fields.

    Everything else stays as typed, and nothing is saved.
    """
    form.validate_word_language(form.word_language)
    taken = take_word(form)
    return _editor(form, statement), 200 if taken else 422


def _loaded(statement: Statement, **of_request: Any) -> Any:
    values = form_mapping.statement_form_values(db.session(), statement)
    existing = [text.language for text in form_mapping.newest_texts(db.session(), statement.id)]
    form = statement_form(offered_languages(existing))(
        data=values | {"state": conflicts.statement_fingerprint(values)}, **of_request
    )
    form.published = statement.published_at is not None
    form.opens_before = statement.opens_at.replace(second=0, microsecond=0) if statement.opens_at else None
    form.closes_before = statement.closes_at.replace(second=0, microsecond=0) if statement.closes_at else None
    return form


def _saved(statement: Statement) -> Any:
    """The form as it would be loaded now."""
    return _loaded(statement, formdata=None)


def _save(statement: Statement, form: Any) -> ResponseReturnValue:
    published = statement.published_at is not None
    with writing() as session:
        drafted = form_mapping.save(session, statement.id, form)
        unsaved_text.forget(session, current_member().id, statement.id)
    if drafted and published:
        flash(_("Saved. The new text is a draft: readers see it once you publish it."), "done")
    else:
        flash(_("Saved."), "done")
    return redirect(url_for(".show", slug=form.slug.data), 303)


def _conflict(statement: Statement, form: Any) -> str:
    """Both versions on one page. The fields hold what was typed, and what only the other person changed."""
    saved = _saved(statement)
    form.base.data = form.base.data or form.state.data
    form.state.data = saved.state.data
    conflicts.take_over(form, saved, form.base.data)
    return _editor(form, statement)


def _take(statement: Statement, form: Any, name: str) -> str:
    """The conflict page, with the saved value taken over into one of its fields."""
    saved = _saved(statement)
    if name in form and name in saved:
        form[name].data = saved[name].data
    return _editor(form, statement)


def _previews(typed: Mapping[str, str]) -> list[tuple[str, str, Markup]]:
    """(language, title, body) of every text on the page that is not empty."""
    codes = [name.removeprefix("title_") for name in typed if name.startswith("title_")]
    texts = [
        (code, clean_line(typed[f"title_{code}"]), typed.get(f"body_{code}", "")[:LONGEST_BODY])
        for code in codes
    ]
    return [(code, title, render_markdown(body)) for code, title, body in texts if title or body.strip()]


def _first_preview(form: Any, opened: str) -> list[tuple[str, str, Markup]]:
    return _previews({name: form[name].data or "" for name in (f"title_{opened}", f"body_{opened}")})


def _opened(form: Any) -> str:
    """The language whose fields are open at first: that of the interface when there is a text in it, else the
    original.
    """
    written = [
        code for code in (*form.languages, OTHER) if form[f"title_{code}"].data or form[f"body_{code}"].data
    ]
    return language() if language() in written else next(iter(written), form.languages[0])


def _say_taken(form: Any) -> None:
    form.slug.errors = [_("Another statement has or had this address. Please choose a different one.")]


def _editor(form: Any, statement: Statement | None = None, **more: Any) -> str:
    opened = _opened(form)
    return render_template(
        "statements/desk_editor.html",
        form=form,
        slug=statement.slug if statement else None,
        published=statement is not None and statement.published_at is not None,
        codes=[*form.languages, OTHER],
        label=text_label,
        rows=range(ADDRESSEES),
        opened=opened,
        original=form.languages[0] if statement else None,
        lagging=lagging(newest_revision(statement.id)) if statement else [],
        drop=url_for(".edit", slug=statement.slug) if statement else None,
        conflict=conflicts.between(form, _saved(statement), form.base.data)
        if statement and form.base.data
        else None,
        **{"preview": _first_preview(form, opened)} | more,
    )
