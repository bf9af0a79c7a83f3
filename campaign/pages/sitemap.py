"""Pages for search engines, and each page's description of itself for programs."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from flask import Response
from markupsafe import Markup

from campaign.core.dates import iso_date
from campaign.core.language import canonical, language, offered_languages
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.settings import settings
from campaign.pages.views import bp
from campaign.people.queries import people_version, public_slugs
from campaign.statements.queries import StatementPage, statement_lines, statements_version
from campaign.statements.topics import all_topics, topics_version


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Home, statements, topics and people in every language, each with its addresses in the others."""

    def render() -> StoredPage:
        paths = [
            "/",
            "/s/",
            "/p/",
            "/about",
            *(f"/s/{line.slug}" for line in statement_lines(language())),
            *(f"/t/{topic.slug}" for topic in all_topics()),
        ]

        paths += [f"/p/{slug}" for slug in public_slugs()]
        entries = "".join(_entry(path, code) for path in paths for code in offered_languages())
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        )
        body = f'{head}xmlns:xhtml="http://www.w3.org/1999/xhtml">{entries}</urlset>\n'

        return StoredPage.of(body.encode(), "application/xml")

    return (
        page_cache()
        .get("sitemap", lambda: (statements_version(), topics_version(), people_version()), render)
        .response()
    )


@bp.get("/robots.txt")
def robots() -> Response:
    """robots.txt: pages of the team and of signers are not for search engines."""
    lines = [
        "User-agent: *",
        "Disallow: /desk",
        "Disallow: /c/",
        "Disallow: /check-your-mail",
        f"Sitemap: {settings().site_url}/sitemap.xml",
        "",
    ]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.app_template_global()
def described(statement: StatementPage) -> Markup:
    """The description of a statement for programs (schema.org), as JSON that can stand in a script element.

    No signatory is named.
    """
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "name": statement.title,
        "inLanguage": statement.language,
        "datePublished": iso_date(statement.dated, statement.dated_precision),
        "url": canonical(f"/s/{statement.slug}"),
        "version": statement.revision,
        "publisher": [
            {"@type": "Organization", "name": owner.name, "url": canonical(f"/o/{owner.slug}")}
            for owner in statement.owners
        ],
    }
    written = json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)
    # No character is left that could close the element.
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def _entry(path: str, code: str) -> str:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{other}" href="{escape(canonical(path, other))}"/>'
        for other in offered_languages()
    )
    return f"<url><loc>{escape(canonical(path, code))}</loc>{others}</url>"
