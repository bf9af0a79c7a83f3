"""The rule of two people: one member asks for what is not public, another grants it, and the first takes it.

Each step can be taken once, and within a day. The second is somebody who has been on the team for a while:
otherwise one member could invite a second pair of eyes of their own.

A room derives its table of requests from `TwoPeopleRequest`, and says there what is asked for.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaign.accounts.audit_actions import AccountAction, TeamAction
from campaign.accounts.models import AuditEntry, TeamMember
from campaign.core import clock
from campaign.core.settings import settings

LASTS = dt.timedelta(days=1)
# After these a member is as new as one who was added: somebody else may have the account, or it may do more.
_BEGINNINGS = (
    AccountAction.INVITATION_ACCEPTED,
    AccountAction.RESET,
    TeamAction.MEMBER_ACTIVATED,
    TeamAction.ROLE_CHANGED,
    TeamAction.ORGANISATIONS_CHANGED,
)


class RequestStage(StrEnum):
    """The stage of a request. OVER: nobody decided, or nobody fetched, within a day."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    FETCHED = "fetched"
    OVER = "over"


class RequestNotAllowed(Exception):
    """This member may not do this with the request in its present stage."""


class TooNew(RequestNotAllowed):
    """This member has not been on the team for long enough to be the second person."""


class TwoPeopleRequest:
    """The columns of a request on which two people decide."""

    asked_by: Mapped[int] = mapped_column(ForeignKey("team_members.id"))
    asked_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("team_members.id"))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]
    fetched_at: Mapped[dt.datetime | None]


def two_people_checks(fetched: str = "granted IS NOT NULL AND granted") -> tuple[CheckConstraint, ...]:
    """The constraints of such a table. `fetched` is the SQL condition under which something was taken."""
    return (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (granted IS NULL)",
            name="decided",
        ),
        CheckConstraint(f"fetched_at IS NULL OR ({fetched})", name="fetched_if_granted"),
    )


def request_stage(request: TwoPeopleRequest) -> RequestStage:
    """The present stage of a request."""
    if request.fetched_at is not None:
        return RequestStage.FETCHED
    if request.granted is False:
        return RequestStage.REFUSED
    since = request.decided_at or request.asked_at
    if since + LASTS <= clock.now():
        return RequestStage.OVER
    return RequestStage.GRANTED if request.granted else RequestStage.ASKED


def may_be_second(session: Session, member_id: int) -> bool:
    """True when a member has been on the team, with this account and these rights, for as long as the setting
    `SECOND_PERSON_AFTER_DAYS` asks.
    """
    begun = select(func.max(AuditEntry.at)).where(
        AuditEntry.subject == f"member {member_id}", AuditEntry.action.in_(_BEGINNINGS)
    )
    joined, last = session.get_one(TeamMember, member_id).created_at, session.scalar(begun)
    since = max(joined, last) if last is not None else joined
    return since + dt.timedelta(days=settings().second_person_after_days) <= clock.now()


def decide(session: Session, request: TwoPeopleRequest, member_id: int, *, grant: bool) -> None:
    """Grant or refuse a request.

    Raises RequestNotAllowed for the member who asked, and once it is decided or over; TooNew for a new
    member who would grant it. Anybody else may refuse it.
    """
    if request.asked_by == member_id or request_stage(request) is not RequestStage.ASKED:
        raise RequestNotAllowed
    if grant and not may_be_second(session, member_id):
        raise TooNew
    request.decided_by, request.decided_at, request.granted = member_id, clock.now(), grant
    session.flush()


def take(session: Session, request: TwoPeopleRequest, member_id: int) -> None:
    """Use a granted request up, for the member who asked. Raises RequestNotAllowed."""
    if request.asked_by != member_id or request_stage(request) is not RequestStage.GRANTED:
        raise RequestNotAllowed
    request.fetched_at = clock.now()
    session.flush()
