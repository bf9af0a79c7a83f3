"""Names at which a person of the team looks before they are listed: rooms above say which."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

_checks: list[Callable[[Session, str], bool]] = []


def when_named(check: Callable[[Session, str], bool]) -> None:
    """Let `check(session, name)` say of each person's name whether somebody has to look at it first."""
    if check not in _checks:
        _checks.append(check)


def doubtful(session: Session, name: str | None) -> bool:
    """True for a name at which somebody has to look first."""
    return bool(name) and any(check(session, name or "") for check in _checks)
