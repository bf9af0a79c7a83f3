"""Entering organisations into the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.text import make_slug, search_key
from campaign.organisations.models import Organisation, OrganisationDomain, OrganisationName


def register_organisation(
    session: Session,
    names: Mapping[str, str],
    *,
    slug: str | None = None,
    country: str | None = None,
    website: str | None = None,
    aliases: Iterable[str] = (),
    domains: Iterable[str] = (),
) -> Organisation:
    """Enter an organisation. `names` maps language to name; the first is the canonical one. Flushes."""
    canonical = next(iter(names))
    organisation = Organisation(slug=free_slug(session, slug or make_slug(names[canonical])), country=country, website=website, created_at=clock.now())
    for language, name in names.items():
        organisation.names.append(OrganisationName(language=language, name=name, use="name", canonical=language == canonical, search_key=search_key(name)))
    for alias in aliases:
        organisation.names.append(OrganisationName(language=canonical, name=alias, use="alias", canonical=False, search_key=search_key(alias)))
    organisation.domains = [OrganisationDomain(domain=domain.lower()) for domain in domains]
    session.add(organisation)
    session.flush()
    return organisation


def free_slug(session: Session, wanted: str) -> str:
    """`wanted`, or with the first number behind it that nobody has."""
    taken = set(session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(wanted, autoescape=True))))
    candidates = (wanted or "organisation", *(f"{wanted or 'organisation'}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
