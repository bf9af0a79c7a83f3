"""Permissions of team members, and the decorator by which a team view says which one it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, NoReturn, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    abort,
    current_app,
    g,
    has_request_context,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from campaign.accounts import sessions
from campaign.accounts.grants import Grants, Permission, grants_of
from campaign.accounts.models import TeamMember
from campaign.core import error_pages
from campaign.core.origin import is_team_request

View = TypeVar("View", bound=Callable[..., Any])
# The name of the session's key in the cookie.
SESSION_KEY = "key"


# Somebody who finds an open desk must not take lists away, or change permissions: forms under these ask for a
# sign-in of the last minutes.
_NEED_FRESH = frozenset({Permission.EXPORT, Permission.MANAGE_TEAM, Permission.MANAGE_SITE})


def signed_in_member() -> TeamMember | None:
    """The signed-in member; None for strangers, in the worker and in commands."""
    key = session_key()
    if not key:
        return None
    # Asked once for each key that the session has had in this request.
    found: tuple[str, TeamMember | None] = g.get("signed_in") or ("", None)
    if found[0] != key:
        found = g.signed_in = (key, sessions.member_of(key))
    return found[1]


def session_key() -> str:
    """The key of this browser's session; empty for strangers, in the worker and in commands."""
    return str(session.get(SESSION_KEY, "")) if has_request_context() else ""


def current_member() -> TeamMember:
    """The signed-in member, in a view behind `requires`. Raises RuntimeError elsewhere."""
    member = signed_in_member()
    if member is None:
        raise RuntimeError("nobody is signed in: the view needs @requires")
    return member


def _grants(member: TeamMember) -> Grants:
    """What the signed-in member may do where, asked once in a request."""
    if not has_request_context():
        return grants_of(member)
    found: tuple[int, Grants] | None = g.get("grants")
    if found is None or found[0] != member.id:
        found = g.grants = (member.id, grants_of(member))
    return found[1]


def confined_to() -> frozenset[int] | None:
    """The organisations for which the signed-in member may do what this view needs; None for a member who may
    do it on the whole site, in the worker and in commands.
    """
    member = signed_in_member()
    if member is None or not has_request_context():
        return None
    return _grants(member).organisations_for(g.get("needed", Permission.READ))


def granted_statements() -> frozenset[int]:
    """The ids of the statements on which the signed-in member may do what this view needs, by a role on that
    statement alone.
    """
    member = signed_in_member()
    if member is None or not has_request_context():
        return frozenset()
    return _grants(member).statements_for(g.get("needed", Permission.READ))


def may_somewhere(permission: Permission | str) -> bool:
    """True when the signed-in member has this permission on the whole site or for some part of it."""
    member = signed_in_member()
    return member is not None and _grants(member).anywhere(permission)


def may(permission: Permission | str) -> bool:
    """True when the signed-in member has this permission: on a page about one thing, for that; templates ask
    by its value, such as `may('export')`.
    """
    if not may_somewhere(permission):
        return False
    here: _Here | None = g.get("here")
    return here is None or here.is_open_for(Permission(permission))


@dataclass(frozen=True, slots=True)
class Scope:
    """The object of a view: the argument of the address that names it, the parameter by which the view gets
    it, and how it is loaded.

    `load` takes the argument and returns the object. It aborts with 404 where there is none, and with 404 or
    403 where it belongs to organisations that the member does not work for: loading an object and checking
    access are one step.

    `within`: the object above this one in the address. The view gets both, and `load` gets that one as well,
    so that it can abort with 404 for what belongs to another.
    """

    argument: str
    parameter: str
    load: Callable[..., Any]
    within: Scope | None = None

    def fill(self, arguments: dict[str, Any]) -> Any:
        """Load the object, which replaces the argument that names it; the one above it likewise."""
        above = () if self.within is None else (self.within.fill(arguments),)
        loaded = arguments[self.parameter] = self.load(arguments.pop(self.argument), *above)
        return loaded


class _Here:
    """What the view of this request is about, for members whose permissions depend on it."""

    def __init__(self, scope: Scope, arguments: dict[str, Any]) -> None:
        self._scope, self._arguments = scope, arguments
        self._found: dict[Permission, bool] = {}

    def is_open_for(self, permission: Permission) -> bool:
        """True where loading it for this permission is allowed, too."""
        if permission not in self._found:
            needed = g.get("needed", Permission.READ)
            g.needed = permission
            try:
                self._scope.fill(dict(self._arguments))
                self._found[permission] = True
            except HTTPException:
                self._found[permission] = False
            finally:
                g.needed = needed
        return self._found[permission]


class Reach(StrEnum):
    """The reach of a view that is about no single object."""

    # Shared by the whole site: closed to members who work for some of its organisations.
    SITE = "site"
    # The view itself shows, or makes, only what is theirs.
    OWN = "own"


def requires(
    permission: Permission, of: Scope | Reach = Reach.SITE, again: Callable[[], str] | None = None
) -> Callable[[View], View]:
    """Let only members with `permission` into a view, and only to what is theirs: strangers are asked to sign
    in, others get 403 or 404.

    `of`: an object in the address, which the view gets loaded (`@requires(Permission.EDIT,
    of=statement_in_path)` hands `statement` in place of `slug`), or the reach of a view without one. Forms of
    exports and of the team ask members for the password again where it was given more than five minutes ago.
    `again`: makes the address to come back to, in which what was sent stands once more; without it the member
    comes back to the page alone.

    Stands below the route. A view of the desk without it is closed to everyone (`close_unmarked`).
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def wrapper(*positional: Any, **arguments: Any) -> ResponseReturnValue:
            if signed_in_member() is None:
                return redirect(url_for("accounts.sign_in", next=_wanted()), 303)
            if not may_somewhere(permission):
                return refused()
            if (
                permission in _NEED_FRESH
                and request.method not in {"GET", "HEAD"}
                and not sessions.is_fresh(session_key())
            ):
                back = again() if again else _came_from()
                return redirect(url_for("accounts.prove", next=back), 303)

            g.needed = permission
            if isinstance(of, Scope):
                here = _Here(of, dict(arguments)) if _grants(current_member()).differ else None
                if (
                    here is not None
                    and not here.is_open_for(permission)
                    and here.is_open_for(Permission.READ)
                ):
                    return refused()
                of.fill(arguments)
                g.here = here
            elif of is Reach.SITE and confined_to() is not None:
                refuse_what_concerns_others()

            return cast(ResponseReturnValue, view(*positional, **arguments))

        marked = cast(Any, wrapper)
        marked.permission, marked.of = permission, of
        return cast(View, wrapper)

    return guarded


def open_to_strangers(view: View) -> View:
    """Let everyone into a view of the desk, such as signing in or the link of an invitation.

    Stands below the route.
    """
    cast(Any, view).for_strangers = True
    return view


def open_before_set_up(view: View) -> View:
    """Let a member who still has to set up a second factor into a view of the desk.

    Stands above `requires`.
    """
    cast(Any, view).before_set_up = True
    return view


def is_marked(view: object) -> bool:
    """True for a view of the desk that says who may use it."""
    return hasattr(view, "permission") or hasattr(view, "for_strangers")


def close_unmarked() -> None:
    """Close a view of the desk that does not say who may use it. Aborts with 403."""
    if request.endpoint and is_team_request() and not is_marked(current_app.view_functions[request.endpoint]):
        abort(403)


def refuse_what_concerns_others() -> NoReturn:
    """End the request with the page for members who work for some of the organisations, where something
    concerns the others too.
    """
    text = _(
        "You work for some of the organisations on this site. Please ask somebody who works for the whole "
        "site to do this."
    )
    page = error_pages.page(403, _("This affects other organisations too"), text, "accounts/problem.html")
    abort(make_response(page))


def refused() -> ResponseReturnValue:
    """End the request with the page for members whose role does not allow this."""
    text = _(
        "Your role in the team does not allow this. If you need it for your work, please ask an owner of "
        "this site to change your role."
    )
    return error_pages.page(403, _("Your role does not allow this"), text, "accounts/problem.html")


def _came_from() -> str | None:
    """The path of the page with the form, to which the member returns; what was typed there must be sent
    again.
    """
    came = urlsplit(request.referrer or "")
    return came.path if came.netloc == request.host else None


def _wanted() -> str | None:
    """The address to return to after signing in, without the language prefix; nothing after a form."""
    if request.method not in {"GET", "HEAD"}:
        return None
    query = request.query_string.decode("ascii", "ignore")
    return request.path + (f"?{query}" if query else "")
