"""The book of addressees, for the team."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import searchable
from campaign.extensions import db
from campaign.statements import addressees
from campaign.statements.addressee_forms import AddresseeForm, addressee_form_values
from campaign.statements.errors import AddresseeInUse
from campaign.statements.models import Addressee

bp = Blueprint("addressees_desk", __name__, url_prefix="/desk/addressees")


@bp.get("/")
@requires(Permission.WRITE_STATEMENTS)
def index() -> ResponseReturnValue:
    """Everybody in the book, with search in all names, roles and institutions."""
    words = searchable(request.args.get("q", ""))
    found = addressees.find_addressees(words)
    used = addressees.statements_addressing([addressee.id for addressee in found])
    lines = [(addressee, addressees.naming(addressee, language()), used.get(addressee.id, 0)) for addressee in found]
    return render_template("statements/desk_addressees.html", lines=lines, q=words)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def create() -> ResponseReturnValue:
    """Write somebody into the book."""
    form = AddresseeForm()
    if form.validate_on_submit():
        with writing() as session:
            entered = addressees.enter_addressee(session, form.entry())
            record(session, "addressee entered", f"addressee:{entered.id}")
        flash(_("The addressee has been added to the address book."), "done")
        return redirect(url_for(".index"), 303)
    return render_template("statements/desk_addressee.html", form=form, addressee=None), 422 if form.errors else 200


@bp.route("/<int:addressee_id>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def edit(addressee_id: int) -> ResponseReturnValue:
    """Change what the book says; every letter to this addressee then says it too."""
    addressee = _or_404(addressee_id)
    form = AddresseeForm(data=addressee_form_values(addressee))
    if form.validate_on_submit() and _change(form, addressee_id):
        flash(_("Saved."), "done")
        return redirect(url_for(".index"), 303)
    called = addressees.label(addressee, language())
    used = addressees.statements_addressing([addressee_id]).get(addressee_id, 0)
    return render_template("statements/desk_addressee.html", form=form, addressee=called, key=addressee_id, used=used), 422 if form.errors else 200


@bp.post("/<int:addressee_id>/remove")
@requires(Permission.WRITE_STATEMENTS)
def remove(addressee_id: int) -> ResponseReturnValue:
    """Take somebody whom no statement addresses out of the book. Twice is no error."""
    try:
        with writing() as session:
            addressee = session.get(Addressee, addressee_id)
            if addressee is not None:
                addressees.remove_addressee(session, addressee)
                record(session, "addressee removed", f"addressee:{addressee_id}")
    except AddresseeInUse:
        flash(_("A statement is addressed to this entry, or a list was handed to it, so it can’t be removed."), "problem")
    else:
        flash(_("Removed from the address book."), "done")
    return redirect(url_for(".index"), 303)


def _change(form: Any, addressee_id: int) -> bool:
    try:
        with writing() as session:
            found = session.get_one(Addressee, addressee_id, with_for_update=True)
            addressees.change_addressee(session, found, form.entry(addressees.entry_of(found)))
            record(session, "addressee changed", f"addressee:{addressee_id}")
    except AddresseeInUse:
        said = _("A list was handed to this person, and the record of that stays. Please enter the new holder of the office as a new addressee.")
        form[f"name_{language()}"].errors = [said]
        return False
    return True


def _or_404(addressee_id: int) -> Addressee:
    addressee = db.session.get(Addressee, addressee_id)
    if addressee is None:
        abort(404)
    return addressee
