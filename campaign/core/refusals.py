"""Refusals that the front decides, as pages of the app: in the reader's language, with all headers."""

from __future__ import annotations

from flask import Flask, abort, request

from campaign.core.language import link_as

# In the environment of a request: the status with which the app is to refuse it.
REFUSED = "undersigned.refused"


def refuse() -> None:
    """Abort as the front says."""
    if status := request.environ.get(REFUSED):
        link_as("/")
        abort(int(status))


def init_app(app: Flask) -> None:
    """Bind the refusals, before all else that a request meets."""
    app.before_request(refuse)
