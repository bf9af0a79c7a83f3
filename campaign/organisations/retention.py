"""How long organisations stay that only a signature brought into the registry."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import IntegrityError

from campaign.core import retention
from campaign.extensions import db
from campaign.organisations.operations import remove_unused, unused_from_signatures


def purge_organisations() -> int:
    """Delete organisations that only signatures brought, once none of them is left. Returns how many."""
    session = db.session()
    try:
        with session.begin_nested():
            return remove_unused(session, unused_from_signatures(session))
    except IntegrityError:
        # One of them signed at this moment; the next round looks again.
        return 0


def init_app(app: Flask) -> None:
    """Register the rule."""
    retention.keep(
        app,
        "organisations",
        "the registry of the team: until they remove an entry; what only a signature brought: as long as one"
        " is left",
        purge_organisations,
    )
