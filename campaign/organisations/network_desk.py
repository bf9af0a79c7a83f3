"""The members of a network, for the team: one by one, or from a table."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import confined_to, requires
from campaign.core.database import writing
from campaign.core.integers import whole_number
from campaign.core.language import language, link_as
from campaign.extensions import db
from campaign.organisations import network_sheet, networks, team_operations
from campaign.organisations.desk import bp
from campaign.organisations.duplicates import similar_to
from campaign.organisations.errors import MemberAlready, MembershipCircle, NotANetwork, UntilBeforeSince
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.network_forms import MembershipDatesForm, MemberTableForm, NewMemberForm
from campaign.organisations.queries import (
    display_name,
    organisation_at,
    organisations_by_id,
    organisations_named,
)
from campaign.organisations.rights import (
    may_write_of,
    membership_in_path,
    network_in_path,
    network_of_site_in_path,
)
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.questions import answers_in
from campaign.sheets.upload import uploaded

_PAGE = 100
_MOST_MEANT = 10


@bp.get("/<slug>/members")
@requires(Permission.WRITE_STATEMENTS, of=network_in_path)
def members(network: Organisation) -> ResponseReturnValue:
    """The members of a network, in pages."""
    return _page(network, NewMemberForm(formdata=None))


@bp.post("/<slug>/members")
@requires(Permission.WRITE_STATEMENTS, of=network_in_path)
def add_member(network: Organisation) -> ResponseReturnValue:
    """Record one member; `member` is the address of one that was chosen where the name left it open."""
    form = NewMemberForm()
    meant = _meant(form) if form.validate() else []
    if form.errors or len(meant) != 1:
        return _page(network, form, meant), 422
    try:
        with writing() as session:
            team_operations.enter_member(
                session, network.id, meant[0].id, form.span(), form.source.data or ""
            )
    except (MemberAlready, MembershipCircle, NotANetwork, UntilBeforeSince) as refused:
        _say_why(form, refused)
        return _page(network, form), 422
    flash(_("Saved."), "done")
    return redirect(url_for(".members", slug=network.slug), 303)


@bp.route("/<slug>/members/<int:membership_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=membership_in_path)
def edit_member(network: Organisation, membership: NetworkMembership) -> ResponseReturnValue:
    """Change the dates and the source of a membership: the way to say that it has ended."""
    span, membership_id = networks.span_of(membership), membership.id
    form = MembershipDatesForm(
        data={"since": str(span.since or ""), "until": str(span.until or ""), "source": membership.source}
    )
    if form.validate_on_submit():
        try:
            with writing() as session:
                team_operations.change_member(session, membership_id, form.span(), form.source.data or "")
        except (MemberAlready, UntilBeforeSince) as refused:
            _say_why(form, refused)
        else:
            flash(_("Saved."), "done")
            return redirect(url_for(".members", slug=network.slug), 303)

    member = db.session.get_one(Organisation, membership.member_id)
    page = render_template(
        "organisations/desk_member.html",
        network=network,
        name=display_name(network, language()),
        member=display_name(member, language()),
        membership=membership,
        form=form,
    )
    return page, 422 if form.errors else 200


@bp.post("/<slug>/members/<int:membership_id>/remove")
@requires(Permission.WRITE_STATEMENTS, of=membership_in_path)
def remove_member(network: Organisation, membership: NetworkMembership) -> ResponseReturnValue:
    """Remove a membership that was recorded by mistake."""
    membership_id = membership.id
    with writing() as session:
        team_operations.remove_member(session, membership_id)
    flash(_("Removed. The organisation stays in the registry."), "done")
    return redirect(url_for(".members", slug=network.slug), 303)


@bp.post("/<slug>/members/table")
@requires(Permission.WRITE_STATEMENTS, of=network_of_site_in_path)
def member_table(network: Organisation) -> ResponseReturnValue:
    """Show what a table would do, with its questions (`answer-<name>`); with `confirmed`, do it."""
    form, again = MemberTableForm(), bool(request.form.get("text"))
    link_as(url_for(".members", slug=network.slug))
    try:
        plan = network_sheet.plan_members(
            network.id, _table(form, again=again), answers_in(request.form), again=again
        )
    except SheetUnreadable as unreadable:
        form.sheet.errors = [str(unreadable)]
        return make_response(_page(network, NewMemberForm(formdata=None), table=form), 422)

    if not request.form.get("confirmed") or not plan.can_be_carried_out:
        # What is to be corrected comes back as it was pasted, or as it was read from the file.
        form.lines.data = request.form.get("lines") or plan.text
        page = render_template(
            "organisations/desk_member_table.html",
            network=network,
            name=display_name(network, language()),
            plan=plan,
            form=form,
        )
        return make_response(page, 422 if plan.problems else 200)

    network_id = network.id
    try:
        with writing() as session:
            team_operations.import_members(session, network_id, plan)
    except (MemberAlready, MembershipCircle, NotANetwork):
        flash(_("The registry has changed meanwhile. Nothing was saved; please try again."), "problem")
    else:
        flash(
            _("Imported: %(new)s new, %(changed)s changed.", new=len(plan.new), changed=len(plan.changed)),
            "done",
        )
    return redirect(url_for(".members", slug=network.slug), 303)


def _table(form: MemberTableForm, *, again: bool) -> bytes:
    # As it was sent: a form makes blanks of the tabs between cells.
    pasted = "" if again or form.sheet.data else request.form.get("lines", "")
    return pasted.encode() if pasted.strip() else uploaded(form.sheet)


def _page(
    network: Organisation,
    form: NewMemberForm,
    meant: list[Organisation] | None = None,
    table: MemberTableForm | None = None,
) -> str:
    after = _after(network)
    found = networks.members_of(network.id, after, _PAGE + 1)
    link_as(url_for(".members", slug=network.slug))
    return render_template(
        "organisations/desk_members.html",
        network=network,
        name=display_name(network, language()),
        form=form,
        table=table or MemberTableForm(formdata=None),
        lines=[
            (one, display_name(one.organisation, language()), may_write_of(one.organisation.id))
            for one in found[:_PAGE]
        ],
        whole_site=confined_to() is None,
        total=networks.count_members(network.id),
        after=after[0],
        next=found[_PAGE - 1].membership_id if len(found) > _PAGE else None,
        meant=[(one, display_name(one, language())) for one in meant or []],
        columns=network_sheet.column_names_of_members(),
    )


def _after(network: Organisation) -> tuple[str, int]:
    """The place after which a page begins, by the id of a membership; the beginning without it."""
    asked = whole_number(request.args.get("after", "")) or 0
    return networks.place_of_member(network.id, asked) or ("", 0)


def _meant(form: NewMemberForm) -> list[Organisation]:
    """The organisation that was typed or chosen; else those that may be meant, with the reason said."""
    chosen, name = organisation_at(request.form.get("member", "")), form.organisation.data or ""
    exact = [chosen] if chosen is not None else organisations_named(db.session(), name)
    own = [one for one in exact if may_write_of(one.id)]
    if exact and not own:
        form.organisation.errors = [
            _(
                "You can record only organisations that you work for. Please ask somebody who works for the"
                " whole site."
            )
        ]
        return []
    if len(own) == 1:
        return own
    ids = similar_to([name])[:_MOST_MEANT]
    known = organisations_by_id(ids)
    found = own or [known[each] for each in ids if each in known and may_write_of(each)]
    form.organisation.errors = [
        _("Which of these is it? Please choose it below.")
        if found
        else _("The registry has no organisation of this name. Please add it there first.")
    ]
    return found


def _say_why(form: Any, refused: Exception) -> None:
    field = form.until
    if isinstance(refused, UntilBeforeSince):
        sentence = _("The membership ends before it begins.")
    elif isinstance(refused, MembershipCircle):
        field, sentence = (
            form.organisation,
            _("This is the network itself, or the network is a member of it."),
        )
    elif isinstance(refused, MemberAlready):
        field = getattr(form, "organisation", form.since)
        sentence = _("It is recorded as a member at that time already. Please change that entry.")
    else:
        abort(404)
    field.errors = [*field.errors, sentence]
