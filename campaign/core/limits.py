"""Limits of requests, asked only where a route names one: who reads pays nothing for them, and who signs little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from flask_limiter.util import get_qualified_name

from campaign.extensions import limiter

_READING = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Bind Flask-Limiter, and let its hooks pass by requests that only read: no such route has a limit."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    before = [list(scope.get(None, [])) for scope in hooks]
    limiter.init_app(app)
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
        known[endpoint] = view is not None and bool(limiter.limit_manager.decorated_limits(get_qualified_name(view)))
    return known[endpoint]
