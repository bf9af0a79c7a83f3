"""Public statements and their signatories as JSON, read only, under /api/v1.

openapi.py describes them.
"""

from __future__ import annotations

from flask import Response

from campaign.api.blueprint import bp
from campaign.core.dates import iso_date
from campaign.core.language import language
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.query_parameters import chooses_by, number
from campaign.extensions import db
from campaign.signatories import queries
from campaign.signatories.agreement import texts_as_json, with_texts
from campaign.signatories.list_head import versions
from campaign.statements.published import published_or_404
from campaign.statements.queries import (
    StatementLine,
    statement_lines,
    statement_page,
    statements_version,
    terms_of,
)


@bp.get("/api/v1/statements")
def api_statements() -> Response:
    """All public statements."""

    def render() -> StoredPage:
        lines = statement_lines(language())
        counts = queries.counts_by_statement([line.id for line in lines])
        return StoredPage.of_json(
            {"statements": [_statement_json(line, counts.get(line.id, queries.Counts())) for line in lines]}
        )

    return (
        page_cache()
        .get(("api", language()), lambda: (statements_version(), queries.all_versions()), render)
        .response()
    )


@bp.get("/api/v1/statements/<slug>")
def api_statement(slug: str) -> Response:
    """One public statement with its text in every language."""

    def render() -> StoredPage:
        statement_id = published_or_404(slug)[0]
        line = statement_lines(language(), ids=[statement_id])[0]
        page = statement_page(statement_id, language())
        body = _statement_json(line, queries.counts_of(statement_id))
        body |= {
            "goal": page.goal,
            "dated": iso_date(page.dated, page.dated_precision),
            "languages": list(page.languages),
            "sha256": page.sha256,
            **texts_as_json(terms_of(db.session(), statement_id)),
        }
        body |= {
            "owners": [owner.name for owner in page.owners],
            "network": {"slug": page.network.slug, "name": page.network.name} if page.network else None,
            "addressees": [{"name": party.name, "role": party.role} for party in page.addressees],
        }
        body |= {
            "signers": page.signers,
            "text": str(page.body),
            "language": page.language,
            "source": page.source,
        }

        return StoredPage.of_json(body)

    return page_cache().get(("api", slug, language()), lambda: versions(slug), render).response()


@bp.get("/api/v1/statements/<slug>/signatures")
@chooses_by("after")
def api_signatures(slug: str) -> Response:
    """Listed signatories in the order they came, 100 at a time; `next` goes into `after`."""
    asked = number("after", "after: a whole number, as in `next`")
    after = queries.last_position(published_or_404(slug)[0], asked) if asked else 0

    def render() -> StoredPage:
        page = queries.by_position(published_or_404(slug)[0], after)
        terms = terms_of(db.session(), published_or_404(slug)[0])
        lines = [line.as_json() for line in with_texts(terms, page.lines)]
        return StoredPage.of_json({"signatures": lines, "next": page.next, **texts_as_json(terms)})

    return page_cache().get(("api", slug, "signatures", after), lambda: versions(slug), render).response()


def _statement_json(line: StatementLine, counts: queries.Counts) -> dict[str, object]:
    return {
        "slug": line.slug,
        "title": line.title,
        "kind": line.kind,
        "status": line.status,
        "fictional": line.fictional,
        "safety": line.safety,
        "counts": counts.as_json(),
    }
