"""Handovers of a statement, for the team: write them down, write down the reply, fetch what was handed over."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.language import language, link_as
from campaign.extensions import db
from campaign.handover import deliveries, queries
from campaign.handover.forms import HandoverForm, ReplyForm
from campaign.handover.frozen_lists import lines_of
from campaign.handover.models import Channel, Handover
from campaign.statements.models import UNSEEN, Statement
from campaign.statements.queries import statement_by_slug, title_of

bp = Blueprint("handover_desk", __name__, url_prefix="/desk/statements")


@bp.route("/<slug>/handovers", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def index(slug: str) -> ResponseReturnValue:
    """All handovers, and the form for a new one."""
    statement = _seen_or_404(slug)
    form = HandoverForm()
    form.offer([linked.addressee for linked in statement.addressees])
    if form.is_submitted() and form.validate():
        key = statement.id
        delivery = deliveries.Delivery(
            form.by_whom.data or "", Channel(form.channel.data), form.handed_on.data, form.addressee.data or None, form.to_whom.data or ""
        )
        with writing() as session:
            handover = deliveries.record_handover(session, session.get_one(Statement, key, with_for_update=True), delivery)
            record(session, "handed over", f"statement:{slug}", handover=handover.id, list=handover.frozen_id)
        flash(_("Handover recorded; the list is frozen as of now."), "done")
        return redirect(url_for(".index", slug=slug), 303)
    return _page(statement, form), 422 if form.errors else 200


@bp.post("/<slug>/handovers/<int:handover_id>/reply")
@requires(Permission.WRITE_STATEMENTS)
def reply(slug: str, handover_id: int) -> ResponseReturnValue:
    """Write down that a reply came, or that none did after all."""
    statement = _seen_or_404(slug)
    handover = _of(statement, handover_id)
    form = ReplyForm(handover.handed_on)
    if not form.validate():
        link_as(url_for(".index", slug=slug))
        return _page(statement, _blank(statement), refused=(handover_id, form)), 422
    with writing() as session:
        deliveries.record_reply(session, session.get_one(Handover, handover_id, with_for_update=True), form.replied_on.data, form.reply.data or "")
        record(session, "reply recorded", f"statement:{slug}", handover=handover_id)
    flash(_("Saved."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/handovers/<int:handover_id>/remove")
@requires(Permission.WRITE_STATEMENTS)
def remove(slug: str, handover_id: int) -> ResponseReturnValue:
    """Take back what was written down by mistake. Twice is no error."""
    key = _seen_or_404(slug).id
    with writing() as session:
        handover = session.get(Handover, handover_id)
        if handover is not None and handover.statement_id == key:
            deliveries.remove_delivery(session, handover)
            record(session, "handover removed", f"statement:{slug}", handover=handover_id)
            flash(_("The handover has been removed."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/handovers/<int:handover_id>/list")
@requires(Permission.EXPORT)
def frozen(slug: str, handover_id: int) -> ResponseReturnValue:
    """The list as it was handed over, as JSON lines whose SHA-256 is the digest on the page, unless somebody was blotted out since."""
    handover = _of(_seen_or_404(slug), handover_id)
    key = handover.frozen_id
    with writing() as session:
        record(session, "list exported", f"statement:{slug}", format="json", list=key)
    response = Response(stream_with_context(lines_of(key)), mimetype="application/jsonl")
    response.headers.set("Content-Disposition", "attachment", filename=f"{slug}_{key}.jsonl")
    return response


def _page(statement: Statement, form: HandoverForm, refused: tuple[int, ReplyForm] | None = None) -> str:
    shown = queries.handovers_of(statement.id, language())
    return render_template(
        "handover/desk_handovers.html",
        statement=statement,
        title=title_of(statement.id, language()),
        form=form,
        handovers=[(line, _numbered(refused[1] if refused and refused[0] == line.id else _reply_form(line), line.id)) for line in shown],
        refused=refused[0] if refused else None,
        channels=queries.channel_names(),
    )


def _reply_form(line: queries.HandoverShown) -> ReplyForm:
    return ReplyForm(line.handed_on, formdata=None, data={"replied_on": line.replied_on, "reply": line.reply})


def _numbered(form: ReplyForm, handover_id: int) -> ReplyForm:
    """With ids of its own, since one page holds a form for each handover."""
    for field in form:
        field.id = f"{field.id}-{handover_id}"
    return form


def _blank(statement: Statement) -> HandoverForm:
    form = HandoverForm(formdata=None)
    form.offer([linked.addressee for linked in statement.addressees])
    return form


def _seen_or_404(slug: str) -> Statement:
    statement = statement_by_slug(slug)
    if statement is None or statement.status in UNSEEN:
        abort(404)
    return statement


def _of(statement: Statement, handover_id: int) -> Handover:
    handover = db.session.get(Handover, handover_id)
    if handover is None or handover.statement_id != statement.id:
        abort(404)
    return handover
