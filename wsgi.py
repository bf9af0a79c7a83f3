"""Where servers and the flask command find the app.

`granian --interface rsgi --factory wsgi:create_front` serves it behind the front; all options are in the
Procfile. Any WSGI server can serve `wsgi:create_app()`, and `.flaskenv` names this file for `flask`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign import create_app

if TYPE_CHECKING:
    from campaign.front import Front

__all__ = ["create_app", "create_front"]


def create_front() -> Front:
    """The app behind the front, for granian."""
    from campaign.front import Front  # noqa: PLC0415  only here, where granian is loaded anyway

    return Front(create_app())
