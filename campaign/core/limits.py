"""Rate limits, checked only where a route names one: reading costs nothing for them, and signing little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from flask_limiter.util import get_qualified_name
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from campaign.config import Settings
from campaign.core.visitors import HourlyKey, is_shared, network, visitor
from campaign.extensions import limiter

View = TypeVar("View", bound=Callable[..., Any])
_READING = {"GET", "HEAD", "OPTIONS"}
# Exits of VPN and Tor serve many signers, and one router a hall full of people: these limits stop a program,
# not them. Nobody is banned.
_OF_VISITOR = (parse("60 per minute"), parse("600 per hour"))
_OF_NETWORK = (parse("240 per minute"), parse("2400 per hour"))


def refuse_flood(what: str) -> None:
    """Count a form against its visitor and the network around it.

    Raises TooManyRequests, which says when to try again.

    Never counted by what is typed: the answer must not depend on the mail address. A visitor who shares an
    address with everybody is not counted; what they send together is watched by the statement
    (signing.attack_protection).
    """
    if is_shared():
        return
    for limits, name in ((_OF_VISITOR, visitor()), (_OF_NETWORK, network())):
        for limit in limits:
            if not limiter.limiter.hit(limit, what, name):
                raise TooManyRequests(retry_after=_seconds(limit))


def limit_visitors(of_visitor: str, of_network: str, **options: Any) -> Callable[[View], View]:
    """Limit a view for each visitor and for the network around, in Flask-Limiter's notation.

    Visitors who can't be told apart have no limit: a bucket that strangers share would let any of them lock
    the others out. What is guessed there is counted for the thing itself (core.attempts), or is too long.
    """

    def limited(view: View) -> View:
        guarded: Any = view
        for limits, name in ((of_visitor, visitor), (of_network, network)):
            guarded = limiter.limit(limits, key_func=name, exempt_when=is_shared, **options)(guarded)
        return cast(View, guarded)

    return limited


def _seconds(limit: RateLimitItem) -> int:
    return 60 if limit.get_expiry() <= 60 else 600


def init_app(app: Flask) -> None:
    """Bind Flask-Limiter, and let its hooks skip requests that only read: no such route has a limit."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    before = [list(scope.get(None, [])) for scope in hooks]
    limiter.init_app(app)
    settings: Settings = app.extensions["settings"]
    app.extensions["hourly_key"] = HourlyKey(
        getattr(limiter.storage, "storage", None) if settings.redis_url else None
    )
    for scope, known, only in zip(hooks, before, (_only_limited, _only_writing, _only_writing), strict=True):
        scope[None] = [hook if hook in known else only(hook) for hook in scope.get(None, [])]  # type: ignore[index, attr-defined]


def _only_writing(hook: Callable[..., Any]) -> Callable[..., Any]:
    def quick(*arguments: Any) -> Any:
        if request.method in _READING:
            return arguments[0] if arguments else None
        return hook(*arguments)

    return quick


def _only_limited(hook: Callable[..., Any]) -> Callable[..., Any]:
    def quick() -> Any:
        return hook() if request.method not in _READING and _names_a_limit(request.endpoint) else None

    return quick


def _names_a_limit(endpoint: str | None) -> bool:
    """True when the view of this endpoint is decorated with a limit. Looked up once."""
    known: dict[str | None, bool] = current_app.extensions.setdefault("limited_endpoints", {})
    if endpoint not in known:
        view = current_app.view_functions.get(endpoint or "")
        known[endpoint] = view is not None and bool(
            limiter.limit_manager.decorated_limits(get_qualified_name(view))
        )
    return known[endpoint]
