"""Members who work for some of the organisations touch what is theirs alone.

Asked before every view of the desk, so that a new one can't forget it: an address that stands in no list here is closed to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from campaign.accounts.permissions import confined_to
from campaign.core import error_pages
from campaign.core.origin import is_team_request
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.people.models import Person
from campaign.signatures.models import Signature
from campaign.statements.models import Statement
from campaign.statements.rights import may_change_addressee, may_work_on
from campaign.updates.models import Update

# Lists that hold only what is theirs, decisions about nothing else, and forms for what will be theirs.
OPEN = frozenset(
    {
        "addressees_desk.create",
        "addressees_desk.index",
        "desk.dashboard",
        "organisations_desk.create",
        "organisations_desk.index",
        "people_desk.create",
        "people_desk.index",
        "moderation_desk.flagged",
        "moderation_desk.review",
        "moderation_desk.together",
        "moderation_desk.undo",
        "statements_desk.create",
        "statements_desk.index",
        "statements_desk.pasted",
        "statements_desk.preview",
        "updates_desk.create",
        "updates_desk.index",
    }
)
# Pages of one case file, which an organisation keeps.
_OF_A_PERSON = (
    "show",
    "edit",
    "wish",
    "confirm",
    "portrait",
    "portrait_now",
    "unportrait",
    "withdraw",
    "show_again",
    "remove",
    "enter_event",
    "edit_event",
    "remove_event",
)
# Their own account.
_ACCOUNT = "accounts"
_STATEMENT = "/desk/statements/<slug>"


def init_app(app: Flask) -> None:
    """Ask before every view of the desk."""
    app.before_request(keep_to_their_own)


def keep_to_their_own() -> ResponseReturnValue | None:
    """404 for the statements and signatures of others, 403 with a page for what concerns the whole site."""
    rule = request.url_rule
    if rule is None or not is_team_request() or request.blueprint == _ACCOUNT or request.endpoint in OPEN or confined_to() is None:
        return None
    arguments = request.view_args or {}
    if rule.rule.startswith(_STATEMENT):
        return None if may_work_on(_statement_at(arguments["slug"])) else abort(404)
    if "signature_id" in arguments:
        return None if may_work_on(_statement_signed(arguments["signature_id"])) else abort(404)
    shared = _SHARED.get(str(request.endpoint))
    return None if shared is not None and shared(arguments) else _refused()


def _may_change_organisation(arguments: dict[str, Any]) -> bool:
    key = db.session.scalar(select(Organisation.id).where(Organisation.slug == arguments["slug"]))
    return key in (confined_to() or ())


def _may_change_person(arguments: dict[str, Any]) -> bool:
    keeper = db.session.scalar(select(Person.kept_by_id).where(Person.slug == arguments["slug"]))
    return keeper is not None and keeper in (confined_to() or ())


def _may_change_addressee(arguments: dict[str, Any]) -> bool:
    return may_change_addressee(arguments["addressee_id"])


def _may_change_update(arguments: dict[str, Any]) -> bool:
    return may_work_on(db.session.scalar(select(Update.statement_id).where(Update.id == arguments["update_id"])))


# What the whole site shares, and who works for some of it may change.
_SHARED: dict[str, Callable[[dict[str, Any]], bool]] = {
    **dict.fromkeys((f"people_desk.{endpoint}" for endpoint in _OF_A_PERSON), _may_change_person),
    "person_papers_desk.day_card": _may_change_person,
    "organisations_desk.edit": _may_change_organisation,
    "organisations_desk.logo": _may_change_organisation,
    "organisations_desk.unlogo": _may_change_organisation,
    "updates_desk.edit": _may_change_update,
    "updates_desk.publish": _may_change_update,
    "updates_desk.withdraw": _may_change_update,
    "updates_desk.remove": _may_change_update,
    "updates_desk.mail": _may_change_update,
    "updates_desk.send_mail": _may_change_update,
    "addressees_desk.edit": _may_change_addressee,
    "addressees_desk.remove": _may_change_addressee,
}


def _statement_at(slug: str) -> int | None:
    return db.session.scalar(select(Statement.id).where(Statement.slug == slug))


def _statement_signed(signature_id: UUID) -> int | None:
    return db.session.scalar(select(Signature.statement_id).where(Signature.id == signature_id))


def _refused() -> ResponseReturnValue:
    text = _("You work for some of the organisations on this site. Please ask somebody who works for the whole site to do this.")
    return error_pages.page(403, _("This affects other organisations too"), text, "accounts/problem.html")
