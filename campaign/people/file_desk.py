"""The team's decisions on a case file: the wish, the confirmation of the status, the portrait, and withdrawal
from view.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core import pictures
from campaign.core.database import writing
from campaign.core.language import link_as
from campaign.core.pictures import LARGEST_FILE
from campaign.core.request_body import takes_up_to
from campaign.extensions import db
from campaign.people import team_operations
from campaign.people.desk import bp, file_page
from campaign.people.errors import SignedFor
from campaign.people.forms import ConfirmForm, PortraitForm, WishForm
from campaign.people.models import Person
from campaign.people.name_mentions import Mention, mentions_of, take_off
from campaign.people.portraits import draw
from campaign.people.rights import person_in_path
from campaign.people.team_queries import name_of
from campaign.people.vocabulary import Wish

# Large enough that a file slightly too large is read, and answered beside its field.
_LARGEST_BODY = 4 * LARGEST_FILE


@bp.post("/<slug>/wish")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def wish(person: Person) -> ResponseReturnValue:
    """Record what the person or the family wants shown. It applies at once to all that is made from the
    file; texts written by hand that name the person are shown first.
    """
    form = WishForm()
    if not form.validate():
        return _refused(person, wish_form=form)
    wanted = Wish(form.wish.data)
    if wanted is not Wish.FULL and (found := _unseen_mentions(person)):
        return _named_page(person, found, ".wish", _("Save the answer"))

    told = form.said_by.data, form.recorded_by.data, form.said_on.data
    with writing() as session:
        team_operations.write_down_wish(session, person.id, wanted, *told)
        _take_off(session, person)
    return _back(person, _followed(person, full=wanted is Wish.FULL))


@bp.post("/<slug>/confirm")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def confirm(person: Person) -> ResponseReturnValue:
    """Confirm that the status still applies."""
    form = ConfirmForm()
    if not form.validate():
        return _refused(person, confirm_form=form)
    with writing() as session:
        team_operations.confirm_status(session, person.id, form.still_on.data)
    return _back(person, _("Confirmed. The status now shows this date."))


@bp.post("/<slug>/portrait")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def portrait(person: Person) -> ResponseReturnValue:
    """Take a picture as the portrait, or only change the description of the present one."""
    form = PortraitForm()
    fitting, drawn = form.validate(), pictures.drawn_in(form.picture, draw, needed=person.portrait is None)
    if not fitting or form.errors:
        return _refused(person, portrait_form=form)
    with writing() as session:
        team_operations.change_portrait(session, person.id, drawn, form.description.data, form.credit.data)
    return _back(person, _("Saved."), anchor="the-portrait")


@bp.get("/<slug>/portrait.jpg")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def portrait_now(person: Person) -> ResponseReturnValue:
    """The portrait as stored, also while the public does not see it."""
    kept = person.portrait or abort(404)
    return Response(kept.small, mimetype="image/jpeg")


@bp.post("/<slug>/portrait/remove")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def unportrait(person: Person) -> ResponseReturnValue:
    """Show initials again."""
    with writing() as session:
        team_operations.remove_portrait(session, person.id)
    return _back(person, _("The portrait has been removed. Initials are shown instead."))


@bp.post("/<slug>/withdraw")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def withdraw(person: Person) -> ResponseReturnValue:
    """Withdraw the file from every public page, file and feed; texts written by hand that name the person
    are shown first. Repeating it is no error.
    """
    if found := _unseen_mentions(person):
        return _named_page(person, found, ".withdraw", _("Withdraw from view"))
    with writing() as session:
        team_operations.withdraw(session, person.id)
        _take_off(session, person)
    said = _("Withdrawn from view. Pages, embeds, files and feeds no longer show it.")
    return _back(person, " ".join(filter(None, (said, _still_named(person)))))


@bp.post("/<slug>/show")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def show_again(person: Person) -> ResponseReturnValue:
    """Show what the wish allows. Repeating it is no error."""
    with writing() as session:
        team_operations.show_again(session, person.id)
    return _back(person, _("The file is visible again, as far as the wish allows."))


@bp.post("/<slug>/remove")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def remove(person: Person) -> ResponseReturnValue:
    """Delete a file for which nobody has signed."""
    try:
        with writing() as session:
            team_operations.delete_file(session, person.id)
    except SignedFor:
        said = _(
            "People have signed for this person, so the file can’t be deleted. You can withdraw it from "
            "view: then only the team sees it."
        )
        return _back(person, said, "problem")

    flash(_("Deleted."), "done")
    return redirect(url_for(".index"), 303)


def _unseen_mentions(person: Person) -> list[Mention]:
    """The texts written by hand that name the person, until the member has been shown them."""
    return [] if request.form.get("seen") == "y" else mentions_of(db.session(), person)


def _named_page(person: Person, found: list[Mention], target: str, button: str) -> ResponseReturnValue:
    """The page that shows what will go on naming the person, before anything is saved."""
    own = {"csrf_token", "seen", "take_off"}
    kept = [(key, value) for key, value in request.form.items(multi=True) if key not in own]
    link_as(url_for(".show", slug=person.slug))
    return render_template(
        "people/desk_named.html",
        person=person,
        name=name_of(person),
        found=found,
        target=target,
        button=button,
        kept=kept,
    )


def _take_off(session: Session, person: Person) -> None:
    """Take off the updates that the member has chosen."""
    chosen = request.form.getlist("take_off")
    for answer in take_off.answers() if chosen else ():
        answer(session, person, chosen)


def _followed(person: Person, *, full: bool) -> str:
    """What has followed the wish, and what has not."""
    said = _("Saved. Every page, file and feed made from the case file follows at once.")
    return said if full else " ".join(filter(None, (said, _still_named(person))))


def _still_named(person: Person) -> str:
    number = len(mentions_of(db.session(), person))
    if not number:
        return ""
    said: str = ngettext(
        "%(num)s text written by hand still names the person.",
        "%(num)s texts written by hand still name the person.",
        number,
    )
    return said


def _back(
    person: Person, said: str, category: str = "done", anchor: str | None = None
) -> ResponseReturnValue:
    flash(said, category)
    return redirect(url_for(".show", slug=person.slug, _anchor=anchor), 303)


def _refused(person: Person, **forms: Any) -> ResponseReturnValue:
    link_as(url_for(".show", slug=person.slug))
    return make_response(file_page(person, **forms), 422)
