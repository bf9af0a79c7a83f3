"""The logo of an organisation, for the team."""

from __future__ import annotations

from flask import flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.core.pictures import LARGEST_FILE, PictureRefused, reason_in_words
from campaign.core.request_body import takes_up_to
from campaign.organisations.desk import bp, edit_page, organisation_or_404
from campaign.organisations.forms import LogoForm
from campaign.organisations.logos import DrawnLogo, change_logo, describe_logo, draw, remove_logo
from campaign.organisations.models import Organisation

# So much that a file that is somewhat too large is read, and answered beside its field.
_LARGEST_BODY = 4 * LARGEST_FILE


@bp.post("/<slug>/logo")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS)
def logo(slug: str) -> ResponseReturnValue:
    """Take a picture as the logo, or only say otherwise what the present one shows."""
    organisation, form = organisation_or_404(slug), LogoForm()
    fitting, drawn = form.validate(), _drawn(form, needed=organisation.logo is None)
    if not fitting or form.errors:
        link_as(url_for(".edit", slug=organisation.slug))
        return make_response(edit_page(organisation, logo_form=form), 422)
    with writing() as session:
        changed = session.get_one(Organisation, organisation.id, with_for_update=True)
        if drawn is not None:
            change_logo(session, changed, drawn, form.description.data)
        else:
            describe_logo(session, changed, form.description.data)
        record(session, "logo changed", f"organisation:{changed.slug}")
    flash(_("Saved."), "done")
    return redirect(url_for(".edit", slug=slug), 303)


@bp.post("/<slug>/logo/remove")
@requires(Permission.WRITE_STATEMENTS)
def unlogo(slug: str) -> ResponseReturnValue:
    """Show initials again."""
    organisation = organisation_or_404(slug)
    with writing() as session:
        remove_logo(session, session.get_one(Organisation, organisation.id, with_for_update=True))
        record(session, "logo removed", f"organisation:{organisation.slug}")
    flash(_("The logo has been removed. Lists show initials instead."), "done")
    return redirect(url_for(".edit", slug=slug), 303)


def _drawn(form: LogoForm, *, needed: bool) -> DrawnLogo | None:
    """The picture, drawn anew; None without one, or with the reason beside the field."""
    uploaded = form.picture.data.read() if form.picture.data else b""
    if not uploaded and not needed:
        return None
    try:
        if not uploaded:
            raise PictureRefused("none")
        return draw(uploaded)
    except PictureRefused as refused:
        form.picture.errors = [reason_in_words(refused)]
        return None
