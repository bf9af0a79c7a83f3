"""Names that a person checks before they are listed, in whatever script, case and romanisation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.database import insert_unless_taken
from campaign.core.remembered import Remembered
from campaign.core.search import search_key, spoken_words
from campaign.extensions import db
from campaign.moderation.models import Watched, WatchedName

_KEY_LENGTH = 400

Sounds = list[tuple[str, ...]]
# Confirmations are many, changes of the list few: another process may use the old list for that long.
_SOUNDS: Remembered[str, list[Sounds]] = Remembered("watched names", seconds=5.0)


def watch(session: Session, kind: Watched, name: str) -> bool:
    """Enter a name; False when it is there already, in whatever spelling."""
    values = {"kind": kind, "name": name, "key": search_key(name)[:_KEY_LENGTH]}
    entered = insert_unless_taken(session, WatchedName.__table__, values, ("key",))  # type: ignore[arg-type]
    forget()
    return entered


def watch_no_longer(session: Session, row: WatchedName) -> None:
    """Remove a name."""
    session.delete(row)
    session.flush()
    forget()


def watched_names() -> list[WatchedName]:
    """All watched names, by kind and name."""
    return list(db.session.scalars(select(WatchedName).order_by(WatchedName.kind, WatchedName.name)))


def watched_in(name: str) -> list[WatchedName]:
    """The watched names that `name` contains: all words of the entry, in any order."""
    said = spoken_words(name)
    return [row for row in watched_names() if _contains(said, spoken_words(row.name))]


def is_watched(session: Session, name: str) -> bool:
    """True when `name` contains a watched name, by a list that is remembered for seconds."""
    sounds = _sounds(session)
    if not sounds:
        return False
    said = spoken_words(name)
    return any(_contains(said, wanted) for wanted in sounds)


def forget() -> None:
    """Forget the remembered list, so that it is read again when it is needed next."""
    _SOUNDS.forget()


def _contains(said: Sounds, wanted: Sounds) -> bool:
    return bool(wanted) and all(any(set(word) & set(other) for other in said) for word in wanted)


def _sounds(session: Session) -> list[Sounds]:
    known = _SOUNDS.get("all")
    if known is not None:
        return known
    return _SOUNDS.put("all", [spoken_words(name) for name in session.scalars(select(WatchedName.name))])
