"""The guard of every form: the page from which it was posted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request

from campaign.core.settings import settings
from campaign.extensions import csrf

View = TypeVar("View", bound=Callable[..., Any])


SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


TEAM_PREFIX = "/desk"


def is_team_request() -> bool:
    """True under /desk/, the only place with a session."""
    path = request.path
    return path.startswith(TEAM_PREFIX) and (len(path) == len(TEAM_PREFIX) or path[len(TEAM_PREFIX)] == "/")


def guard_origin() -> None:
    """Refuse forms posted from another site: by CSRF token for the team, by the browser's own headers for
    signers.

    Signers have no cookie that a token could be tied to, so `Sec-Fetch-Site` decides where sent, else
    `Origin` (Fetch Metadata, W3C; RFC 6454), else `Referer`: text browsers such as Lynx and w3m send that
    alone. A request with none of them is refused. Aborts with 400 (CSRFError) or 403.
    """
    if request.method in SAFE_METHODS or getattr(
        current_app.view_functions.get(request.endpoint or ""), "is_one_click", False
    ):
        return

    if is_team_request():
        csrf.protect()
        return

    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        allowed = site == "same-origin"
    elif origin is not None:
        allowed = origin in settings().origins
    else:
        allowed = _is_ours(request.headers.get("Referer", ""))
    if not allowed:
        abort(403, "cross-site")


def _is_ours(referer: str) -> bool:
    """True for the address of a page under an origin of ours; like an origin, as it is and not as it may be
    read.
    """
    return any(referer == origin or referer.startswith(f"{origin}/") for origin in settings().origins)


def one_click(view: View) -> View:
    """Let mail programs post to a view without these headers (RFC 8058): its token alone decides.

    Stands below the route.
    """
    cast(Any, view).is_one_click = True
    return view


def init_app(app: Flask) -> None:
    """Guard every form."""
    app.before_request(guard_origin)
