"""The check for names that a team member has to review before they are listed; rooms above say which."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from campaign.core.registration import Registry

# Checks that say whether a person's name needs review first: (session, name).
name_checks: Registry[Callable[[Session, str], bool]] = Registry("checks of names")


def doubtful(session: Session, name: str | None) -> bool:
    """True for a name that needs review before it is listed."""
    return bool(name) and any(check(session, name or "") for check in name_checks.answers())
