"""Where servers and the flask command find the app: `granian --factory wsgi:create_app`, `flask` (`.flaskenv` names this file)."""

from campaign import create_app

__all__ = ["create_app"]
