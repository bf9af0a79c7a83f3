"""The session in the browser: a signed cookie under /desk alone, which carries the key of the session's row.

Public code never gets one.
"""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Flask, Request, current_app, redirect, request, session, url_for
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

from campaign.accounts.navigation import navigation
from campaign.accounts.permissions import SESSION_KEY, close_unmarked, may, signed_in_member
from campaign.accounts.second_factor_rule import announced_day, lacks_second_factor
from campaign.core.origin import is_team_request


class NoSession(NullSession):
    """The session of public code: empty, never saved, and an error for code that writes to it."""

    def _fail(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("there is no session outside /desk")

    __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _fail


class TeamSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, opened and saved under /desk alone: elsewhere no `Set-Cookie` and no `Vary:
    Cookie`.
    """

    null_session_class = NoSession

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a team request; None, and with it NoSession, for all others."""
        return super().open_session(app, request) if is_team_request() else None


def init_app(app: Flask) -> None:
    """Bind the session, and let templates ask for the signed-in member."""
    app.session_interface = TeamSessions()
    app.before_request(close_unmarked)
    app.before_request(lead_to_set_up)
    app.jinja_env.globals |= {
        "signed_in_member": signed_in_member,
        "may": may,
        "navigation": navigation,
        "second_factor_from": announced_day,
    }


def lead_to_set_up() -> ResponseReturnValue | None:
    """Lead a member who has to set up a second factor to that page, from every other one but signing out."""
    if not request.endpoint or not is_team_request():
        return None
    view = current_app.view_functions[request.endpoint]
    if hasattr(view, "for_strangers") or hasattr(view, "before_set_up"):
        return None
    member = signed_in_member()
    if member is None or not lacks_second_factor(member):
        return None
    return redirect(url_for("accounts.second_factor_page"), 303)


def begin(key: str) -> None:
    """Sign in on this browser, with a fresh session that carries the key of its row."""
    session.clear()
    session.permanent = True
    session[SESSION_KEY] = key


def forget() -> None:
    """Empty the session of this browser."""
    session.clear()
