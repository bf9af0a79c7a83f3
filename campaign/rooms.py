"""The rooms of the house, from the bottom up. Each has `register(app)`."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

ROOMS = (
    "site",
    "mailing",
    "sheets",
    "accounts",
    "organisations",
    "people",
    "statements",
    "signatures",
    "signing",
    "signatories",
    "circulation",
    "moderation",
    "imports",
    "exports",
    "handover",
    "updates",
    "privacy",
    "documents",
    "desk",
    "api",
    "feeds",
    "pages",
)


def register(app: Flask) -> None:
    """Bind every room. A room imports its views only here, so that a model costs no views."""
    for room in ROOMS:
        import_module(f"campaign.{room}").register(app)
