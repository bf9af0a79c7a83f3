"""The logo of an organisation, for the team."""

from __future__ import annotations

from flask import flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core import pictures
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.core.pictures import LARGEST_FILE
from campaign.core.request_body import takes_up_to
from campaign.organisations import team_operations
from campaign.organisations.desk import bp, edit_page
from campaign.organisations.forms import LogoForm, LogoRemovalForm
from campaign.organisations.logos import draw
from campaign.organisations.models import Organisation
from campaign.organisations.rights import organisation_in_path

# Large enough that a file slightly too large is read, and answered beside its field.
_LARGEST_BODY = 4 * LARGEST_FILE


@bp.post("/<slug>/logo")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=organisation_in_path)
def logo(organisation: Organisation) -> ResponseReturnValue:
    """Take a picture as the logo, or only change the description of the present one."""
    form = LogoForm()
    fitting, drawn = form.validate(), pictures.drawn_in(form.picture, draw, needed=organisation.logo is None)
    if not fitting or form.errors:
        link_as(url_for(".edit", slug=organisation.slug))
        return make_response(edit_page(organisation, logo_form=form), 422)
    with writing() as session:
        team_operations.change_logo(session, organisation.id, drawn, form.description.data)
    flash(_("Saved."), "done")
    return redirect(url_for(".edit", slug=organisation.slug), 303)


@bp.post("/<slug>/logo/remove")
@requires(Permission.WRITE_STATEMENTS, of=organisation_in_path)
def unlogo(organisation: Organisation) -> ResponseReturnValue:
    """Show initials again."""
    form = LogoRemovalForm()
    everywhere = form.validate() and bool(form.everywhere.data)
    with writing() as session:
        team_operations.remove_logo(session, organisation.id, everywhere=everywhere)
    said = (
        _("The logo has been removed. All lists show initials instead.")
        if everywhere
        else _("The logo has been removed. Lists show initials instead; closed lists keep theirs.")
    )
    flash(said, "done")
    return redirect(url_for(".edit", slug=organisation.slug), 303)
