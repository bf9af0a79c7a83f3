"""Importing signatures collected elsewhere, for the team: upload or paste, name the columns, look, import,
undo.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core.database import writing
from campaign.core.integers import whole_number
from campaign.core.language import language, link_as
from campaign.core.query_parameters import number
from campaign.core.request_body import takes_up_to
from campaign.extensions import db
from campaign.imports import job, operations, staging
from campaign.imports.column_mapping import Layout
from campaign.imports.column_vocabulary import Field, field_names
from campaign.imports.errors import ListRepeated, NotNow, QuestionsOpen, RowsRefused, UndoOver
from campaign.imports.forms import OrderForm, UploadForm
from campaign.imports.models import Import, ImportStage
from campaign.imports.network_members import MembersToRecord, members_to_record
from campaign.imports.operations import Order, Origin
from campaign.imports.preview import example_of, imports_of, preview
from campaign.imports.rights import import_in_path
from campaign.imports.undo import import_can_be_undone, undo_import, would_leave
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.questions import answers_in
from campaign.sheets.readers import Table, read_file, read_lines
from campaign.signatures.models import SignatoryKind
from campaign.statements.errors import KeyDestroyed
from campaign.statements.models import Safety, Statement
from campaign.statements.queries import title_of
from campaign.statements.rights import published_in_path
from campaign.statements.sections import DeskLink
from campaign.statements.tabs import Tab

bp = Blueprint("imports_desk", __name__, url_prefix="/desk/statements")
DESK_LINK = DeskLink(
    _l("Import signatures"),
    70,
    lambda statement: url_for("imports_desk.start", slug=statement.slug),
    Permission.WRITE_STATEMENTS,
    tab=Tab.SIGNATURES,
)
LARGEST_FILE = 25_000_000
_LARGEST_BODY = LARGEST_FILE + 1_000_000
MEMBERS_LINK = DeskLink(
    _l("Record the signatures of members"),
    71,
    lambda statement: url_for("imports_desk.start", slug=statement.slug, members=1),
    Permission.WRITE_STATEMENTS,
    applies=lambda statement: statement.network_id is not None,
    tab=Tab.SIGNATURES,
)
_HEADERS = 12
_ORGANISATIONAL = (Field.WEBSITE, Field.KIND)


@bp.get("/<slug>/import")
@requires(Permission.WRITE_STATEMENTS, of=published_in_path)
def start(statement: Statement) -> ResponseReturnValue:
    """The form for a new list, and the earlier imports. With `members`, those of the statement's network can
    be ticked.
    """
    return _start_page(statement, UploadForm(formdata=None), _offered(statement, "members" in request.args))


@bp.post("/<slug>/import")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=published_in_path)
def receive(statement: Statement) -> ResponseReturnValue:
    """Take a list in, and show how it was understood. With `members_listed`, `members` are ids of members of
    the statement's network.
    """
    form, listed = UploadForm(), _offered(statement, "members_listed" in request.form)
    form.members.choices = listed.choices if listed else []
    if not form.validate():
        return _start_page(statement, form, listed), 422

    origin = Origin(form.source.data or "", form.evidence.data or None, form.collected_on.data)
    try:
        import_id = operations.receive(statement, _table(form, listed), origin)
    except SheetUnreadable as unreadable:
        (form.sheet if form.sheet.data else form.lines).errors = [str(unreadable)]
        return _start_page(statement, form, listed), 422
    except KeyDestroyed:
        form.sheet.errors = [_("The key of this statement has been destroyed: nobody can sign it any more.")]
        return _start_page(statement, form), 422

    return _go_on(statement, import_id)


@bp.get("/<slug>/import/<uuid:import_id>")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def show(statement: Statement, import_: Import) -> ResponseReturnValue:
    """An import at its present stage: rows and columns, progress, or the signatures it brought."""
    if import_.stage in (ImportStage.CHECKING, ImportStage.QUEUED):
        return render_template("imports/desk_import_progress.html", **_shared(statement), import_=import_)

    if import_.stage == ImportStage.CHECKED:
        page = _check_page(statement, import_, OrderForm(formdata=None))
    else:
        undoable, shared = import_can_be_undone(import_), _shared(statement)
        page = render_template("imports/desk_import_done.html", **shared, import_=import_, undoable=undoable)

    response = make_response(page)
    if request.headers.get("HX-Request"):
        # The page that asks shows progress; what comes after it is another one.
        response.headers["HX-Refresh"] = "true"

    return response


@bp.post("/<slug>/import/<uuid:import_id>/columns")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def columns(statement: Statement, import_: Import) -> ResponseReturnValue:
    """Read the list in another way: its columns (`field-<number>`: a field or nothing; or `column-<field>`: a
    number or nothing; `kind`; `header`: a row or 0), and the answers to its questions (`answer-<name>`).
    """
    import_id = import_.id
    before, _labels, _notes = operations.layout_of(import_)
    try:
        operations.arrange(import_id, _layout(before), answers_in(request.form))
    except NotNow:
        flash(_("This list has been imported or removed meanwhile."), "problem")
    return _go_on(statement, import_id)


@bp.get("/<slug>/import/<uuid:import_id>/confirm")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def confirm(statement: Statement, import_: Import) -> ResponseReturnValue:
    """The numbers to be imported, with an example: the first of two clicks."""
    if import_.stage != ImportStage.CHECKED:
        return _to_show(statement, import_.id)

    findings, form = operations.findings_of(import_) or abort(404), OrderForm(request.args)
    if operations.questions_of(import_).open:
        flash(_("Please answer the questions first."), "problem")
        return _check_page(statement, import_, form), 422
    if (findings.refused and not form.leave_problems.data) or (findings.repeated and not form.again.data):
        flash(_("Please decide first what to do with the rows listed here."), "problem")
        return _check_page(statement, import_, form), 422

    return render_template(
        "imports/desk_import_confirm.html",
        **_shared(statement),
        import_=import_,
        form=form,
        findings=findings,
        people=findings.people - (findings.doubled if form.leave_doubles.data else 0),
        example=example_of(import_),
    )


@bp.post("/<slug>/import/<uuid:import_id>/carry-out")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def carry_out(statement: Statement, import_: Import) -> ResponseReturnValue:
    """Import it: the second click."""
    form, import_id = OrderForm(), import_.id
    try:
        operations.tell(import_id, Order(form.leave_problems.data, form.leave_doubles.data, form.again.data))
    except NotNow:
        flash(_("This list has been imported or removed meanwhile."), "problem")
        return _to_start(statement)
    except QuestionsOpen:
        flash(_("Please answer the questions first."), "problem")
    except (RowsRefused, ListRepeated):
        flash(_("Please decide first what to do with the rows listed here."), "problem")
    return _go_on(statement, import_id)


@bp.post("/<slug>/import/<uuid:import_id>/discard")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def discard(statement: Statement, import_: Import) -> ResponseReturnValue:
    """Erase a list that is not to be imported."""
    operations.discard(import_.id)
    flash(_("Erased. Nothing was imported."), "done")
    return _to_start(statement)


@bp.get("/<slug>/import/<uuid:import_id>/undo")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def ask_undo(statement: Statement, import_: Import) -> ResponseReturnValue:
    """The numbers that will leave the list, with an example: the first of two clicks."""
    if not import_can_be_undone(import_):
        return _to_show(statement, import_.id)

    people, organisations, example = would_leave(import_)

    return render_template(
        "imports/desk_import_undo.html",
        **_shared(statement),
        import_=import_,
        example=example,
        people=people,
        organisations=organisations,
        stay=import_.people + import_.organisations - people - organisations,
    )


@bp.post("/<slug>/import/<uuid:import_id>/undo")
@requires(Permission.WRITE_STATEMENTS, of=import_in_path)
def undo(statement: Statement, import_: Import) -> ResponseReturnValue:
    """Undo the import: the second click."""
    import_id = import_.id
    try:
        with writing() as session:
            undo_import(session, import_id)
    except UndoOver:
        flash(_("A day has passed since this import, or it has already been undone."), "problem")
    else:
        flash(_("Undone. The names disappear from the public list within seconds."), "done")
    return _to_show(statement, import_id)


def _to_start(statement: Statement) -> ResponseReturnValue:
    return redirect(url_for(".start", slug=statement.slug), 303)


def _to_show(statement: Statement, import_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".show", slug=statement.slug, import_id=import_id), 303)


def _start_page(statement: Statement, form: UploadForm, listed: MembersToRecord | None = None) -> str:
    link_as(url_for(".start", slug=statement.slug))
    earlier = imports_of(statement.id)
    shared = _shared(statement)
    return render_template(
        "imports/desk_import.html", **shared, form=form, earlier=earlier, kept=staging.KEPT, listed=listed
    )


def _check_page(statement: Statement, import_: Import, form: OrderForm) -> str:
    layout, labels, notes = operations.layout_of(import_)
    return render_template(
        "imports/desk_import_check.html",
        **_shared(statement),
        import_=import_,
        form=form,
        layout=layout,
        columns=operations.columns_of(import_),
        ignored=[label for place, label in enumerate(labels) if place not in layout.columns.values()],
        notes=notes,
        fields=field_names(),
        headers=_HEADERS,
        asked=operations.questions_of(import_),
        findings=operations.findings_of(import_),
        preview=preview(import_, number("page", _("page: a whole number")) or 1),
    )


def _shared(statement: Statement) -> dict[str, Any]:
    title, guarded = title_of(statement.id, language()), statement.safety == Safety.HIGH
    return {"statement": statement, "title": title, "guarded": guarded}


def _offered(statement: Statement, asked: bool) -> MembersToRecord | None:
    """The members that can be ticked; None where nobody asked, or nobody can sign any more."""
    if not asked:
        return None
    try:
        return members_to_record(statement)
    except KeyDestroyed:
        return None


def _table(form: UploadForm, listed: MembersToRecord | None) -> Table:
    if form.sheet.data:
        return read_file(form.sheet.data.stream, asks=True)
    if listed and form.members.data:
        return read_lines(listed.table(form.members.data))
    return read_lines(form.lines.data or "")


def _layout(before: Layout) -> Layout:
    """The layout in the form; a column that is no number is left out."""
    typed = request.form.get("kind")
    kind = SignatoryKind(typed) if typed in set(SignatoryKind) else None
    places = {field: whole_number(request.form.get(f"column-{field}")) for field in Field}
    fields = {field: place for field, place in places.items() if place is not None}
    fields |= _fields_by_column(before)
    # What stands in these columns is not read of people; their organisation is their affiliation.
    read = {
        field: place
        for field, place in fields.items()
        if kind is not SignatoryKind.PERSON or field not in _ORGANISATIONAL
    }
    return Layout(read, kind, whole_number(request.form.get("header")) or 0)


def _fields_by_column(before: Layout) -> dict[Field, int]:
    """What each column was said to hold. Of two columns with one field, the one that was changed has it."""
    found: dict[Field, int] = {}
    for name, said in request.form.items():
        place = whole_number(name.removeprefix("field-")) if name.startswith("field-") else None
        if place is None or said not in set(Field):
            continue
        field = Field(said)
        if field not in found or before.columns.get(field) != place:
            found[field] = place
    return found


def _go_on(statement: Statement, import_id: uuid.UUID) -> ResponseReturnValue:
    """Do the next step of a short list at once, and leave a long one to the worker."""
    import_ = db.session.get(Import, import_id, populate_existing=True)
    if import_ is not None and import_.rows <= job.SHORT:
        job.advance(import_id)
    return _to_show(statement, import_id)
