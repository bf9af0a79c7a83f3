"""Handovers of a statement, for the team: record them and the replies, fetch the list as it was then."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core.database import writing
from campaign.core.language import language, link_as
from campaign.handover import deliveries, queries
from campaign.handover.forms import HandoverForm, ReplyForm
from campaign.handover.frozen_lists import lines_of
from campaign.handover.models import Channel, Handover
from campaign.handover.rights import handover_if_there, handover_in_path
from campaign.statements.models import Statement
from campaign.statements.queries import title_of
from campaign.statements.rights import published_in_path
from campaign.statements.tabs import DeskTab, Tab, publish_first

bp = Blueprint("handover_desk", __name__, url_prefix="/desk/statements")
DESK_TAB = DeskTab(
    Tab.HANDOVER,
    lambda statement: url_for("handover_desk.index", slug=statement.slug),
    ("handover_desk.",),
    Permission.WRITE_STATEMENTS,
    lambda statement: publish_first(
        statement, _("A list is handed over once people have signed: publish the text first.")
    ),
)


@bp.route("/<slug>/handovers", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=published_in_path)
def index(statement: Statement) -> ResponseReturnValue:
    """All handovers, and the form for a new one."""
    form = HandoverForm()
    form.offer([linked.addressee for linked in statement.addressees])
    if not form.validate_on_submit():
        return _page(statement, form), 422 if form.errors else 200

    by_whom, to_whom = form.by_whom.data or "", form.to_whom.data or ""
    channel, addressee_id = Channel(form.channel.data), form.addressee.data or None
    delivery = deliveries.Delivery(by_whom, channel, form.handed_on.data, addressee_id, to_whom)
    with writing() as session:
        locked = session.get_one(Statement, statement.id, with_for_update=True, populate_existing=True)
        deliveries.record_handover(session, locked, delivery)

    flash(_("Handover recorded; the list is frozen as of now."), "done")

    return _back(statement)


@bp.post("/<slug>/handovers/<int:handover_id>/reply")
@requires(Permission.WRITE_STATEMENTS, of=handover_in_path)
def reply(statement: Statement, handover: Handover) -> ResponseReturnValue:
    """Record that a reply came, or that none did after all."""
    form = ReplyForm(handover.handed_on)
    if not form.validate():
        link_as(url_for(".index", slug=statement.slug))
        return _page(statement, _blank(statement), refused=(handover.id, form)), 422

    with writing() as session:
        locked = session.get_one(Handover, handover.id, with_for_update=True, populate_existing=True)
        deliveries.record_reply(session, locked, form.replied_on.data, form.reply.data or "")
    flash(_("Saved."), "done")
    return _back(statement)


@bp.post("/<slug>/handovers/<int:handover_id>/remove")
@requires(Permission.WRITE_STATEMENTS, of=handover_if_there)
def remove(statement: Statement, handover: Handover | None) -> ResponseReturnValue:
    """Remove a handover recorded by mistake. Doing it twice is no error."""
    if handover is None:
        return _back(statement)

    handover_id = handover.id
    with writing() as session:
        # Removed already, if two members clicked at once.
        found = session.get(Handover, handover_id, with_for_update=True)
        if found is not None:
            deliveries.remove_delivery(session, found)
    flash(_("The handover has been removed."), "done")
    return _back(statement)


@bp.post("/<slug>/handovers/<int:handover_id>/list")
@requires(Permission.EXPORT, of=handover_in_path)
def frozen(statement: Statement, handover: Handover) -> ResponseReturnValue:
    """The list as it was handed over, as JSON lines.

    Their SHA-256 is the digest on the page, unless a signatory was removed from it since.
    """
    with writing() as session:
        frozen_id = deliveries.take_frozen_list(session, handover)
    response = Response(stream_with_context(lines_of(frozen_id)), mimetype="application/jsonl")
    name = f"{statement.slug}_{frozen_id}.jsonl"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _back(statement: Statement) -> ResponseReturnValue:
    return redirect(url_for(".index", slug=statement.slug), 303)


def _page(statement: Statement, form: HandoverForm, refused: tuple[int, ReplyForm] | None = None) -> str:
    shown = queries.handovers_of(statement.id, language())
    refused_id, refused_form = refused or (None, None)
    replies = [
        refused_form if refused_form and line.id == refused_id else _reply_form(line) for line in shown
    ]

    return render_template(
        "handover/desk_handovers.html",
        statement=statement,
        title=title_of(statement.id, language()),
        form=form,
        handovers=[(line, _numbered(one, line.id)) for line, one in zip(shown, replies, strict=True)],
        refused=refused_id,
        channels=queries.channel_names(),
    )


def _reply_form(line: queries.HandoverShown) -> ReplyForm:
    return ReplyForm(line.handed_on, formdata=None, data={"replied_on": line.replied_on, "reply": line.reply})


def _numbered(form: ReplyForm, handover_id: int) -> ReplyForm:
    """The form with ids of its own, since one page holds a form for each handover."""
    for field in form:
        field.id = f"{field.id}-{handover_id}"
    return form


def _blank(statement: Statement) -> HandoverForm:
    form = HandoverForm(formdata=None)
    form.offer([linked.addressee for linked in statement.addressees])
    return form
