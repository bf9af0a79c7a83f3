"""Organisations as an address names them: all, or those that a member works for."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from campaign.accounts.permissions import Scope, confined_to, refuse_what_concerns_others
from campaign.organisations.models import Organisation
from campaign.organisations.queries import organisation_at


def _load_organisation(slug: str) -> Organisation:
    """The organisation at this address, or at the one to which it has moved.

    Aborts with 404, 302, and 403 where the member works for other organisations, also where there is none.
    """
    organisation, confined = organisation_at(slug), confined_to()
    if confined is not None and (organisation is None or organisation.id not in confined):
        refuse_what_concerns_others()
    if organisation is None:
        abort(404)
    if organisation.slug != slug and request.method == "GET":
        abort(redirect(url_for(str(request.endpoint), slug=organisation.slug), 302))
    return organisation


organisation_in_path = Scope("slug", "organisation", _load_organisation)
