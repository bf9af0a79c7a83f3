"""The public page of an organisation, and its logo."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.query_parameters import WrongParameter, chooses_by, number
from campaign.organisations.models import Organisation, OrganisationLogo
from campaign.organisations.networks import Belonging, place_of_member
from campaign.organisations.queries import (
    current_slug_of,
    display_name,
    former_logo,
    logo_by_slug,
    organisation_by_slug,
)
from campaign.pages.views import bp
from campaign.signatories import queries as lists
from campaign.signatories.shown_networks import may_be_seen, shown_members, shown_networks
from campaign.statements.queries import (
    statement_lines,
    statements_of_network,
    statements_version,
)

_PAGE = 100
_DIGITS = 10
_FOR_A_YEAR = "public, max-age=31536000, immutable"


@bp.get("/o/<slug>")
@chooses_by("after")
def organisation(slug: str) -> Response:
    """An organisation, everything that it signed, its networks, and the members of a network in pages."""
    after = number("after", _("This link into the middle of the list is not complete."))

    def render() -> StoredPage:
        link_as(url_for("pages.organisation", slug=slug, after=after or None))
        return StoredPage.of(_html(_found(slug), after).encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("organisation", slug, language(), after), lambda: _version(_found(slug), after), render)
        .response()
    )


@bp.get("/o/<slug>/logo.png")
def logo(slug: str) -> Response:
    """The logo; cached for a year when the address carries its digest."""

    def render() -> StoredPage:
        return _picture(logo_by_slug(slug) or abort(404))

    wanted = request.args.get("v", "")
    try:
        stored = page_cache().get(("logo", slug), lambda: _digest(slug), render)
    except HTTPException:
        # There is none today, or the address was another's.
        if former := _former(slug, wanted):
            return former.response(_FOR_A_YEAR)
        raise
    if wanted == stored.etag[:_DIGITS]:
        return stored.response(_FOR_A_YEAR)
    former = _former(slug, wanted)
    return former.response(_FOR_A_YEAR) if former else stored.response("public, no-cache")


def _picture(shown: OrganisationLogo) -> StoredPage:
    return StoredPage(shown.sha256[:20], "image/png", {"identity": shown.png})


def _former(slug: str, digest: str) -> StoredPage | None:
    """The logo of before that a closed list names by the beginning of its digest."""
    if len(digest) != _DIGITS or (found := organisation_by_slug(slug)) is None or not may_be_seen(found.id):
        return None
    former = former_logo(slug, digest)
    return _picture(former) if former else None


def _found(slug: str) -> Organisation:
    """The organisation of an address. Aborts: 404, or 302 from a former address."""
    found = organisation_by_slug(slug)
    if found is None or not may_be_seen(found.id):
        now = current_slug_of(slug)
        abort(redirect(url_for("pages.organisation", slug=now), 302) if now else 404)
    return found


def _digest(slug: str) -> str:
    shown, found = logo_by_slug(slug), organisation_by_slug(slug)
    if shown is None or found is None or not may_be_seen(found.id):
        now = current_slug_of(slug)
        abort(redirect(url_for("pages.logo", slug=now), 302) if now else 404)
    return shown.sha256


def _members(found: Organisation, after: int) -> list[Belonging]:
    """A page of members, and the first one of the next page. Raises WrongParameter."""
    place = place_of_member(found.id, after) if after else ("", 0)
    if place is None:
        raise WrongParameter(_("This link into the middle of the list is not complete."))
    return shown_members(found.id, place, _PAGE + 1) if found.is_network else []


def _named(lines: list[Belonging]) -> list[tuple[Belonging, str]]:
    return [(one, display_name(one.organisation, language())) for one in lines]


def _version(found: Organisation, after: int) -> object:
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
    belongs = [*shown_networks(found.id), *_members(found, after)]
    networks = tuple((one.membership_id, one.span, one.source, *_shown(one)) for one in belongs)
    signed = tuple(lists.signed_by(found.id)), tuple(sorted(lists.names_signed_with(found.id).items()))
    return found.id, tuple(names), facts, logo, found.is_network, networks, signed, statements_version()


def _names_then(found: Organisation) -> dict[int, str]:
    """The names as signed that the registry does not have now, by statement."""
    now = {name.name for name in found.names if name.use == "name"}
    signed = lists.names_signed_with(found.id).items()
    return {statement_id: name for statement_id, name in signed if name not in now}


def _shown(one: Belonging) -> tuple[str, str, str | None]:
    other = one.organisation
    return other.slug, display_name(other, language()), other.country


def _html(found: Organisation, after: int) -> str:
    members = _members(found, after)
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
        networks=_named(shown_networks(found.id)),
        members=_named(members[:_PAGE]),
        after=after,
        next=members[_PAGE - 1].membership_id if len(members) > _PAGE else None,
        of_network=statement_lines(language(), ids=statements_of_network(found.id)),
    )
