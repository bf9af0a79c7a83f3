"""Public statements by their address: the one lookup for all their pages."""

from __future__ import annotations

import re

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

# Of an address in a sentence; a slug has ASCII letters, digits and hyphens.
_AROUND = re.compile(r"^[^A-Za-z0-9]+|[^A-Za-z0-9]+(&gt;?)?$")


def published_or_404(slug: str) -> tuple[int, int]:
    """(id, version) of a public statement.

    Aborts: 404 for drafts and unknown addresses, 302 from a former address, which may come back, and from one
    that was typed in capitals or copied with the full stop behind it.
    """
    found = public_version(slug)
    if found is None:
        now = current_slug_of(slug) or _as_typed(slug)
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


def _as_typed(slug: str) -> str | None:
    """The address that a reader meant by this one; None where nothing has to be taken off it."""
    meant = _AROUND.sub("", slug).lower()
    if meant == slug:
        return None
    return meant if public_version(meant) is not None else current_slug_of(meant)


def topic_or_404(slug: str) -> Topic:
    """A topic by its address, for every page and feed of it. Aborts: 404 for an unknown one."""
    return topic_by_slug(slug) or abort(404)


def statement_or_refuse(slug: str) -> Statement:
    """The statement that a command names, in any state. Raises ClickException where there is none."""
    statement = statement_by_slug(slug)
    if statement is None:
        raise click.ClickException(f"There is no statement “{slug}”.")
    return statement
