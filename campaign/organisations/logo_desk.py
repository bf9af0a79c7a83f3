"""The logo of an organisation, for the team."""

from __future__ import annotations

from flask import flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.http import takes_up_to
from campaign.core.language import link_as
from campaign.organisations.desk import bp, edit_page, organisation_or_404
from campaign.organisations.errors import LogoRefused
from campaign.organisations.forms import LogoForm
from campaign.organisations.logos import LARGEST_FILE, Drawn, change_logo, describe_logo, draw, remove_logo
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
    flash(_("The logo is removed: lists show initials."), "done")
    return redirect(url_for(".edit", slug=slug), 303)


def _drawn(form: LogoForm, *, needed: bool) -> Drawn | None:
    """The picture, drawn anew; None without one, or with the reason beside the field."""
    uploaded = form.picture.data.read() if form.picture.data else b""
    if not uploaded and not needed:
        return None
    try:
        if not uploaded:
            raise LogoRefused("none")
        return draw(uploaded)
    except LogoRefused as refused:
        form.picture.errors = [_reasons()[refused.reason]]
        return None


def _reasons() -> dict[str, str]:
    return {
        "none": _("Please choose a file."),
        "large": _("This file is larger than 5 MB. Please choose a smaller one."),
        "kind": _("This is not a picture that we can take. Please choose a PNG, JPEG or WebP file; SVG can carry programs, so it is refused."),
        "broken": _("This picture can't be read: the file is damaged or incomplete. Please save it again and choose it once more."),
        "bomb": _("This picture has too many pixels. Please make it smaller: 4,000 by 4,000 are the most."),
        "small": _("This picture is too small to be seen. Please choose one of at least 16 by 16 pixels."),
    }
