"""`no-store` for all pages of statements of high safety, whichever room they come from."""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from campaign.core.origin import SAFE_METHODS
from campaign.core.remembered import Remembered
from campaign.extensions import db
from campaign.statements.models import FormerSlug, Safety, Statement

# The safety level is fixed before a text is published, so a slightly old answer will do.
_GUARDED: Remembered[str, frozenset[str]] = Remembered("guarded slugs", seconds=2.0)
_OF_STATEMENTS = ("/s/", "/embed/s/", "/api/v1/statements/")


def guarded_slugs() -> frozenset[str]:
    """The slugs of all statements of high safety, including drafts and former addresses."""
    known = _GUARDED.get("all")
    return _GUARDED.put("all", _slugs()) if known is None else known


def keep_from_browsers(response: Response) -> Response:
    """Set `no-store` on every response under the address of such a statement: pages, fragments, JSON, papers,
    feeds and embeds.
    """
    slug = (request.view_args or {}).get("slug")
    if slug is None or not request.path.startswith(_OF_STATEMENTS) or response.status_code >= 500:
        return response
    # No browser keeps the response to a form, and a form must cost the same queries whatever it says.
    if request.method not in SAFE_METHODS or _is_guarded(slug):
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)
    return response


def _is_guarded(slug: str) -> bool:
    try:
        return slug in guarded_slugs()
    except SQLAlchemyError:
        # The page may have been kept from before. Without an answer from the database nothing is kept.
        db.session.rollback()
        return True


def _slugs() -> frozenset[str]:
    of_now = select(Statement.slug).where(Statement.safety == Safety.HIGH)
    former = (
        select(FormerSlug.slug)
        .join(Statement, Statement.id == FormerSlug.statement_id)
        .where(Statement.safety == Safety.HIGH)
    )
    return frozenset(db.session.scalars(of_now.union(former)))


def init_app(app: Flask) -> None:
    """Run the check on every response."""
    app.after_request(keep_from_browsers)
