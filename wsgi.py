"""Where servers and the flask command find the app: `granian --factory wsgi:create_app`, `flask --app wsgi`."""

from campaign import create_app

__all__ = ["create_app"]
