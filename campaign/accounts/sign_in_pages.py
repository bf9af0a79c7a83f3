"""The pages on which somebody says who they are, and where they lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.accounts import passkeys, second_factor
from campaign.accounts.forms import ProveForm, SignInForm, safe_next
from campaign.accounts.grants import Permission
from campaign.accounts.permissions import current_member, may
from campaign.extensions import db
from campaign.site.queries import this_site


def sign_in_page(form: SignInForm, said: str = "") -> str:
    """The sign-in form, below a sentence on what has just been done."""
    place = passkeys.place_of_request()
    return render_template("accounts/sign_in.html", form=form, said=said, passkeys=place is not None)


def proof_page(form: ProveForm) -> str:
    """The form that asks a signed-in member once more."""
    member, place = current_member(), passkeys.place_of_request()
    here = place is not None and any(key.rp_id == place.rp_id for key in passkeys.passkeys_of(member.id))
    second = second_factor.is_set_up(db.session(), member)
    return render_template("accounts/prove.html", form=form, second=second, passkeys=here)


def proved(form: ProveForm) -> ResponseReturnValue:
    """The answer to a member who has just proved who they are."""
    flash(_("Thank you. You can go on for five minutes: please press the button once more."), "done")
    onward = safe_next(form.next.data)
    return redirect(request.script_root + onward if onward else url_for("desk.dashboard"), 303)


def too_many(form: Any, wait: int, page: Callable[[Any], str]) -> ResponseReturnValue:
    """The page of a form whose next attempt has to wait so many seconds."""
    form.form_errors.append(
        ngettext(
            "There were several wrong attempts. Please wait %(num)s second, then try again.",
            "There were several wrong attempts. Please wait %(num)s seconds, then try again.",
            wait,
        )
    )
    return page(form), 429, {"Retry-After": str(wait)}


def go_on(onward: str | None) -> ResponseReturnValue:
    """A redirect to the page that was wanted, or to the dashboard, in the language of this page; whoever sets
    the site up is led through that first, as long as it is not done.
    """
    dashboard = url_for("desk.dashboard").removeprefix(request.script_root)
    if onward and onward != dashboard:
        return redirect(request.script_root + onward, 303)
    sets_up = may(Permission.MANAGE_SITE) and not this_site().setup.over
    return redirect(url_for("site_desk.start" if sets_up else "desk.dashboard"), 303)
