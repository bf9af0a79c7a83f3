"""Flask-Security bound to our sessions, and kept away from everything outside /desk.

Its stock views are not used: they commit on a session that only reads here. What is used: its hashing, its sign-in, its models.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, NoReturn, cast

from flask import Flask, Request, session
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask_security import SQLAlchemyUserDatastore
from flask_security.utils import login_user, logout_user

from campaign.accounts import sessions
from campaign.accounts.models import TeamMember, TeamRole
from campaign.accounts.permissions import SESSION_KEY, may, signed_in_member
from campaign.core.origin import is_team_request
from campaign.extensions import db, security

_LIBRARIES = ("flask_login", "flask_principal", "flask_security")

_SETTINGS: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    # No pepper from SECRET_KEYS, whose rotation would lock everyone out.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    # Flask-Login would put a hash of IP address and browser into the cookie; Tor changes the one, updates the other.
    "SESSION_PROTECTION": None,
    "SESSION_REFRESH_EACH_REQUEST": False,
}


class NoSession(NullSession):
    """What public code finds in place of a session: empty, never saved, and an error for whoever writes to it."""

    def _fail(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("there is no session outside /desk")

    __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _fail


class TeamSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, opened and saved under /desk alone: elsewhere no `Set-Cookie` and no `Vary: Cookie`."""

    null_session_class = NoSession

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a team request; None, and with it NoSession, for all others."""
        return super().open_session(app, request) if is_team_request() else None


def init_app(app: Flask) -> None:
    """Bind Flask-Security without its views, and take its hooks off the requests of the public."""
    app.config.from_mapping(_SETTINGS)
    app.session_interface = TeamSessions()
    security.init_app(app, SQLAlchemyUserDatastore(db, TeamMember, TeamRole), register_blueprint=False)
    security.login_manager.user_loader(_load)
    # A token in a header or an address would open the desk without a session that can be ended.
    security.login_manager.request_loader(lambda _request: None)
    for hooks in (app.before_request_funcs, app.after_request_funcs, app.template_context_processors):
        _remove_theirs(cast(MutableMapping[Any, list[Any]], hooks))
    app.jinja_env.globals |= {"signed_in_member": signed_in_member, "may": may}


def begin(member: TeamMember, key: str) -> None:
    """Sign a member in in this browser, with a fresh session that carries the key of its row."""
    session.clear()
    session.permanent = True
    session[SESSION_KEY] = key
    login_user(member, remember=False, authn_via=["password"])
    session.pop("_id", None)


def forget() -> None:
    """Empty the session of this browser."""
    logout_user()
    session.clear()


def session_key() -> str:
    """The key of this browser's session, empty for strangers."""
    return str(session.get(SESSION_KEY, ""))


def _load(uniquifier: str) -> TeamMember | None:
    return sessions.member_of(session_key(), uniquifier)


def _remove_theirs(hooks: MutableMapping[Any, list[Any]]) -> None:
    """They would ask on every public request who is signed in. Our views ask when they need to know."""
    for scope, functions in hooks.items():
        hooks[scope] = [function for function in functions if getattr(function, "__module__", "").partition(".")[0] not in _LIBRARIES]
