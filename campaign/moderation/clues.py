"""Clues for deciding about an organisation: its mail domain, the registry, and what it signed before.

Domains are read here, never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select

from campaign.extensions import db
from campaign.moderation.models import Question
from campaign.moderation.signature_table import SignatureRow
from campaign.organisations.duplicates import similar_to
from campaign.organisations.models import Organisation, OrganisationDomain
from campaign.organisations.queries import organisations_by_id, organisations_named
from campaign.signatories.queries import signed_by

_MOST_TWINS = 3


@dataclass(frozen=True, slots=True)
class Clues:
    """`of_website`: the mail domain is that of the website given; None when one is missing.

    `owners`: the organisations that the registry says the domain belongs to. `twins`: organisations of the
    same name. `signed`: statements that list one of these, by id of the organisation. `neighbours`: names of
    others waiting with a mailbox at the same domain. `asked`: the questions sent.
    """

    of_website: bool | None
    owners: list[Organisation]
    twins: list[Organisation]
    signed: dict[int, list[int]]
    neighbours: list[str]
    asked: list[Question]


def clues_of(row: SignatureRow, waiting: Sequence[SignatureRow]) -> Clues:
    """The clues for one waiting signature, among all that wait and that this member may see."""
    owners = _owners(row.mail_domain)
    names = {found.id for found in organisations_named(db.session(), row.organisation or "")}
    similar = similar_to([row.organisation]) if row.organisation else []
    alike = [organisation_id for organisation_id in similar if organisation_id not in names][:_MOST_TWINS]
    known = organisations_by_id([*names, *alike])
    twins = [known[found] for found in (*sorted(names), *alike) if found in known]
    signed = {found.id: signed_by(found.id) for found in {*owners, *twins}}
    beside = [
        other
        for other in waiting
        if row.mail_domain and other.id != row.id and other.mail_domain == row.mail_domain
    ]
    near = [other.organisation or "" for other in beside]
    asked = db.session.scalars(select(Question).where(Question.signature_id == row.id).order_by(Question.id))

    return Clues(_of_website(row), owners, twins, signed, near, list(asked))


def _owners(domain: str) -> list[Organisation]:
    labels = domain.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    owning = select(OrganisationDomain.organisation_id).where(OrganisationDomain.domain.in_(above))
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(owning))))


def _of_website(row: SignatureRow) -> bool | None:
    website = row.website or ""
    host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    if not host or not row.mail_domain:
        return None
    return (
        host == row.mail_domain
        or host.endswith(f".{row.mail_domain}")
        or row.mail_domain.endswith(f".{host}")
    )
