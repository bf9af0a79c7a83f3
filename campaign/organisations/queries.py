"""Finding organisations, and what they are called in a language."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.search import has_words, search_key
from campaign.extensions import db
from campaign.organisations.models import KEY_LENGTH, Organisation, OrganisationDomain, OrganisationName


def organisation_by_slug(slug: str) -> Organisation | None:
    """One organisation for its public page."""
    return db.session.scalar(select(Organisation).where(Organisation.slug == slug))


def organisations_named(session: Session, name: str) -> list[Organisation]:
    """All organisations of which `name` is a name or alias, whatever the script, accents and case."""
    named = select(OrganisationName.organisation_id).where(OrganisationName.search_key == search_key(name)[:KEY_LENGTH])
    return list(session.scalars(select(Organisation).where(Organisation.id.in_(named)).order_by(Organisation.id)))


def organisation_speaking(session: Session, name: str, mail_domain: str) -> Organisation | None:
    """The organisation called `name` for which a mailbox at `mail_domain` (or below it) speaks; None when review must decide."""
    labels = mail_domain.lower().split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    owner = session.scalars(select(OrganisationDomain.organisation_id).where(OrganisationDomain.domain.in_(above))).all()
    return next((organisation for organisation in organisations_named(session, name) if organisation.id in owner), None)


def display_name(organisation: Organisation, language: str) -> str:
    """The name in `language`, else the canonical one."""
    shown = {name.language: name.name for name in organisation.names if name.use == "name"}
    return shown.get(language) or next(name.name for name in organisation.names if name.canonical)


def organisations_by_id(ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations with these keys."""
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(list(ids))))
    return {organisation.id: organisation for organisation in found}


def all_organisations() -> list[Organisation]:
    """The whole registry, for the team's forms."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.slug)))


def find_organisations(words: str, after: str = "", most: int = 100) -> list[Organisation]:
    """The registry by address, or those of it with every one of `words` in a name or alias; from behind the address `after`."""
    query = select(Organisation).where(Organisation.slug > after).order_by(Organisation.slug).limit(most)
    for has_word in has_words(OrganisationName.search_key, words):
        query = query.where(Organisation.id.in_(select(OrganisationName.organisation_id).where(has_word)))
    return list(db.session.scalars(query))
