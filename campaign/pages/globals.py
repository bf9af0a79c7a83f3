"""What every template may ask about the site."""

from __future__ import annotations

import time
from typing import cast

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from campaign.core.language import in_language, language
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.statements.queries import has_sample

_LOOK_AGAIN_SECONDS = 2.0


def share_url(slug: str) -> str:
    """The address of a statement to pass on, in the language of the page."""
    return settings().site_url + in_language(language(), f"/s/{slug}")


def shows_sample() -> bool:
    """True when the site holds sample content. Asked of the database now and then; without it, the last answer holds."""
    asked, known = cast(tuple[float, bool], current_app.extensions.get("shows_sample", (-_LOOK_AGAIN_SECONDS, False)))
    if time.monotonic() - asked < _LOOK_AGAIN_SECONDS:
        return known
    try:
        known = has_sample()
    except SQLAlchemyError:
        # The page that says that the database is away must not need it.
        db.session.rollback()
    current_app.extensions["shows_sample"] = (time.monotonic(), known)
    return known


def init_app(app: Flask) -> None:
    """Give the templates these answers."""
    app.jinja_env.globals.update(site_name=app.extensions["settings"].site_name, share_url=share_url)
    app.context_processor(lambda: {"shows_sample": shows_sample()})
