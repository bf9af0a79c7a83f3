"""Who of the team may do what, and the decorator by which a team view says what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, cast
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts import sessions
from campaign.accounts.models import TeamMember
from campaign.core import errors

Arguments = ParamSpec("Arguments")
# What the cookie calls the key of the session's row.
SESSION_KEY = "key"


class Permission(StrEnum):
    """What a member of the team may be allowed to do."""

    WRITE_STATEMENTS = "write statements"
    MODERATE = "moderate"
    EXPORT = "export"
    MANAGE_TEAM = "manage team"
    READ = "read"


ROLES: dict[str, frozenset[Permission]] = {
    "owner": frozenset(Permission),
    "editor": frozenset({Permission.WRITE_STATEMENTS, Permission.MODERATE, Permission.EXPORT, Permission.READ}),
    "moderator": frozenset({Permission.MODERATE, Permission.READ}),
    "reader": frozenset({Permission.READ}),
}


# Whoever finds an open desk must not take lists away, or change who may do what: forms under these ask for a sign-in of the last minutes.
_NEED_FRESH = frozenset({Permission.EXPORT, Permission.MANAGE_TEAM})


def signed_in_member() -> TeamMember | None:
    """Who is signed in; None for strangers, in the worker and in commands."""
    member = cast(Any, current_user)
    return cast(TeamMember, member._get_current_object()) if member and member.is_authenticated else None


def current_member() -> TeamMember:
    """Who is signed in, in a view behind `requires`. Raises RuntimeError elsewhere."""
    member = signed_in_member()
    if member is None:
        raise RuntimeError("nobody is signed in: the view needs @requires")
    return member


def may(permission: Permission | str) -> bool:
    """True when who is signed in has this permission; templates ask by its value, such as `may('export')`."""
    member = signed_in_member()
    return member is not None and any(permission in ROLES.get(role.name, ()) for role in member.roles)


def requires(permission: Permission) -> Callable[[Callable[Arguments, ResponseReturnValue]], Callable[Arguments, ResponseReturnValue]]:
    """Let only members with `permission` into a view: strangers are asked to sign in, other members get 403.

    Forms of exports and of the team ask members for the password anew where it was given more than five minutes ago.

    Stands below the route. The wrapped view carries `permission`, so that a test can list views without one.
    """

    def guarded(view: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
        @wraps(view)
        def wrapper(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            if signed_in_member() is None:
                return redirect(url_for("accounts.sign_in", next=_wanted()), 303)
            if not may(permission):
                return refused()
            if permission in _NEED_FRESH and request.method not in {"GET", "HEAD"} and not sessions.is_fresh(str(session.get(SESSION_KEY, ""))):
                return redirect(url_for("accounts.prove", next=_came_from()), 303)
            return view(*args, **kwargs)

        cast(Any, wrapper).permission = permission
        return wrapper

    return guarded


def refused() -> ResponseReturnValue:
    """The page for members whose role does not allow this."""
    text = _("Your role in the team does not allow this. If you need it for your work, please ask an owner of this site to change your role.")
    return errors.page(403, _("Your role does not allow this"), text, "accounts/problem.html")


def _came_from() -> str | None:
    """The path of the page with the form, to which one returns; what was typed there is sent anew by its reader."""
    came = urlsplit(request.referrer or "")
    return came.path if came.netloc == request.host else None


def _wanted() -> str | None:
    """The address to return to after signing in, without the language prefix; nothing after a form."""
    if request.method not in {"GET", "HEAD"}:
        return None
    query = request.query_string.decode("ascii", "ignore")
    return request.path + (f"?{query}" if query else "")
