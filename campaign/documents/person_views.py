"""Public papers about one person.

Each request checks what may be shown, so that what is withdrawn is gone within a minute.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.person_papers import (
    Postal,
    envelope_pdf,
    person_card_png,
    person_poster_pdf,
    postal_in,
    postcard_pdf,
)
from campaign.documents.views import PDF, bp, busy, named, stored_as
from campaign.people import queries
from campaign.people.dossier import PersonPage, person_page
from campaign.people.vocabulary import Script

# Like portraits: nothing that was withdrawn lives on in a cache.
_FOR_A_MINUTE = "public, max-age=60, must-revalidate"


@bp.get("/p/<slug>/envelope.pdf")
def envelope(slug: str) -> ResponseReturnValue:
    """The address for an envelope; `script` is `Latn` or `Cyrl`."""
    return _to_post("envelope", slug, envelope_pdf)


@bp.get("/p/<slug>/postcard.pdf")
def postcard(slug: str) -> ResponseReturnValue:
    """A postcard with the address; `script` as above."""
    return _to_post("postcard", slug, postcard_pdf)


@bp.get("/p/<slug>/poster.pdf")
def person_poster(slug: str) -> ResponseReturnValue:
    """A sheet for a wall: portrait, name, days, and a code that leads to the page."""

    def make() -> bytes:
        page = shown_person(slug)
        return person_poster_pdf(page, portrait_of(page)) if page.may_be_put_on_walls else abort(404)

    return _kept(("poster of person", slug, language()), slug, make, PDF, f"{slug}-poster-{language()}.pdf")


@bp.get("/p/<slug>/card.png")
def person_card(slug: str) -> ResponseReturnValue:
    """The square picture for social media, in the language of the address."""

    def make() -> bytes:
        page = shown_person(slug)
        return person_card_png(page, portrait_of(page)) if page.may_be_pictured else abort(404)

    return _kept(("card of person", slug, language()), slug, make, "image/png", f"{slug}-{language()}.png")


def shown_person(slug: str) -> PersonPage:
    """The case file as the public may read it, in the language of the page. Aborts: 404."""
    return person_page(slug, language()) or abort(404)


def portrait_of(page: PersonPage) -> bytes | None:
    """The large portrait, where there is one to show."""
    kept = queries.portrait_of(page.slug) if page.portrait else None
    return kept.large if kept else None


def _to_post(paper: str, slug: str, pdf: Callable[[Postal], bytes]) -> ResponseReturnValue:
    typed = request.args.get("script")
    script = typed if typed in list(Script) else None

    def make() -> bytes:
        page = shown_person(slug)
        return pdf(postal_in(page, script)) if page.may_be_written_to else abort(404)

    return _kept((paper, slug, script), slug, make, PDF, f"{paper}.pdf")


def _kept(
    key: tuple[str | None, ...], slug: str, make: Callable[[], bytes], mimetype: str, name: str
) -> Response:
    def version() -> object:
        return queries.person_version(slug) or abort(404)

    try:
        stored = page_cache().get(key, version, lambda: _stored(make, mimetype))
    except TooManyAtOnce:
        link_as(url_for("pages.person", slug=slug))
        return busy()
    return named(stored.response(_FOR_A_MINUTE), name)


def _stored(make: Callable[[], bytes], mimetype: str) -> StoredPage:
    return stored_as(make(), mimetype)
