"""The retention periods of this room's personal data."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.imports.staging import purge_links, purge_rows


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app, "imports", "what an uploaded list looks like: until it is imported, or a day", purge_links
    )
    retention.keep(
        app, "import_parts", "the rows of an uploaded list: until they are imported, or a day", purge_rows
    )
