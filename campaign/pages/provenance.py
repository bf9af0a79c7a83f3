"""The provenance of a statement's list, for everyone."""

from __future__ import annotations

from flask import Response, render_template, url_for

from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.moderation.queries import reports_of
from campaign.pages.views import bp
from campaign.signatories.list_head import versions
from campaign.signatories.provenance import provenance_of
from campaign.signatories.queries import counts_of
from campaign.statements.published import published_or_404
from campaign.statements.queries import statement_page


@bp.get("/s/<slug>/how-this-list-was-made")
def making(slug: str) -> Response:
    """The ways in which names came, how many were reviewed, and how many removed."""

    def render() -> StoredPage:
        link_as(url_for("pages.making", slug=slug))
        page = statement_page(published_or_404(slug)[0], language())
        html = render_template(
            "pages/provenance.html",
            statement=page,
            making=provenance_of(page.id),
            reports=reports_of(page.id),
            counts=counts_of(page.id),
        )
        return StoredPage.of(html.encode(), "text/html", quick=True)

    return page_cache().get(("making", slug, language()), lambda: versions(slug), render).response()
