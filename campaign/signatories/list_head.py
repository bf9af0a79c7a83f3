"""The head of a list, as the statement page and the pages beside it show it, and the version for caching
them.
"""

from __future__ import annotations

from campaign.extensions import db
from campaign.signatories import queries
from campaign.signatories.agreement import with_texts
from campaign.signatories.organisation_display import as_registered, by_name
from campaign.statements.published import published_or_404
from campaign.statements.queries import (
    StatementPage,
    terms_of,
)

# Up to this size the whole list fits on one page, grouped by country.
MOST_GROUPED = 2_000


def head(statement: StatementPage) -> dict[str, object]:
    """The part of the list that the statement page and its live fragment show."""
    organisations, newest, words = (
        queries.organisations_head(statement.id),
        queries.newest(statement.id),
        queries.words(statement.id),
    )
    people = queries.people_head(statement.id)
    known = as_registered(statement, [*organisations, *newest, *words])
    named = {
        line.position: line for line in with_texts(terms_of(db.session(), statement.id), [*known, *people])
    }

    return {
        "counts": queries.counts_of(statement.id),
        "organisations": by_name(named[line.position] for line in organisations),
        "people": [named[line.position] for line in people],
        "newest": [named[line.position] for line in newest],
        "words": [named[line.position] for line in words],
    }


def versions(slug: str) -> tuple[int, int, int]:
    """The version of statement and list, which changes when either does. Aborts like published()."""
    statement_id, version = published_or_404(slug)
    return statement_id, version, queries.list_version(statement_id)
