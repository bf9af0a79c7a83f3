"""Facts about the site for every template."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from campaign.core.language import in_language, language
from campaign.core.remembered import Remembered
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.statements.queries import has_sample

_SAMPLE: Remembered[str, bool] = Remembered("sample content", seconds=2.0)


def share_url(slug: str) -> str:
    """The address of a statement for sharing, in the language of the page."""
    return settings().site_url + in_language(language(), f"/s/{slug}")


def shows_sample() -> bool:
    """True when the site holds sample content.

    The database is asked from time to time; while it is away, the last answer holds.
    """
    known = _SAMPLE.get("any")
    return _SAMPLE.put("any", _has_sample()) if known is None else known


def _has_sample() -> bool:
    try:
        return has_sample()
    except SQLAlchemyError:
        # The page that says that the database is away must not need it.
        db.session.rollback()
        return bool(_SAMPLE.stale("any"))


def init_app(app: Flask) -> None:
    """Give the templates these functions."""
    app.jinja_env.globals.update(share_url=share_url)
    app.context_processor(lambda: {"shows_sample": shows_sample()})
