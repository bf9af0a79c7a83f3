"""The editor of a translation beside its original."""

from __future__ import annotations

import re

from babel import localedata
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.language import link_as
from campaign.extensions import db
from campaign.statements import conflicts, form_mapping
from campaign.statements.desk import bp
from campaign.statements.differences import Fate, Piece, differences
from campaign.statements.forms import TranslationForm
from campaign.statements.models import Revision, Statement, Translation
from campaign.statements.operations import StatementText
from campaign.statements.queries import draft_revision, newest_revision, published_revisions
from campaign.statements.rights import statement_in_path
from campaign.statements.translation_status import lagging, last_followed, mark_of


@bp.route("/<slug>/translate/<code>", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def translate(statement: Statement, code: str) -> ResponseReturnValue:
    """Write a translation beside the original. It waits as a draft until it is published."""
    if not re.fullmatch(r"[a-z]{2,3}", code) or not localedata.exists(code):
        abort(404)
    link_as(url_for(".translate", slug=statement.slug, code=code))
    revision = newest_revision(statement.id)
    if revision is None or revision.translations[0].language == code:
        return redirect(url_for(".edit", slug=statement.slug))

    form = _loaded(statement, code)
    if "take" in request.form:
        return _take(statement, code, form, request.form["take"])
    if form.validate_on_submit():
        try:
            return _save(statement, code, form)
        except EditedMeanwhile:
            return _conflict(statement, code, form), 409

    return _page(statement, code, form), 422 if form.errors else 200


def _loaded(statement: Statement, code: str, *, saved: bool = False) -> TranslationForm:
    """The form as it was typed, or as it would be loaded now (`saved`)."""
    texts = form_mapping.newest_texts(db.session(), statement.id)
    values = next(({"title": text.title, "body": text.body} for text in texts if text.language == code), {})
    data = values | {"state": form_mapping.text_state(texts, code), "followed": mark_of(texts[0])}
    return TranslationForm(formdata=None, data=data) if saved else TranslationForm(data=data)


def _save(statement: Statement, code: str, form: TranslationForm) -> ResponseReturnValue:
    published = statement.published_at is not None
    text = StatementText(code, form.title.data or "", form.body.data or "")
    state, followed, right = form.state.data or "", form.followed.data or "", "right" in request.form
    with writing() as session:
        drafted = form_mapping.save_translation(
            session, statement.id, text, state, right=right, followed=followed
        )
    if drafted and published:
        flash(_("Saved. The new text is a draft: readers see it once you publish it."), "done")
    else:
        flash(_("Saved."), "done")
    return redirect(url_for(".show", slug=statement.slug), 303)


def _conflict(statement: Statement, code: str, form: TranslationForm) -> str:
    saved = _loaded(statement, code, saved=True)
    form.base.data = form.base.data or form.state.data
    form.state.data = saved.state.data
    conflicts.take_over(form, saved, form.base.data or "")
    return _page(statement, code, form)


def _take(statement: Statement, code: str, form: TranslationForm, name: str) -> str:
    """The conflict page, with the saved value taken over into one of its fields."""
    if name in ("title", "body"):
        form[name].data = _loaded(statement, code, saved=True)[name].data
    return _page(statement, code, form)


def _page(statement: Statement, code: str, form: TranslationForm) -> str:
    revision = newest_revision(statement.id)
    if revision is None:
        abort(404)
    lags = code in lagging(revision)

    return render_template(
        "statements/desk_translate.html",
        slug=statement.slug,
        code=code,
        form=form,
        lags=lags,
        # A published text never changes: what was said of it is kept with the next one.
        may_be_right=lags and draft_revision(statement.id) is not None,
        original=revision.translations[0],
        pieces=_changes(revision, code, published_revisions(statement.id)) if lags else [],
        conflict=conflicts.between(form, _loaded(statement, code, saved=True), form.base.data)
        if form.base.data
        else None,
        drop=url_for(".translate", slug=statement.slug, code=code),
    )


def _changes(revision: Revision, code: str, revisions: list[Revision]) -> list[Piece]:
    """The changes in the original since this translation was last in line with it; empty where that is no
    longer known.
    """
    before = last_followed(revision, code, revisions)
    pieces = differences(_whole(before), _whole(revision.translations[0])) if before else []
    return pieces if any(piece.fate is not Fate.STAYS for piece in pieces) else []


def _whole(text: Translation) -> str:
    return f"{text.title}\n\n{text.body}"
