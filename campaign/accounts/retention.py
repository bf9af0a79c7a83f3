"""How long the data of the team stays."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import delete, or_

from campaign.accounts import audit, password_resets
from campaign.accounts.models import TeamInvitation, TeamSession
from campaign.accounts.passkeys import purge_challenges
from campaign.core import clock, retention
from campaign.core.database import changed_rows
from campaign.extensions import db
from campaign.site.queries import this_site

_KEEP_OVER = dt.timedelta(days=30)


def purge_sessions() -> int:
    """Delete sessions that ended 30 days ago."""
    until = clock.now() - _KEEP_OVER
    over = delete(TeamSession).where(or_(TeamSession.ended_at < until, TeamSession.expires_at < until))
    return changed_rows(db.session.execute(over))


def purge_invitations() -> int:
    """Delete invitations that were used, or expired 30 days ago."""
    until = clock.now() - _KEEP_OVER
    over = delete(TeamInvitation).where(
        or_(TeamInvitation.used_at < until, TeamInvitation.expires_at < until)
    )
    return changed_rows(db.session.execute(over))


def forget_times() -> int:
    """Keep only the days of the log's older entries."""
    return audit.forget_times(db.session(), clock.today() - dt.timedelta(days=this_site().log_times_days))


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        "team_members",
        "name and address of the team, sealed: while they belong to it; afterwards the log of what the team "
        "did still needs the name",
    )
    retention.keep(
        app,
        "team_sessions",
        "time of sign-in, without IP address or browser: until 30 days after the session is over",
        purge_sessions,
    )
    retention.keep(
        app,
        "team_invitations",
        "which member was invited: until 30 days after the invitation was used or over",
        purge_invitations,
    )
    retention.keep(
        app,
        "audit_entries",
        "what the team did, by member and row, for good; the time of day as long as LOG_TIMES_DAYS says",
        forget_times,
    )
    retention.keep(
        app,
        "passkeys",
        "public keys of a member's devices, with the names that the member gave them, sealed: until the "
        "member removes them",
    )
    retention.keep(
        app,
        "password_resets",
        "the address, sealed, of somebody who forgot a password, until the worker has read it; then which "
        "member has a link: one hour",
        password_resets.purge,
    )
    retention.keep(
        app, "passkey_challenges", "random bytes for a device to sign: five minutes", purge_challenges
    )
    retention.keep(app, "recovery_codes", "digests of random letters: until they are used or replaced")
