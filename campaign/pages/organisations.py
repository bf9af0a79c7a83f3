"""The public page of an organisation, and its logo."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for

from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.organisations.models import Organisation
from campaign.organisations.queries import current_slug_of, display_name, logo_by_slug, organisation_by_slug
from campaign.pages.organisation_question import has_public_page
from campaign.pages.views import bp
from campaign.signatories import queries as lists
from campaign.statements.queries import statement_lines, statements_version


@bp.get("/o/<slug>")
def organisation(slug: str) -> Response:
    """An organisation and everything that it signed."""

    def render() -> StoredPage:
        link_as(url_for("pages.organisation", slug=slug))
        return StoredPage.of(_html(_found(slug)).encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("organisation", slug, language()), lambda: _version(_found(slug)), render)
        .response()
    )


@bp.get("/o/<slug>/logo.png")
def logo(slug: str) -> Response:
    """The logo; cached for a year when the address carries its digest."""

    def render() -> StoredPage:
        shown = logo_by_slug(slug) or abort(404)
        return StoredPage(shown.sha256[:20], "image/png", {"identity": shown.png})

    stored = page_cache().get(("logo", slug), lambda: _digest(slug), render)
    dated = request.args.get("v") == stored.etag[:10]
    return stored.response("public, max-age=31536000, immutable" if dated else "public, no-cache")


def _found(slug: str) -> Organisation:
    """The organisation of an address. Aborts: 404, or 302 from a former address."""
    found = organisation_by_slug(slug)
    if found is None or not has_public_page(found):
        now = current_slug_of(slug)
        abort(redirect(url_for("pages.organisation", slug=now), 302) if now else 404)
    return found


def _digest(slug: str) -> str:
    shown, found = logo_by_slug(slug), organisation_by_slug(slug)
    if shown is None or found is None or not has_public_page(found):
        now = current_slug_of(slug)
        abort(redirect(url_for("pages.logo", slug=now), 302) if now else 404)
    return shown.sha256


def _version(found: Organisation) -> object:
    """All content of the page, for want of a number that rises with it."""
    names = sorted((name.language, name.name, name.use, name.canonical) for name in found.names)
    facts = (
        found.country,
        found.website,
        found.un_status,
        found.founded,
        found.liquidated_on,
        found.liquidated_by,
        found.continues_from,
    )
    logo = (found.logo.sha256, found.logo.description) if found.logo else None
    signed = tuple(sorted(lists.names_signed_with(found.id).items()))
    return found.id, tuple(names), facts, logo, tuple(lists.signed_by(found.id)), signed, statements_version()


def _names_then(found: Organisation) -> dict[int, str]:
    """The names as signed that the registry does not have now, by statement."""
    now = {name.name for name in found.names if name.use == "name"}
    signed = lists.names_signed_with(found.id).items()
    return {statement_id: name for statement_id, name in signed if name not in now}


def _html(found: Organisation) -> str:
    return render_template(
        "pages/organisation.html",
        organisation=found,
        name=display_name(found, language()),
        names=sorted(
            (name for name in found.names if name.use == "name"),
            key=lambda name: (not name.canonical, name.language),
        ),
        aliases=[name.name for name in sorted(found.names, key=lambda name: name.id) if name.use == "alias"],
        names_then=_names_then(found),
        statements=statement_lines(language(), ids=lists.signed_by(found.id)),
    )
