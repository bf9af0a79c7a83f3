"""Public statements, signatories and case files as JSON, read only."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.api import openapi, organisations, people, statements

    add_pages(app, statements, people, organisations, openapi)
