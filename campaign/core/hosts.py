"""The names under which the site answers: its own, so that no page is made, and no cache filled, under a name
that somebody else chose.
"""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest

from campaign.config import Settings

# Monitoring may request it under any name, such as the address of its machine.
_UNDER_ANY_NAME = {"/healthz", "/readyz"}


class ForeignHost(BadRequest):
    """The request names a host that is not one of ours."""


def refuse_foreign_hosts() -> None:
    """Raise ForeignHost unless the request came under a name of ours.

    Flask's TRUSTED_HOSTS is not used: it also refuses the health addresses, and leaves the page that says so
    without any link.
    """
    if request.path not in _UNDER_ANY_NAME and _name(request.host) not in cast(
        frozenset[str], current_app.extensions["hosts"]
    ):
        raise ForeignHost


def _name(host: str) -> str:
    """`[::1]:8000` to `::1`. Werkzeug has made sure of its form, and leaves it empty otherwise."""
    name, _colon, port = host.rpartition(":")
    return (name if port.isdecimal() else host).strip("[]").rstrip(".").lower()


def init_app(app: Flask) -> None:
    """Bind the guard."""
    app.extensions["hosts"] = cast(Settings, app.extensions["settings"]).hosts
    app.before_request(refuse_foreign_hosts)
