"""Where servers and the flask command find the app.

`granian --interface rsgi --factory wsgi:create_front` serves it behind the front; all options are in the
Procfile. Any WSGI server can serve `wsgi:create_app()`, and `.flaskenv` names this file for `flask`.
"""

from campaign import create_app
from campaign.front import Front

__all__ = ["create_app", "create_front"]


def create_front() -> Front:
    """The app behind the front, for granian."""
    return Front(create_app())
