"""Where servers and the flask command find the app.

`granian --interface rsgi --factory wsgi:create_front` serves it behind the front; all options are in the
Procfile. Any WSGI server can serve `wsgi:create_app()`, and `.flaskenv` names this file for `flask`.
"""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import campaign
from campaign.core.logs import guard_process

if TYPE_CHECKING:
    from flask import Flask

    from campaign.front import Front


def create_app() -> Flask:
    """The app of this process, whose errors are written down without what they were about."""
    guard_process()
    return campaign.create_app()


def create_front() -> Front:
    """The app behind the front, for granian."""
    from campaign.front import Front  # noqa: PLC0415  only here, where granian is loaded anyway
    from campaign.organisations import duplicates  # noqa: PLC0415  after the guard

    app = create_app()
    Thread(target=duplicates.prepare, name="names of countries", daemon=True).start()
    return Front(app)
