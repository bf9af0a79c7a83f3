"""Searches by the keys of names, as every list runs them."""

from __future__ import annotations

from sqlalchemy import literal, select, union_all

from campaign.core.search import has_words, search_key
from campaign.extensions import db


def find(names: list[str], typed: str) -> list[str]:
    """Those of `names` that a search for `typed` finds."""
    rows = union_all(
        *(
            select(literal(place).label("place"), literal(search_key(name)).label("key"))
            for place, name in enumerate(names)
        )
    ).subquery()
    found = db.session.scalars(
        select(rows.c.place).where(*has_words(rows.c.key, typed)).order_by(rows.c.place)
    )
    return [names[place] for place in found]
