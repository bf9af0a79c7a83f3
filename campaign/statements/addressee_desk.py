"""The address book, for the team."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import searchable
from campaign.statements import addressees, team_operations
from campaign.statements.addressee_forms import AddresseeForm, addressee_form_values
from campaign.statements.errors import AddresseeInUse
from campaign.statements.models import Addressee
from campaign.statements.rights import addressee_if_there, addressee_in_path

bp = Blueprint("addressees_desk", __name__, url_prefix="/desk/addressees")
NAV_ENTRY = NavEntry("addressees_desk.index", _l("Addressees"), 70, Permission.WRITE_STATEMENTS)


@bp.get("/")
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def index() -> ResponseReturnValue:
    """The list of all addressees, searchable by name, role and institution."""
    words = searchable(request.args.get("q", ""))
    found = addressees.find_addressees(words)
    used = addressees.statements_addressing([addressee.id for addressee in found])
    lines = [
        (addressee, addressees.naming(addressee, language()), used.get(addressee.id, 0))
        for addressee in found
    ]
    return render_template("statements/desk_addressees.html", lines=lines, q=words)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def create() -> ResponseReturnValue:
    """Enter an addressee."""
    form = AddresseeForm()
    if form.validate_on_submit():
        with writing() as session:
            team_operations.enter_addressee(session, form.entry())
        flash(_("The addressee has been added to the address book."), "done")
        return redirect(url_for(".index"), 303)
    return render_template(
        "statements/desk_addressee.html", form=form, addressee=None
    ), 422 if form.errors else 200


@bp.route("/<int:addressee_id>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=addressee_in_path)
def edit(addressee: Addressee) -> ResponseReturnValue:
    """Change an addressee; every statement addressed to them shows the change."""
    form = AddresseeForm(data=addressee_form_values(addressee))
    if form.validate_on_submit() and _change(form, addressee):
        flash(_("Saved."), "done")
        return redirect(url_for(".index"), 303)
    called = addressees.label(addressee, language())
    used = addressees.statements_addressing([addressee.id]).get(addressee.id, 0)
    page = render_template(
        "statements/desk_addressee.html", form=form, addressee=called, addressee_id=addressee.id, used=used
    )
    return page, 422 if form.errors else 200


@bp.post("/<int:addressee_id>/remove")
@requires(Permission.WRITE_STATEMENTS, of=addressee_if_there)
def remove(addressee: Addressee | None) -> ResponseReturnValue:
    """Remove an addressee to whom no statement is addressed. Doing it twice is no error."""
    try:
        if addressee is not None:
            with writing() as session:
                team_operations.remove_addressee(session, addressee.id)
    except AddresseeInUse:
        flash(
            _("A statement is addressed to this entry, or a list was handed to it, so it can’t be removed."),
            "problem",
        )
    else:
        flash(_("Removed from the address book."), "done")
    return redirect(url_for(".index"), 303)


def _change(form: Any, addressee: Addressee) -> bool:
    try:
        with writing() as session:
            team_operations.change_addressee(session, addressee.id, form.entry)
    except AddresseeInUse:
        said = _(
            "A list was handed to this person, and the record of that stays. Please enter the new holder of"
            " the office as a new addressee."
        )
        form[f"name_{language()}"].errors = [said]
        return False
    return True
