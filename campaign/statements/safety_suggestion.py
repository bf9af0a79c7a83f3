"""The suggestion that a statement for people at risk be of high safety, with its reasons. The team decides.

The level is fixed once a text is published, so it is suggested for as long as it can be chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import may
from campaign.core.language import language
from campaign.core.sections import Section
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.people.models import CampaignPerson, PersonAddress
from campaign.site.countries_at_risk import countries_at_risk
from campaign.statements.models import Addressee, Safety, Statement, StatementAddressee, StatementOwner
from campaign.statements.sections import desk_notices


class AtRisk(StrEnum):
    """Who has to do with a country at risk."""

    PEOPLE = "people"
    ADDRESSEES = "addressees"
    OWNERS = "owners"


@dataclass(frozen=True, slots=True)
class SafetyReason:
    """A reason for high safety: who has to do with which countries, by their names."""

    who: AtRisk
    countries: tuple[str, ...]


def reasons_for_high_safety(session: Session, statement: Statement) -> list[SafetyReason]:
    """The reasons, while the level can be chosen and is not high yet. Countries alone are named: a person of
    the campaign may wish to be named nowhere.
    """
    if statement.published_at is not None or statement.safety == Safety.HIGH:
        return []
    names = countries_at_risk().names(language())
    found = []
    for who, query in _asked(statement):
        known = set(session.scalars(query))
        if named := tuple(name for code, name in names if code in known):
            found.append(SafetyReason(who, named))
    return found


def _asked(statement: Statement) -> Iterable[tuple[AtRisk, Select[Any]]]:
    in_campaign = (CampaignPerson.statement_id == statement.id, CampaignPerson.removed_at.is_(None))
    yield (
        AtRisk.PEOPLE,
        select(PersonAddress.country)
        .join(CampaignPerson, CampaignPerson.person_id == PersonAddress.person_id)
        .where(*in_campaign),
    )
    yield (
        AtRisk.ADDRESSEES,
        select(Addressee.country)
        .join(StatementAddressee, StatementAddressee.addressee_id == Addressee.id)
        .where(StatementAddressee.statement_id == statement.id, Addressee.country.is_not(None)),
    )
    owned = select(StatementOwner.organisation_id).where(StatementOwner.statement_id == statement.id)
    yield (
        AtRisk.OWNERS,
        select(Organisation.country).where(
            or_(Organisation.id.in_(owned), Organisation.id == statement.network_id),
            Organisation.country.is_not(None),
        ),
    )


def suggestion(statement: Statement) -> Section | None:
    """The suggestion on the page of a statement, for those who may follow it."""
    reasons = reasons_for_high_safety(db.session(), statement) if may(Permission.WRITE_STATEMENTS) else []
    if not reasons:
        return None
    return Section("statements/_safety_suggestion.html", {"statement": statement, "reasons": reasons})


def init_app(app: Flask) -> None:
    """Add the suggestion to the page of every statement."""
    desk_notices.add(app, suggestion)
