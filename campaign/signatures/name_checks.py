"""Names at which a person of the team looks before they are listed: rooms above say which."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from campaign.core.registration import Registry

# Whether somebody has to look at a person's name first: (session, name).
name_checks: Registry[Callable[[Session, str], bool]] = Registry("checks of names")


def doubtful(session: Session, name: str | None) -> bool:
    """True for a name at which somebody has to look first."""
    return bool(name) and any(check(session, name or "") for check in name_checks.answers())
