"""The page of one name that only the team may see: open it, or let another member open it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Scope, current_member, requires
from campaign.accounts.two_people import RequestNotAllowed, TooNew
from campaign.core.database import writing
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.moderation import closed_names
from campaign.moderation.closed_names import LooksSpent
from campaign.moderation.models import NameLook
from campaign.moderation.review_page import name_page
from campaign.signatures.models import Signature
from campaign.signatures.rights import signature_in_path

bp = Blueprint("closed_names_desk", __name__, url_prefix="/desk/signatures")


def _load_look(look_id: uuid.UUID, signature: Signature) -> NameLook:
    """A look at the name of this signature. Aborts: 404."""
    found = db.session.get(NameLook, look_id)
    return found if found is not None and found.signature_id == signature.id else abort(404)


_look_in_path = Scope("look_id", "asked", _load_look, within=signature_in_path)


@bp.get("/<uuid:signature_id>/name")
@requires(Permission.MODERATE, of=signature_in_path)
def name(signature: Signature) -> ResponseReturnValue:
    """The name while it is open for this member; else the button that opens it, or asks for it."""
    return make_response(name_page(signature))


@bp.post("/<uuid:signature_id>/name")
@requires(Permission.MODERATE, of=signature_in_path)
def look(signature: Signature) -> ResponseReturnValue:
    """Open the name at standard safety; at high safety ask another member to grant it."""
    signature_id, member_id = signature.id, current_member().id
    try:
        with writing() as session:
            locked = session.get_one(Signature, signature_id, with_for_update=True)
            asked = closed_names.look(session, locked, member_id)
            waits = asked.fetched_at is None
    except LooksSpent:
        flash(
            _(
                "You have opened %(number)s names within an hour. Please go on later, or ask a colleague.",
                number=closed_names.MOST_AN_HOUR,
            ),
            "problem",
        )
    except RequestNotAllowed:
        flash(_("This name is public, or has been erased meanwhile."), "problem")
    else:
        if waits:
            flash(_("Asked. Another member of the team decides within a day."), "done")
    return _back(signature_id)


@bp.post("/<uuid:signature_id>/name/<uuid:look_id>/decide")
@requires(Permission.MODERATE, of=_look_in_path)
def decide(signature: Signature, asked: NameLook) -> ResponseReturnValue:
    """Grant or refuse a colleague's look (`decision`: `grant`, `refuse`)."""
    decision, signature_id, member_id = request.form.get("decision"), signature.id, current_member().id
    if decision not in {"grant", "refuse"}:
        abort(422)
    try:
        with writing() as session:
            closed_names.decide(session, _locked(session, asked), member_id, grant=decision == "grant")
    except TooNew:
        flash(
            _(
                "You can’t be the second person yet: it takes somebody who has been on the team, in the same "
                "role, for %(days)s days.",
                days=settings().second_person_after_days,
            ),
            "problem",
        )
    except RequestNotAllowed:
        return _not_allowed(signature_id)
    else:
        granted = _("Granted: the member who asked can open the name once, within a day.")
        flash(granted if decision == "grant" else _("Refused."), "done")
    return _back(signature_id)


@bp.post("/<uuid:signature_id>/name/<uuid:look_id>/open")
@requires(Permission.MODERATE, of=_look_in_path)
def open_name(signature: Signature, asked: NameLook) -> ResponseReturnValue:
    """Open the name, once, for the member who asked."""
    signature_id, member_id = signature.id, current_member().id
    try:
        with writing() as session:
            closed_names.open_name(session, _locked(session, asked), member_id)
    except RequestNotAllowed:
        return _not_allowed(signature_id)
    return _back(signature_id)


def _locked(session: Session, asked: NameLook) -> NameLook:
    return session.get_one(NameLook, asked.id, with_for_update=True, populate_existing=True)


def _back(signature_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".name", signature_id=signature_id), 303)


def _not_allowed(signature_id: uuid.UUID) -> ResponseReturnValue:
    flash(
        _("This can’t be done: it takes two people, each step can be taken once, and within a day."),
        "problem",
    )
    return _back(signature_id)
