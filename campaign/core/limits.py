"""Limits of requests, asked only where a route names one: a page that millions read pays nothing for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from campaign.extensions import limiter

_READING = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Bind Flask-Limiter, and let its hooks pass by requests that only read: no such route has a limit."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    before = [list(scope.get(None, [])) for scope in hooks]
    limiter.init_app(app)
    for scope, known in zip(hooks, before, strict=True):
        scope[None] = [hook if hook in known else _only_writing(hook) for hook in scope.get(None, [])]  # type: ignore[index, attr-defined]


def _only_writing(hook: Callable[..., Any]) -> Callable[..., Any]:
    def quick(*arguments: Any) -> Any:
        if request.method in _READING:
            return arguments[0] if arguments else None
        return hook(*arguments)

    return quick
