"""Organisations as an address names them: all, or those that a member works for."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from campaign.accounts.permissions import Scope, confined_to, refuse_what_concerns_others
from campaign.extensions import db
from campaign.organisations.models import NetworkMembership, Organisation
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


def _load_network(slug: str) -> Organisation:
    """The same for an organisation that is a network. Aborts with 404 for any other."""
    organisation = _load_organisation(slug)
    if not organisation.is_network:
        abort(404)
    return organisation


def _load_network_for_whole_site(slug: str) -> Organisation:
    """The same, for members who work for the whole site alone: a table enters organisations."""
    if confined_to() is not None:
        refuse_what_concerns_others()
    return _load_network(slug)


def may_write_of(organisation_id: int) -> bool:
    """True where the member of the team works for this organisation, or for the whole site."""
    confined = confined_to()
    return confined is None or organisation_id in confined


def _load_membership(membership_id: int, network: Organisation) -> NetworkMembership:
    """A membership of this network. Aborts with 404, and with 403 where the member of the team does not work
    for the organisation too: what is said here stands on its public page.
    """
    membership = db.session.get(NetworkMembership, membership_id)
    if membership is None or membership.network_id != network.id:
        abort(404)
    if not may_write_of(membership.member_id):
        refuse_what_concerns_others()
    return membership


organisation_in_path = Scope("slug", "organisation", _load_organisation)
network_in_path = Scope("slug", "network", _load_network)
network_of_site_in_path = Scope("slug", "network", _load_network_for_whole_site)
membership_in_path = Scope("membership_id", "membership", _load_membership, within=network_in_path)
