"""The rule that every member has a second factor, some days after the site was begun with."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts import second_factor
from campaign.accounts.audit_actions import AccountAction
from campaign.accounts.models import AuditEntry, TeamMember
from campaign.core import clock
from campaign.core.remembered import Remembered
from campaign.core.settings import settings
from campaign.extensions import db

# Who sets a site up has a week in which the password is enough.
REQUIRED_AFTER_DAYS = 8
_BEGUN: Remembered[str, dt.date] = Remembered("first sign-in", seconds=None)
_KEY = "day"


def required_from() -> dt.date | None:
    """The day from which nobody works on the desk without a second factor; None where the setting
    `SECOND_FACTOR_REQUIRED` is off, and before anybody has signed in.
    """
    if not settings().second_factor_required:
        return None
    begun = _BEGUN.get(_KEY) or _first_sign_in(db.session())
    if begun is None:
        return None
    return _BEGUN.put(_KEY, begun) + dt.timedelta(days=REQUIRED_AFTER_DAYS)


def lacks_second_factor(member: TeamMember) -> bool:
    """True for a member who has to set up a second factor before anything else."""
    due = required_from()
    return due is not None and clock.today() >= due and not second_factor.is_set_up(db.session(), member)


def announced_day(member: TeamMember) -> dt.date | None:
    """The day from which this member, who has no second factor, will need one; None for all others."""
    due = required_from()
    if due is None or clock.today() >= due or second_factor.is_set_up(db.session(), member):
        return None
    return due


def _first_sign_in(session: Session) -> dt.date | None:
    # A site has an owner before it has anybody else. Who is one today decides nothing: the week must not
    # begin anew when the first owner gets another role.
    signed_in = select(AuditEntry.at).where(AuditEntry.action == AccountAction.SIGNED_IN)
    at = session.scalar(signed_in.order_by(AuditEntry.id).limit(1))
    return at.date() if at is not None else None
