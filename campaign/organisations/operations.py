"""Writes to the registry: entering organisations, and changing their records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import Column, delete, exists, func, insert, or_, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.base import Base
from campaign.core.registration import Registry
from campaign.core.search import search_key
from campaign.core.text import make_slug
from campaign.organisations.domains import own_domain
from campaign.organisations.errors import DomainTaken, HasMembers, HasStatements
from campaign.organisations.models import (
    KEY_LENGTH,
    FormerOrganisationSlug,
    NameMark,
    NetworkMembership,
    Organisation,
    OrganisationDomain,
    OrganisationLogo,
    OrganisationName,
    UnStatus,
)
from campaign.organisations.name_sounds import marks_of
from campaign.organisations.networks import count_members
from campaign.organisations.signals import organisation_changed

_AT_ONCE = 500

# The ids of organisations that sealed values of rooms above lead to, where no foreign key does.
named_in_seals: Registry[Callable[[Session], set[int]]] = Registry("organisations named in sealed values")

# True where rooms above have something that is of this network.
kept_as_network: Registry[Callable[[Session, int], bool]] = Registry("networks that others rely on")


class OrganisationFacts(TypedDict, total=False):
    """The record of an organisation beside its names; a field left out is not known."""

    country: str | None
    website: str | None
    un_status: UnStatus
    founded: int | None
    liquidated_on: dt.date | None
    liquidated_by: str | None
    continues_from: str | None
    is_network: bool


UNKNOWN = OrganisationFacts(
    country=None,
    website=None,
    un_status=UnStatus.NONE,
    founded=None,
    liquidated_on=None,
    liquidated_by=None,
    continues_from=None,
    is_network=False,
)


def register_organisation(
    session: Session,
    names: Mapping[str, str],
    *,
    slug: str | None = None,
    aliases: Iterable[str] = (),
    domains: Iterable[str] = (),
    from_signature: bool = False,
    **facts: Unpack[OrganisationFacts],
) -> Organisation:
    """Enter an organisation. `from_signature`: only because a signature names it.

    `names` maps language to name; the first is the canonical one. Flushes. Raises DomainTaken, DomainRefused.
    """
    canonical = next(iter(names))
    chosen = free_slug(session, slug or make_slug(names[canonical]))
    organisation = Organisation(
        slug=chosen, created_at=clock.now(), from_signature=from_signature, **{**UNKNOWN, **facts}
    )
    organisation.names = [
        _name(language, name, canonical=language == canonical) for language, name in names.items()
    ]
    organisation.names += [_name(canonical, alias, use="alias") for alias in aliases]
    session.add(organisation)
    session.flush()

    for domain in domains:
        add_domain(session, organisation, domain)
    return organisation


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation of a sheet, with everything that takes time to compute."""

    name: str
    country: str | None
    website: str | None
    slug: str
    search_key: str
    marks: frozenset[str]


def new_organisation(name: str, country: str | None, website: str | None) -> NewOrganisation:
    """Prepare an organisation for register_many()."""
    key, marks = search_key(name)[:KEY_LENGTH], frozenset(marks_of(name))
    return NewOrganisation(name, country, website, make_slug(name), key, marks)


def register_many(
    session: Session, language: str, organisations: Sequence[NewOrganisation]
) -> dict[str, int]:
    """Enter organisations that signatures name, with one name each, in `language`. Returns their ids by
    name.
    """
    if not organisations:
        return {}

    taken, chosen = (
        set(session.scalars(union(select(Organisation.slug), select(FormerOrganisationSlug.slug)))),
        [],
    )
    for entry in organisations:
        chosen.append(_free(entry.slug, taken))
        taken.add(chosen[-1])

    new, now = list(zip(organisations, chosen, strict=True)), clock.now()
    session.execute(
        insert(Organisation),
        [
            {
                "slug": slug,
                "country": of.country,
                "website": of.website,
                "created_at": now,
                "from_signature": True,
            }
            for of, slug in new
        ],
    )
    by_slug = dict(session.execute(select(Organisation.slug, Organisation.id)).tuples().all())
    ids = {entry.name: by_slug[slug] for entry, slug in new}
    shared = {"language": language, "use": "name", "canonical": True}
    names = [
        shared | {"organisation_id": ids[entry.name], "name": entry.name, "search_key": entry.search_key}
        for entry in organisations
    ]
    session.execute(insert(OrganisationName), names)
    _mark(session, {ids[entry.name]: entry.marks for entry in organisations})
    return ids


def _mark(session: Session, marks: Mapping[int, Iterable[str]]) -> None:
    """Enter the marks of the only names of these organisations."""
    asked = list(marks)
    for start in range(0, len(asked), _AT_ONCE):
        some = OrganisationName.organisation_id.in_(asked[start : start + _AT_ONCE])
        named = session.execute(select(OrganisationName.id, OrganisationName.organisation_id).where(some))
        rows = [{"name_id": name_id, "mark": mark} for name_id, of in named.tuples() for mark in marks[of]]
        if rows:
            session.execute(insert(NameMark), rows)


def remove_unused(session: Session, ids: Iterable[int]) -> int:
    """Delete organisations to which nothing refers, such as those of an undone import. Returns how many."""
    wanted = set(ids)
    if wanted:
        wanted -= {known for named in named_in_seals.answers() for known in named(session)}
    listed, removed = sorted(wanted), 0
    unused = [~exists().where(column == Organisation.id) for column in _references()]
    for start in range(0, len(listed), _AT_ONCE):
        gone = delete(Organisation).where(Organisation.id.in_(listed[start : start + _AT_ONCE]), *unused)
        removed += len(
            session.execute(
                gone.returning(Organisation.id), execution_options={"synchronize_session": False}
            ).all()
        )
    return removed


def used_elsewhere(session: Session, ids: Collection[int]) -> set[int]:
    """The organisations among these to which something refers that is not a membership among themselves."""
    wanted = set(ids)
    used = {known for named in named_in_seals.answers() for known in named(session)} & wanted
    memberships = NetworkMembership.__table__
    among = NetworkMembership.network_id.in_(wanted) & NetworkMembership.member_id.in_(wanted)
    for column in _references():
        refers = select(column).distinct().where(column.in_(wanted))
        used |= set(session.scalars(refers.where(~among) if column.table is memberships else refers))
    return used


def with_more_than_a_name(session: Session, ids: Sequence[int]) -> set[int]:
    """The organisations among these whose record says more than the one name with which a signature entered
    them: somebody has worked on it.
    """
    several = (
        select(OrganisationName.organisation_id)
        .group_by(OrganisationName.organisation_id)
        .having(func.count() > 1)
    )
    worked_on = or_(
        Organisation.id.in_(several),
        Organisation.domains.any(),
        Organisation.logos.any(),
        Organisation.founded.is_not(None),
        Organisation.liquidated_on.is_not(None),
        Organisation.un_status != UnStatus.NONE,
        Organisation.is_network,
        Organisation.id.in_(select(NetworkMembership.member_id)),
    )
    found = set[int]()
    for start in range(0, len(ids), _AT_ONCE):
        asked = ids[start : start + _AT_ONCE]
        found.update(session.scalars(select(Organisation.id).where(Organisation.id.in_(asked), worked_on)))
    return found


def unused_from_signatures(session: Session) -> list[int]:
    """The organisations that only signatures brought, and to which no row refers any more."""
    unused = [~exists().where(column == Organisation.id) for column in _references()]
    return list(session.scalars(select(Organisation.id).where(Organisation.from_signature, *unused)))


def _references() -> list[Column[Any]]:
    """The columns of all rooms that refer to an organisation, except those of its own record."""
    own = {
        model.__table__
        for model in (OrganisationName, OrganisationDomain, OrganisationLogo, FormerOrganisationSlug)
    }
    keys = (key for table in Base.metadata.tables.values() if table not in own for key in table.foreign_keys)
    return [key.parent for key in keys if key.column.table is Organisation.__table__]


def change_organisation(
    session: Session,
    organisation: Organisation,
    names: Mapping[str, str],
    *,
    aliases: Iterable[str],
    domains: Iterable[str],
    **facts: Unpack[OrganisationFacts],
) -> None:
    """Replace the record of an organisation.

    `names` maps language to name; the first is the canonical one. Raises DomainTaken, DomainRefused,
    HasMembers, HasStatements.
    """
    if organisation.is_network and not facts.get("is_network"):
        if count_members(organisation.id):
            raise HasMembers
        if any(kept(session, organisation.id) for kept in kept_as_network.answers()):
            raise HasStatements
    canonical = next(iter(names))
    languages = {name.name: name.language for name in organisation.names if name.use == "alias"}
    for column, value in {**UNKNOWN, **facts}.items():
        setattr(organisation, column, value)

    organisation.names, organisation.domains = [], []
    session.flush()
    organisation.names = [
        _name(language, name, canonical=language == canonical) for language, name in names.items()
    ]
    organisation.names += [_name(languages.get(alias, canonical), alias, use="alias") for alias in aliases]
    session.flush()

    for domain in domains:
        add_domain(session, organisation, domain)
    organisation_changed.send(session, organisation_id=organisation.id)


def add_domain(session: Session, organisation: Organisation, typed: str) -> None:
    """Enter a mail domain as the organisation's own.

    Raises DomainTaken, DomainRefused; repeating it is no error.
    """
    domain = own_domain(typed)
    owner = session.get(OrganisationDomain, domain)
    if owner is not None and owner.organisation_id == organisation.id:
        return
    if owner is not None:
        raise DomainTaken(domain)

    try:
        organisation.domains.append(OrganisationDomain(domain=domain))
        session.flush()
    except IntegrityError as error:
        raise DomainTaken(domain) from error


def _name(language: str, name: str, *, use: str = "name", canonical: bool = False) -> OrganisationName:
    return OrganisationName(
        language=language,
        name=name,
        use=use,
        canonical=canonical,
        search_key=search_key(name)[:KEY_LENGTH],
        marks=[NameMark(mark=mark) for mark in sorted(marks_of(name))],
    )


def free_slug(session: Session, wanted: str) -> str:
    """The address `wanted`, or the same with the first number that nobody has or had."""
    now, before = Organisation.slug, FormerOrganisationSlug.slug
    begins = (select(slug).where(slug.startswith(wanted, autoescape=True)) for slug in (now, before))
    return _free(wanted, set(session.scalars(union(*begins))))


def _free(wanted: str, taken: Collection[str]) -> str:
    candidates = (
        wanted or "organisation",
        *(f"{wanted or 'organisation'}-{number}" for number in range(2, len(taken) + 3)),
    )
    return next(slug for slug in candidates if slug not in taken)
