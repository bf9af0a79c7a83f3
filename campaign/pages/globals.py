"""Sample content says that it is: by a note above what shows nothing else, by a mark in lists of both."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from campaign.core.remembered import Remembered
from campaign.extensions import db
from campaign.statements.queries import holds_own

_OWN: Remembered[str, bool] = Remembered("statements beside the sample", seconds=2.0)


def is_sample(statement: object, statements: Sequence[object] | None) -> bool:
    """True for a page about a sample statement, or with a list of nothing else."""
    if statement is not None:
        return bool(getattr(statement, "sample", False))
    return bool(statements) and all(getattr(line, "sample", False) for line in statements or ())


def has_own_statements() -> bool:
    """True when the site has published more than sample content: then lists mark what is sample.

    While the database is away, the last answer holds.
    """
    known = _OWN.get("any")
    return _OWN.put("any", _has_own()) if known is None else known


def _has_own() -> bool:
    try:
        return holds_own()
    except SQLAlchemyError:
        # The page that says that the database is away must not need it.
        db.session.rollback()
        return bool(_OWN.stale("any"))


def init_app(app: Flask) -> None:
    """Let templates tell sample content."""
    app.jinja_env.globals.update(is_sample=is_sample, has_own_statements=has_own_statements)
