"""The published texts of a statement: the changes of each of them, and each of them in full."""

from __future__ import annotations

from flask import Response, abort, render_template, url_for

from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.text import render_markdown
from campaign.pages.views import bp
from campaign.statements.differences import Piece, differences
from campaign.statements.models import Revision, Translation
from campaign.statements.published import published_or_404
from campaign.statements.queries import choose_translation, published_revisions, statement_page


@bp.get("/s/<slug>/versions")
def versions(slug: str) -> Response:
    """All published texts, the newest first, each with its changes to the one before."""

    def render() -> StoredPage:
        link_as(url_for("pages.versions", slug=slug))
        statement_id, _version = published_or_404(slug)
        revisions = published_revisions(statement_id)
        changed = [
            (revision, _changes(revision, before))
            for revision, before in zip(revisions, [None, *revisions[:-1]], strict=True)
        ]
        html = render_template(
            "pages/versions.html", statement=statement_page(statement_id, language()), revisions=changed[::-1]
        )
        return StoredPage.of(html.encode(), "text/html", quick=True)

    return page_cache().get(("versions", slug, language()), lambda: published_or_404(slug), render).response()


@bp.get("/s/<slug>/versions/<int:number>")
def version(slug: str, number: int) -> Response:
    """A published text in full, as it was signed."""

    def render() -> StoredPage:
        link_as(url_for("pages.version", slug=slug, number=number))
        statement_id, _version = published_or_404(slug)
        revision = next((one for one in published_revisions(statement_id) if one.number == number), None)
        if revision is None:
            abort(404)

        text = choose_translation(revision, language())
        page = statement_page(statement_id, language())
        html = render_template(
            "pages/version.html",
            statement=page,
            revision=revision,
            text=text,
            body=render_markdown(text.body),
        )

        return StoredPage.of(html.encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("version", slug, number, language()), lambda: published_or_404(slug), render)
        .response()
    )


def _changes(revision: Revision, before: Revision | None) -> list[tuple[Translation, list[Piece]]]:
    """The changes of each translation that differs from the one before.

    Empty for a language that is new; the page says that beside it.
    """
    earlier = {text.language: text for text in before.translations} if before else {}
    both = [(text, earlier[text.language]) for text in revision.translations if text.language in earlier]
    return [
        (text, differences(_whole(old), _whole(text))) for text, old in both if _whole(old) != _whole(text)
    ]


def _whole(text: Translation) -> str:
    return f"{text.title}\n\n{text.body}"
