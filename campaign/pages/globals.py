"""Sample content says that it is: by a note above what shows nothing else, by a mark in lists of both."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from campaign.core.sections import Section, page_notes


def is_sample(statement: object, statements: Sequence[object] | None) -> bool:
    """True for a page about a sample statement, or with a list of nothing else."""
    if statement is not None:
        return bool(getattr(statement, "sample", False))
    # Other pages may call something else so.
    lines = statements if isinstance(statements, (list, tuple)) else ()
    return bool(lines) and all(getattr(line, "sample", False) for line in lines)


def sample_note(subject: tuple[object, Sequence[object] | None]) -> Section | None:
    """The note that nothing on this page is real."""
    return Section("pages/_sample_note.html", {}) if is_sample(*subject) else None


def init_app(app: Flask) -> None:
    """Say above sample content what it is."""
    page_notes.add(app, sample_note)
    app.jinja_env.globals.update(is_sample=is_sample)
