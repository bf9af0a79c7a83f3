"""Organisations of the registry as JSON: their networks, and the members of a network."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, url_for

from campaign.api.blueprint import bp
from campaign.core.language import language
from campaign.core.page_cache import StoredPage
from campaign.core.query_parameters import WrongParameter, chooses_by, number, only
from campaign.organisations.models import Organisation
from campaign.organisations.networks import Belonging, place_of_member
from campaign.organisations.queries import current_slug_of, display_name, organisation_by_slug
from campaign.signatories.queries import signed_by
from campaign.signatories.shown_networks import may_be_seen, shown_members, shown_networks
from campaign.statements.queries import statement_lines, statements_of_network

_PAGE = 100


@bp.get("/api/v1/organisations/<slug>")
def api_organisation(slug: str) -> Response:
    """One organisation that everyone may see."""
    only()
    found = _found(slug, "api.api_organisation")
    body: dict[str, Any] = {
        "slug": found.slug,
        "name": display_name(found, language()),
        "country": found.country,
        "website": found.website,
        "is_network": found.is_network,
        "fictional": found.fictional,
        "networks": [_belonging(one) for one in shown_networks(found.id)],
        "signed": _slugs(signed_by(found.id)),
        "statements": _slugs(statements_of_network(found.id)),
    }
    return StoredPage.of_json(body).response()


@bp.get("/api/v1/organisations/<slug>/members")
@chooses_by("after")
def api_members(slug: str) -> Response:
    """The members of a network by their addresses, 100 at a time; `next` goes into `after`."""
    only("after")
    wrong = "after: a whole number, as in `next`"
    asked, found = number("after", wrong), _found(slug, "api.api_members")
    place = place_of_member(found.id, asked) if asked else ("", 0)
    if place is None:
        raise WrongParameter(wrong)
    members = shown_members(found.id, place, _PAGE + 1)
    after = members[_PAGE - 1].membership_id if len(members) > _PAGE else None
    body = {"members": [_belonging(one) for one in members[:_PAGE]], "next": after}
    return StoredPage.of_json(body).response()


def _found(slug: str, endpoint: str) -> Organisation:
    """The organisation of an address. Aborts: 404, or 302 from a former address."""
    found = organisation_by_slug(slug)
    if found is None or not may_be_seen(found.id):
        now = current_slug_of(slug)
        abort(redirect(url_for(endpoint, slug=now), 302) if now else 404)
    return found


def _slugs(ids: list[int]) -> list[str]:
    return [line.slug for line in statement_lines(language(), ids=ids)]


def _belonging(one: Belonging) -> dict[str, str | None]:
    """A membership, with the member or the network. Dates are ISO 8601, as far as they are known."""
    return {
        "slug": one.organisation.slug,
        "name": display_name(one.organisation, language()),
        "country": one.organisation.country,
        "since": str(one.span.since) if one.span.since else None,
        "until": str(one.span.until) if one.span.until else None,
        "source": one.source or None,
    }
