"""The note above every page of a site with sample content."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from campaign.core.remembered import Remembered
from campaign.core.sections import Section, page_notes
from campaign.extensions import db
from campaign.statements.queries import has_sample

_SAMPLE: Remembered[str, bool] = Remembered("sample content", seconds=2.0)


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


def sample_note(_language: str) -> Section | None:
    """The note that nothing on the site is real."""
    return Section("pages/_sample_note.html", {}) if shows_sample() else None


def init_app(app: Flask) -> None:
    """Say above every page whether the site shows sample content."""
    page_notes.add(app, sample_note)
