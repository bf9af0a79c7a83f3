"""Who of the team may do what, and the decorator by which a team view says what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts.models import TeamMember
from campaign.core import errors

Arguments = ParamSpec("Arguments")


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

    Stands below the route. The wrapped view carries `permission`, so that a test can list views without one.
    """

    def guarded(view: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
        @wraps(view)
        def wrapper(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            if signed_in_member() is None:
                return redirect(url_for("accounts.sign_in", next=_wanted()), 303)
            if not may(permission):
                return refused()
            return view(*args, **kwargs)

        cast(Any, wrapper).permission = permission
        return wrapper

    return guarded


def refused() -> ResponseReturnValue:
    """The page for members whose role does not allow this."""
    text = _("Your role in the team does not allow this. If you need it for your work, please ask an owner of this site to change your role.")
    return errors.page(403, _("This is not open to your role"), text, "accounts/problem.html")


def _wanted() -> str | None:
    """The address to return to after signing in, without the language prefix; nothing after a form."""
    if request.method not in {"GET", "HEAD"}:
        return None
    query = request.query_string.decode("ascii", "ignore")
    return request.path + (f"?{query}" if query else "")
