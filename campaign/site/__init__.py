"""The site's own settings: names, looks, languages, contacts. Its page is in desk/."""

from __future__ import annotations

from flask import Flask


def register(_app: Flask) -> None:
    """Bind the room to the app: it has no pages, jobs or rules of its own."""
