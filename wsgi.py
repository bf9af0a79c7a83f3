"""Where servers and the flask command find the app.

For example `granian --factory wsgi:create_app` or `flask` (`.flaskenv` names this file).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import campaign
from campaign.core.logs import guard_process

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """The app of this process, whose errors are written down without what they were about."""
    guard_process()
    return campaign.create_app()
