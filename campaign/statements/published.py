"""Public statements by their address: the one lookup for all their pages."""

from __future__ import annotations

import click
from flask import abort, redirect, request, url_for

from campaign.core.origin import SAFE_METHODS
from campaign.statements.models import Statement, Topic
from campaign.statements.queries import (
    current_slug_of,
    public_version,
    statement_by_slug,
)
from campaign.statements.topics import topic_by_slug


def published_or_404(slug: str) -> tuple[int, int]:
    """(id, version) of a public statement.

    Aborts: 404 for drafts and unknown addresses, 302 from a former address, which may come back.
    """
    found = public_version(slug)
    if found is None:
        now = current_slug_of(slug)
        if (
            now is not None
            and public_version(now) is not None
            and request.endpoint
            and request.method in SAFE_METHODS
        ):
            # The query is passed on as it is: url_for() would read some of its names as its own.
            query = request.query_string.decode("ascii", "ignore")
            address = url_for(request.endpoint, **(request.view_args or {}) | {"slug": now})
            abort(redirect(address + (f"?{query}" if query else ""), 302))
        abort(404)

    return found


def topic_or_404(slug: str) -> Topic:
    """A topic by its address, for every page and feed of it. Aborts: 404 for an unknown one."""
    return topic_by_slug(slug) or abort(404)


def statement_or_refuse(slug: str) -> Statement:
    """The statement that a command names, in any state. Raises ClickException where there is none."""
    statement = statement_by_slug(slug)
    if statement is None:
        raise click.ClickException(f"There is no statement “{slug}”.")
    return statement
