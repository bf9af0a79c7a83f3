"""Attempts to sign in, counted for the account and for the network, and whom it is told.

An account that strangers try to open is not locked: the next attempt waits, a minute at most. Its member gets
a link by mail that leads past that wait, since whoever keeps trying would take every turn. The link opens
nothing: it asks for password and code as always.
"""

from __future__ import annotations

import datetime as dt
import hmac
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts import mails
from campaign.accounts.addresses import team_address
from campaign.accounts.audit import record_for
from campaign.accounts.audit_actions import AccountAction
from campaign.accounts.models import AuditEntry, TeamMember
from campaign.accounts.queries import member_at
from campaign.core import clock, tokens
from campaign.core.attempts import Counter, Pace, counters_of_visitor
from campaign.core.language import in_language
from campaign.core.settings import settings
from campaign.core.tokens import Purpose, TokenInvalid
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.mailing.operations import enqueue
from campaign.site.queries import this_site

# Twelve characters that are not common are safe from a guess a minute.
PASSWORD = Pace(free=10, first=2, longest=60)
# Six digits, of which three fit at a time. Only who knows the password comes so far.
CODE = Pace(free=5, first=30, longest=900)
# In an open session: a thief of it, or its member.
PROOF = Pace(free=5, first=10, longest=900)
_NOTICE_LASTS = dt.timedelta(days=1)


def counters_of_sign_in(email: str, way: str) -> list[Counter]:
    """The counters of an attempt: the network and the account; for who comes by the link in the mail, one of
    their own. The same for addresses that nobody on the team has.
    """
    try:
        address = team_address(email)
    except ValueError:
        address = email.strip().casefold()
    if way and _leads_to(way, address):
        return [Counter("sign-in by link", address, PASSWORD)]
    return [*counters_of_visitor("sign-in"), Counter("sign-in", address, PASSWORD)]


def counter_of_code(member_id: int) -> Counter:
    """The counter of the second factor of a member, recovery codes included."""
    return Counter("second factor", str(member_id), CODE)


def counter_of_proof(member_id: int) -> Counter:
    """The counter of the password that a signed-in member is asked for once more."""
    return Counter("proof", str(member_id), PROOF)


def fail(counters: list[Counter]) -> bool:
    """Count a failure. True when the last of the counters has just used up what is free: time to tell."""
    numbers = [counter.fail() for counter in counters]
    return numbers[-1] == counters[-1].pace.free


def tell(session: Session, member_id: int, *, password_known: bool) -> None:
    """Mail the member, and record it: owners see it on their dashboard."""
    member = session.get_one(TeamMember, member_id)
    if not member.active:
        return
    link = settings().site_url + in_language(
        member.language, f"/desk/sign-in?way={_way(member_id, clock.today())}"
    )
    mail = mails.code_attempts if password_known else mails.attempts
    enqueue(
        session,
        mail(name=member.name, site=this_site().name, link=link),
        language=member.language,
        recipient=member.email,
        expires_at=clock.now() + _NOTICE_LASTS,
    )
    action = AccountAction.WRONG_CODES if password_known else AccountAction.WRONG_PASSWORDS
    record_for(session, None, action, f"member {member_id}")


def tried_lately() -> list[tuple[TeamMember, bool]]:
    """The members whose accounts somebody tried to open within a day, and whether the password was known."""
    since = clock.now() - _NOTICE_LASTS
    actions = (AccountAction.WRONG_PASSWORDS, AccountAction.WRONG_CODES)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.in_(actions), AuditEntry.at > since)
    )
    known: dict[int, bool] = {}
    for entry in entries:
        member_id = int(entry.subject.rpartition(" ")[2])
        known[member_id] = known.get(member_id, False) or entry.action == AccountAction.WRONG_CODES
    return [(db.session.get_one(TeamMember, key), known[key]) for key in sorted(known)]


def _way(member_id: int, day: dt.date) -> str:
    return tokens.issue(Purpose.TEAM_SIGN_IN, _mark(member_id, day))


def _mark(member_id: int, day: dt.date) -> uuid.UUID:
    """The identifier of the link of one member and day, which no row keeps."""
    return uuid.UUID(bytes=vault().index("sign-in link", f"{member_id} {day}")[:16])


def _leads_to(way: str, address: str) -> bool:
    """True for the link of this account, made today or yesterday."""
    member = member_at(address)
    try:
        mark = tokens.read(Purpose.TEAM_SIGN_IN, way)
    except TokenInvalid:
        return False
    days = (clock.today(), clock.today() - dt.timedelta(days=1))
    return member is not None and any(
        hmac.compare_digest(mark.bytes, _mark(member.id, day).bytes) for day in days
    )
