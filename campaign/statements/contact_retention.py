"""How long signers' contact data is kept, statement by statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from campaign.extensions import db
from campaign.statements.models import UNSEEN, Safety, Statement
from campaign.statements.queries import statement_lines


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a public statement keeps addresses: not at all at high safety (`guarded`), otherwise for
    `days` after the handover, `until` a date where that is known.
    """

    slug: str
    title: str
    language: str
    guarded: bool
    days: int
    until: dt.date | None


def kept_by_statement(interface: str) -> list[Kept]:
    """The retention of each public statement, open ones first."""
    rows = db.session.scalars(select(Statement).where(Statement.status.not_in(UNSEEN))).all()
    known = {row.id: (row.safety == Safety.HIGH, row.contact_days, row.contacts_until) for row in rows}
    return [
        Kept(line.slug, line.title, line.language, *known[line.id])
        for line in statement_lines(interface)
        if line.id in known
    ]
