"""The organisations and statements for which a member of the team works, and the roles there."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts import memberships
from campaign.accounts.errors import OwnerOfSite
from campaign.accounts.grants import Permission
from campaign.accounts.models import TeamMember
from campaign.accounts.permissions import requires
from campaign.accounts.rights import member_in_path
from campaign.core.database import writing
from campaign.core.forms import TeamForm
from campaign.organisations.fields import OrganisationsField

bp = Blueprint("memberships_desk", __name__, url_prefix="/desk/team")


class MembershipForm(TeamForm):
    """Organisations; none, and no statement, means the whole site."""

    organisations = OrganisationsField(_l("Organisations"))


@bp.route("/<int:member_id>/organisations", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAM, of=member_in_path)
def edit(member: TeamMember) -> ResponseReturnValue:
    """Confine a member to organisations and statements, or let them work for the whole site."""
    held = memberships.parts_of(member.id)
    titles = memberships.statements_to_work_on()
    form = MembershipForm(data={"organisations": sorted(held.organisations)})
    if request.method == "POST":
        held = memberships.Parts(
            {each: _role(f"role-{each}") for each in form.organisations.data or ()},
            {each: role for each in titles if (role := _role(f"statement-{each}"))},
        )
    if form.validate_on_submit():
        try:
            with writing() as session:
                memberships.work_for(session, member.id, held)
        except OwnerOfSite:
            form.organisations.errors = [
                _("Owners and administrators look after the whole site. Please change the role first.")
            ]
        else:
            flash(_("Saved. The change takes effect at once."), "done")
            return redirect(url_for("team.index"), 303)

    return render_template(
        "organisations/desk_membership.html",
        member=member,
        form=form,
        held=held,
        titles=titles,
        roles=memberships.part_role_names(),
    ), 422 if form.errors else 200


def _role(name: str) -> str | None:
    """The chosen role; None for that which the member has anyway, and for what is no such role."""
    chosen = request.form.get(name, "")
    return chosen if chosen in memberships.part_role_names() else None
