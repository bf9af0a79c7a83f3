"""Where servers and the flask command find the app.

For example `granian --factory wsgi:create_app` or `flask` (`.flaskenv` names this file).
"""

from campaign import create_app

__all__ = ["create_app"]
