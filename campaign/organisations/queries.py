"""Reading organisations, and their names in a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, literal, or_, select
from sqlalchemy.orm import Session

from campaign.core.language import language
from campaign.core.search import has_words, search_key
from campaign.extensions import db
from campaign.organisations.models import (
    KEY_LENGTH,
    FormerOrganisationSlug,
    Organisation,
    OrganisationDomain,
    OrganisationLogo,
    OrganisationName,
)
from campaign.organisations.name_variants import same_names

# Stands beside the consultative statuses among the filters of the registry.
DISSOLVED = "dissolved"
SORTS = ("name", "newest", "country")
# A database takes only so many values at once.
_KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OrganisationFilters:
    """The filters and the order of the registry.

    `countries` are all codes in the order of the reader's language.
    """

    country: str = ""
    status: str = ""
    sort: str = "name"
    countries: tuple[str, ...] = ()


NO_FILTERS = OrganisationFilters()


def organisation_by_slug(slug: str) -> Organisation | None:
    """One organisation for its public page."""
    return db.session.scalar(select(Organisation).where(Organisation.slug == slug))


def organisations_named(session: Session, name: str) -> list[Organisation]:
    """All organisations of which `name` is a name or alias, whatever the script, accents and case; with its
    own initials in brackets or an article too. Made-up ones are nobody's.
    """
    keys = [search_key(each)[:KEY_LENGTH] for each in same_names(name)]
    named = select(OrganisationName.organisation_id).where(OrganisationName.search_key.in_(keys))
    return list(
        session.scalars(
            select(Organisation)
            .where(Organisation.id.in_(named), Organisation.fictional.is_(False))
            .order_by(Organisation.id)
        )
    )


def of_country(found: list[Organisation], country: str | None) -> list[Organisation]:
    """Of several organisations with one name, those of this country; all of them where none is."""
    here = [organisation for organisation in found if country and organisation.country == country]
    return here if len(found) > 1 and here else found


def organisations_by_name(
    session: Session, names: Iterable[str], *, made_up: bool = False
) -> dict[str, list[int]]:
    """The ids of all organisations that have each name or alias, as organisations_named() finds them; for
    many names at once. `made_up`: also made-up ones, for a made-up statement.
    """
    by_key: dict[str, list[str]] = {}
    for name in names:
        for each in same_names(name):
            by_key.setdefault(search_key(each)[:KEY_LENGTH], []).append(name)

    found: dict[str, set[int]] = {name: set() for written in by_key.values() for name in written}
    keys = list(by_key)
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = OrganisationName.search_key.in_(keys[start : start + _KEYS_AT_ONCE])
        named = select(OrganisationName.search_key, OrganisationName.organisation_id).where(some)
        if not made_up:
            named = named.join(Organisation).where(Organisation.fictional.is_(False))
        for key, organisation_id in session.execute(named).tuples():
            for name in by_key[key]:
                found[name].add(organisation_id)

    return {name: sorted(ids) for name, ids in found.items()}


def organisation_speaking(session: Session, name: str, mail_domain: str) -> Organisation | None:
    """The organisation called `name` for which a mailbox at `mail_domain` (or below it) speaks; None when
    review must decide.
    """
    labels = mail_domain.lower().split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    owner = session.scalars(
        select(OrganisationDomain.organisation_id).where(OrganisationDomain.domain.in_(above))
    ).all()
    return next(
        (organisation for organisation in organisations_named(session, name) if organisation.id in owner),
        None,
    )


def display_name(organisation: Organisation, language: str) -> str:
    """The name in `language`, else the canonical one."""
    shown = {name.language: name.name for name in organisation.names if name.use == "name"}
    return shown.get(language) or next(name.name for name in organisation.names if name.canonical)


def organisations_by_id(ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations with these ids."""
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(list(ids))))
    return {organisation.id: organisation for organisation in found}


def names_by_id(ids: Iterable[int]) -> dict[int, str]:
    """The names of organisations in the reader's language."""
    return {each: display_name(found, language()) for each, found in organisations_by_id(ids).items()}


def all_organisations() -> list[Organisation]:
    """The whole registry, for the team's forms."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.slug)))


def organisation_at(address: str) -> Organisation | None:
    """The organisation that has this address, or had it before."""
    former = select(FormerOrganisationSlug.organisation_id).where(FormerOrganisationSlug.slug == address)
    found = db.session.scalars(
        select(Organisation).where(or_(Organisation.slug == address, Organisation.id.in_(former)))
    )
    return next(iter(sorted(found, key=lambda organisation: organisation.slug != address)), None)


def current_slug_of(former: str) -> str | None:
    """The address to which an old one redirects."""
    moved = select(Organisation.slug).join(
        FormerOrganisationSlug, FormerOrganisationSlug.organisation_id == Organisation.id
    )
    return db.session.scalar(moved.where(FormerOrganisationSlug.slug == former))


def logo_by_slug(slug: str) -> OrganisationLogo | None:
    """The logo of an organisation today."""
    return db.session.scalar(_logos(slug).where(OrganisationLogo.shown_until.is_(None)))


def former_logo(slug: str, digest: str) -> OrganisationLogo | None:
    """A former logo of an organisation, by the beginning of its digest."""
    begins = OrganisationLogo.sha256.startswith(digest, autoescape=True)
    return db.session.scalars(_logos(slug).where(begins).limit(1)).first()


def _logos(slug: str) -> Select[OrganisationLogo]:
    return select(OrganisationLogo).join(Organisation).where(Organisation.slug == slug)


def logos_of(slugs: Iterable[str]) -> list[bytes]:
    """The logos (PNG) of those organisations that have one, in the order of the registry."""
    wanted = (
        select(OrganisationLogo.png)
        .join(Organisation)
        .where(Organisation.slug.in_(list(slugs)), OrganisationLogo.shown_until.is_(None))
        .order_by(Organisation.slug)
    )
    return list(db.session.scalars(wanted))


def find_organisations(
    words: str, after: str = "", most: int = 100, filters: OrganisationFilters = NO_FILTERS
) -> list[Organisation]:
    """The registry in the order of `filters`, or those with every one of `words` in a name or alias; starting
    after the address `after`.
    """
    order = _orders(filters.countries)[filters.sort]
    query = _narrow(select(Organisation), filters).order_by(*order, Organisation.slug).limit(most)
    if after:
        query = query.where(_later(order, after))
    return list(db.session.scalars(query.where(*named_with(Organisation.id, words))))


def named_with(
    organisation_id: SQLColumnExpression[int] | SQLColumnExpression[int | None], words: str
) -> list[ColumnElement[bool]]:
    """The conditions, one for each of `words`, that an organisation has it in a name or alias, in any
    script.
    """
    return [
        organisation_id.in_(select(OrganisationName.organisation_id).where(has_word))
        for has_word in has_words(OrganisationName.search_key, words)
    ]


def _narrow(query: Select[Organisation], filters: OrganisationFilters) -> Select[Organisation]:
    if filters.country:
        query = query.where(Organisation.country == filters.country)
    if filters.status == DISSOLVED:
        return query.where(Organisation.liquidated_on.is_not(None))
    return query.where(Organisation.un_status == filters.status) if filters.status else query


def _orders(countries: Sequence[str]) -> dict[str, tuple[ColumnElement[Any], ...]]:
    """The columns before the address, which is the canonical name in Latin letters, by the name of an order.

    Ascending, without NULL.
    """
    places = {code: place for place, code in enumerate(countries)}
    return {
        "name": (),
        "newest": (-Organisation.id,),
        "country": (case(places, value=Organisation.country, else_=len(places)) if places else literal(0),),
    }


def _later(order: tuple[ColumnElement[Any], ...], after: str) -> ColumnElement[bool]:
    """The condition of standing after the organisation at the address `after`; after the address alone where
    it is gone.
    """
    if not order:
        return Organisation.slug > after
    last = db.session.execute(select(*order).where(Organisation.slug == after)).first()
    if last is None:
        return Organisation.slug > after
    (column,) = order
    return or_(column > last[0], and_(column == last[0], Organisation.slug > after))
