"""What rooms above do when somebody is released, or when more or less of a person may be shown. This room knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from campaign.people.models import CaseEvent, Person

_on_release: list[Callable[[Session, Person, CaseEvent], None]] = []
_on_other_wish: list[Callable[[Session, Person], None]] = []


def when_released(follower: Callable[[Session, Person, CaseEvent], None]) -> None:
    """Let `follower(session, person, event)` run in the transaction in which the team enters a release, after which the person is free."""
    if follower not in _on_release:
        _on_release.append(follower)


def when_shown_otherwise(follower: Callable[[Session, Person], None]) -> None:
    """Let `follower(session, person)` run in the transaction in which it changes what may be shown of a person."""
    if follower not in _on_other_wish:
        _on_other_wish.append(follower)


def released(session: Session, person: Person, event: CaseEvent) -> None:
    """Say that a person is free."""
    for follower in _on_release:
        follower(session, person, event)


def shown_otherwise(session: Session, person: Person) -> None:
    """Say that more or less of a person may be shown now."""
    for follower in _on_other_wish:
        follower(session, person)
