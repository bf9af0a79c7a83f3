"""The end of a statement's key as the team sees it: a warning, a countdown, and the end of the last
backup.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select

from campaign.core import clock
from campaign.core.language import language
from campaign.core.sections import Section
from campaign.extensions import db
from campaign.privacy.key_destruction import KeyStanding, standing_of
from campaign.signatures.models import Signature
from campaign.statements.models import ENDED, Safety, Statement
from campaign.statements.queries import title_of
from campaign.statements.rights import own_statements
from campaign.statements.sections import desk_notices

# The team has that long to write to them once more.
_WARNED_BEFORE = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Countdown:
    """A statement of high safety and its key.

    `days` until it is destroyed, rounded up; None while open or once it is destroyed.
    """

    slug: str
    title: str
    key: KeyStanding
    days: int | None

    @property
    def held_until(self) -> dt.date | None:
        """The day on which the last backup with a destroyed key expires, while there is one."""
        gone_on = self.key.gone_on
        return gone_on if self.key.destroyed_at and gone_on and gone_on > clock.today() else None


def countdown_of(statement: Statement) -> Countdown | None:
    """The countdown of a statement; None at standard safety."""
    if statement.safety != Safety.HIGH:
        return None
    key = standing_of(db.session(), statement)
    left = key.due_at - clock.now() if key.due_at and not key.destroyed_at else None
    days = max(0, -(-left // dt.timedelta(days=1))) if left is not None else None
    return Countdown(statement.slug, title_of(statement.id, language()), key, days)


def key_notice(statement: Statement) -> Section | None:
    """The countdown as a notice on the page of its statement."""
    countdown = countdown_of(statement)
    return Section("privacy/_key.html", {"countdown": countdown}) if countdown else None


def ending_keys() -> list[Countdown]:
    """Keys that are due or that a backup still holds, of the statements the signed-in member may work on."""
    closed = (
        select(Statement)
        .where(Statement.safety == Safety.HIGH, Statement.status.in_(ENDED))
        .order_by(Statement.closed_at)
    )
    own = own_statements()
    if own is not None:
        closed = closed.where(Statement.id.in_(own))
    found = [countdown for statement in db.session.scalars(closed) if (countdown := countdown_of(statement))]
    return [one for one in found if one.days is not None or one.held_until]


@dataclass(frozen=True, slots=True)
class EndingContacts:
    """Addresses, erased soon, of the signers of a statement who asked for news."""

    slug: str
    title: str
    day: dt.date
    signers: int


def ending_contacts() -> list[EndingContacts]:
    """Addresses erased within two weeks, the next first, of the statements the signed-in member may work
    on.
    """
    ended = select(Statement).where(Statement.contacts_from.is_not(None))
    own = own_statements()
    if own is not None:
        ended = ended.where(Statement.id.in_(own))

    soon = clock.today() + _WARNED_BEFORE
    going = {
        statement.id: statement
        for statement in db.session.scalars(ended)
        if statement.contacts_until and statement.contacts_until <= soon
    }
    kept = select(Signature.statement_id, func.count()).where(
        Signature.statement_id.in_(going), Signature.sealed_contact.is_not(None)
    )
    found = [
        EndingContacts(
            going[statement_id].slug,
            title_of(statement_id, language()),
            going[statement_id].contacts_until or soon,
            count,
        )
        for statement_id, count in db.session.execute(kept.group_by(Signature.statement_id)).tuples()
    ]

    return sorted(found, key=lambda one: (one.day, one.slug))


def init_app(app: Flask) -> None:
    """Say on the desk's page of a statement what will become of its key."""
    desk_notices.add(app, key_notice)
