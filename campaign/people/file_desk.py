"""What the team decides about a case file: what may be shown, whether the status holds, the portrait, and taking it from view."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.core.pictures import LARGEST_FILE, PictureRefused, reason_in_words
from campaign.core.request_body import takes_up_to
from campaign.people import operations
from campaign.people.desk import bp, file_page, person_or_404
from campaign.people.errors import SignedFor
from campaign.people.forms import ConfirmForm, PortraitForm, WishForm
from campaign.people.models import Person
from campaign.people.portraits import DrawnPortrait, change_portrait, describe_portrait, draw, remove_portrait
from campaign.people.vocabulary import Wish

# So much that a file that is somewhat too large is read, and answered beside its field.
_LARGEST_BODY = 4 * LARGEST_FILE


@bp.post("/<slug>/wish")
@requires(Permission.WRITE_STATEMENTS)
def wish(slug: str) -> ResponseReturnValue:
    """Write down what the person or the family wants shown. It holds at once."""
    person, form = person_or_404(slug), WishForm()
    if not form.validate():
        return _refused(person, wish_form=form)
    with writing() as session:
        locked = session.get_one(Person, person.id, with_for_update=True)
        operations.wish(session, locked, Wish(form.wish.data), form.said_by.data, form.recorded_by.data, form.said_on.data)
        record(session, "wish written down", f"person:{person.id}", wish=form.wish.data)
    flash(_("Saved. Every page, file and feed follows at once."), "done")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/<slug>/confirm")
@requires(Permission.WRITE_STATEMENTS)
def confirm(slug: str) -> ResponseReturnValue:
    """The status still holds."""
    person, form = person_or_404(slug), ConfirmForm()
    if not form.validate():
        return _refused(person, confirm_form=form)
    with writing() as session:
        operations.confirm_status(session, session.get_one(Person, person.id, with_for_update=True), form.still_on.data)
        record(session, "status confirmed", f"person:{person.id}", day=form.still_on.data)
    flash(_("Confirmed. The status now shows this date."), "done")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/<slug>/portrait")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS)
def portrait(slug: str) -> ResponseReturnValue:
    """Take a picture as the portrait, or only say otherwise what the present one shows."""
    person, form = person_or_404(slug), PortraitForm()
    fitting, drawn = form.validate(), _drawn(form, needed=person.portrait is None)
    if not fitting or form.errors:
        return _refused(person, portrait_form=form)
    with writing() as session:
        changed = session.get_one(Person, person.id, with_for_update=True)
        if drawn is not None:
            change_portrait(session, changed, drawn, form.description.data, form.credit.data)
        else:
            describe_portrait(session, changed, form.description.data, form.credit.data)
        record(session, "portrait changed", f"person:{person.id}")
    flash(_("Saved."), "done")
    return redirect(url_for(".show", slug=slug, _anchor="the-portrait"), 303)


@bp.get("/<slug>/portrait.jpg")
@requires(Permission.WRITE_STATEMENTS)
def portrait_now(slug: str) -> ResponseReturnValue:
    """The portrait as it is kept, also while the public does not see it."""
    kept = person_or_404(slug).portrait or abort(404)
    return Response(kept.small, mimetype="image/jpeg")


@bp.post("/<slug>/portrait/remove")
@requires(Permission.WRITE_STATEMENTS)
def unportrait(slug: str) -> ResponseReturnValue:
    """Show initials again."""
    return _carry_out(slug, remove_portrait, "portrait removed", _("The portrait has been removed. Initials are shown instead."))


@bp.post("/<slug>/withdraw")
@requires(Permission.WRITE_STATEMENTS)
def withdraw(slug: str) -> ResponseReturnValue:
    """Take the file from every public page, file and feed. Twice is no error."""
    return _carry_out(slug, operations.withdraw, "case file withdrawn", _("Withdrawn from view. Pages, embeds, files and feeds no longer show it."))


@bp.post("/<slug>/show")
@requires(Permission.WRITE_STATEMENTS)
def show_again(slug: str) -> ResponseReturnValue:
    """Show what the wish allows. Twice is no error."""
    return _carry_out(slug, operations.show_again, "case file shown again", _("The file is visible again, as far as the wish allows."))


@bp.post("/<slug>/remove")
@requires(Permission.WRITE_STATEMENTS)
def remove(slug: str) -> ResponseReturnValue:
    """Delete a file for which nobody has signed."""
    key = person_or_404(slug).id
    try:
        with writing() as session:
            operations.remove_person(session, session.get_one(Person, key, with_for_update=True))
            record(session, "case file deleted", f"person:{key}")
    except SignedFor:
        said = _("People have signed for this person, so the file can’t be deleted. You can withdraw it from view: then only the team sees it.")
        flash(said, "problem")
        return redirect(url_for(".show", slug=slug), 303)
    flash(_("Deleted."), "done")
    return redirect(url_for(".index"), 303)


def _carry_out(slug: str, operation: Any, action: str, said: str) -> ResponseReturnValue:
    person = person_or_404(slug)
    with writing() as session:
        operation(session, session.get_one(Person, person.id, with_for_update=True))
        record(session, action, f"person:{person.id}")
    flash(said, "done")
    return redirect(url_for(".show", slug=slug), 303)


def _refused(person: Person, **forms: Any) -> ResponseReturnValue:
    link_as(url_for(".show", slug=person.slug))
    return make_response(file_page(person, **forms), 422)


def _drawn(form: PortraitForm, *, needed: bool) -> DrawnPortrait | None:
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
