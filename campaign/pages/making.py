"""How the list of a statement was made, for everyone."""

from __future__ import annotations

from flask import Response, render_template, url_for

from campaign.core.http import StoredPage, page_cache
from campaign.core.language import language, link_as
from campaign.pages.views import bp
from campaign.signatories.making import making_of
from campaign.signatories.queries import counts_of
from campaign.signatories.views import published, versions
from campaign.statements.queries import statement_page


@bp.get("/s/<slug>/how-this-list-was-made")
def making(slug: str) -> Response:
    """By which way names came, who looked at them, what was removed."""

    def render() -> StoredPage:
        link_as(url_for("pages.making", slug=slug))
        page = statement_page(published(slug)[0], language())
        html = render_template("pages/making.html", statement=page, making=making_of(page.id), counts=counts_of(page.id))
        return StoredPage.of(html.encode(), "text/html", quick=True)

    return page_cache().get(("making", slug, language()), lambda: versions(slug), render).response()
