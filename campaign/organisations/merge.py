"""The merge of two records of one organisation: nothing that is known is lost, and the old address
redirects.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.accounts.memberships import work_for_other
from campaign.organisations.errors import MergedWithItself
from campaign.organisations.logos import hand_over_logos
from campaign.organisations.models import (
    FormerOrganisationSlug,
    NameMark,
    Organisation,
    OrganisationDomain,
    OrganisationName,
    UnStatus,
)
from campaign.organisations.name_sounds import marks_of
from campaign.organisations.network_merge import move_memberships
from campaign.organisations.signals import organisation_changed, organisations_merged

_LIQUIDATION = ("liquidated_on", "liquidated_by", "continues_from")


@dataclass(frozen=True, slots=True)
class Takeover:
    """What the remaining record will take from the other one. `names` maps language to name."""

    names: dict[str, str]
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    facts: tuple[str, ...]
    logo: bool


def takeover(goes: Organisation, stays: Organisation) -> Takeover:
    """What merge() would do to the two records. Raises MergedWithItself."""
    if goes.id == stays.id:
        raise MergedWithItself

    spoken = {name.language for name in stays.names if name.use == "name"}
    known = {(name.language, name.name) for name in stays.names}
    shown = [name for name in goes.names if name.use == "name"]
    names = {
        name.language: name.name
        for name in shown
        if name.language not in spoken and (name.language, name.name) not in known
    }
    said = {name.name for name in stays.names} | set(names.values())
    aliases = tuple(dict.fromkeys(name.name for name in _by_use(goes) if name.name not in said))
    domains = tuple(row.domain for row in goes.domains)

    return Takeover(
        names, aliases, domains, _missing_facts(goes, stays), goes.logo is not None and stays.logo is None
    )


def merge(session: Session, goes: Organisation, stays: Organisation) -> None:
    """Merge `goes` into `stays`: `stays` takes precedence, what it lacks is taken over, and the address of
    `goes` redirects to it. Raises MergedWithItself.
    """
    taken = takeover(goes, stays)
    work_for_other(session, goes.id, stays.id)
    hand_over_logos(session, goes, stays)
    organisations_merged.send(session, goes=goes.id, stays=stays.id)

    languages = {name.name: name.language for name in goes.names}
    for language, name in taken.names.items():
        stays.names.append(_like(goes, name, language, "name"))

    for alias in taken.aliases:
        stays.names.append(_like(goes, alias, languages[alias], "alias"))

    for fact in taken.facts:
        setattr(stays, fact, getattr(goes, fact))

    _move_rows(session, goes, stays)
    move_memberships(session, goes.id, stays.id)
    slug = goes.slug
    session.expire(goes)
    session.delete(goes)
    session.flush()
    session.add(FormerOrganisationSlug(slug=slug, organisation_id=stays.id))
    session.flush()
    session.expire(stays)
    organisation_changed.send(session, organisation_id=stays.id)


def _move_rows(session: Session, goes: Organisation, stays: Organisation) -> None:
    """Point the rows that name `goes` to `stays`. What is not moved here is deleted with the record."""
    session.flush()
    for table in (OrganisationDomain, FormerOrganisationSlug):
        of_it = update(table).where(table.organisation_id == goes.id)
        session.execute(
            of_it.values(organisation_id=stays.id), execution_options={"synchronize_session": False}
        )


def _by_use(organisation: Organisation) -> list[OrganisationName]:
    """Names before aliases, each in the order in which they were entered."""
    return sorted(organisation.names, key=lambda name: (name.use == "alias", name.id))


def _like(goes: Organisation, name: str, language: str, use: str) -> OrganisationName:
    key = next(row.search_key for row in goes.names if row.name == name)
    marks = [NameMark(mark=mark) for mark in sorted(marks_of(name))]
    return OrganisationName(
        language=language, name=name, use=use, canonical=False, search_key=key, marks=marks
    )


def _missing_facts(goes: Organisation, stays: Organisation) -> tuple[str, ...]:
    """The columns that `stays` lacks and `goes` has. A liquidation is taken whole or not at all."""
    single = [
        fact
        for fact in ("country", "website", "founded")
        if getattr(stays, fact) is None and getattr(goes, fact) is not None
    ]
    if stays.un_status == UnStatus.NONE and goes.un_status != UnStatus.NONE:
        single.append("un_status")
    if goes.is_network and not stays.is_network:
        single.append("is_network")
    dissolved = stays.liquidated_on is None and goes.liquidated_on is not None
    return (*single, *(_LIQUIDATION if dissolved else ()))
