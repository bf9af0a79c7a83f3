"""Sample content says that it is: by a note above what shows nothing else, by a mark in lists of both."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask


def is_sample(statement: object, statements: Sequence[object] | None) -> bool:
    """True for a page about a sample statement, or with a list of nothing else."""
    if statement is not None:
        return bool(getattr(statement, "sample", False))
    return bool(statements) and all(getattr(line, "sample", False) for line in statements or ())


def init_app(app: Flask) -> None:
    """Let templates tell sample content."""
    app.jinja_env.globals.update(is_sample=is_sample)
