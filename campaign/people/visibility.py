"""What of a case may be shown: the one gate through which every page, file, feed and embed reads.

It is one table, applied in two ways: to rows that were read (`shows`), and in the database (`may_be_seen`).
No other module reads a wish, except the desk to edit it (tests/guards/test_wishes.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_

from campaign.people.detention import ENDS, Case
from campaign.people.models import CaseEvent, Person
from campaign.people.vocabulary import EventKind, Wish

# Of a person of whom no more than name and dates may be shown.
DATED = (EventKind.ARREST, *ENDS)
# The columns that shows() needs, for a select of columns.
GATE = (Person.wish, Person.withdrawn_at)


class Extent(StrEnum):
    """The least of a case that may be shown: each level contains the one before."""

    NAME = "name"
    DATES = "dates"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Shows:
    """What may be shown. `name`: that there is a case, and of whom.

    `dates`: status, days, and when detentions began and ended. `full`: all that is public.
    """

    name: bool
    dates: bool
    full: bool

    def of(self, case: Case) -> Case | None:
        """The part of a case's state that may be shown: lengths of sentences are no dates."""
        if self.full or not self.dates:
            return case if self.full else None
        return replace(case, sentence=None, first_sentence=None)

    def event(self, kind: EventKind) -> bool:
        """True for an event of which at least the date may be shown."""
        return self.full or (self.dates and kind in DATED)


_BY_WISH = {
    Wish.FULL: Shows(True, True, True),
    Wish.DATES: Shows(True, True, False),
    Wish.NAME: Shows(True, False, False),
    Wish.NOT_PUBLIC: Shows(False, False, False),
    Wish.UNKNOWN: Shows(False, False, False),
}


def shows(wish: str, withdrawn_at: dt.datetime | None) -> Shows:
    """What may be shown under this wish; nothing of a file that was withdrawn from view."""
    return _BY_WISH[Wish.UNKNOWN if withdrawn_at is not None else Wish(wish)]


def shows_of(person: Person) -> Shows:
    """What may be shown of a case file that was read whole."""
    return shows(person.wish, person.withdrawn_at)


def wished_of(person: Person) -> Shows:
    """What the person or the family wants shown, also while the file is withdrawn from view."""
    return shows(person.wish, None)


def may_be_seen(extent: Extent = Extent.NAME) -> ColumnElement[bool]:
    """The condition under which at least this much of a person is shown: shows(), for the database."""
    wishes = [wish for wish, shown in _BY_WISH.items() if getattr(shown, extent)]
    return and_(Person.wish.in_(wishes), Person.withdrawn_at.is_(None))


def event_may_be_seen() -> ColumnElement[bool]:
    """The condition under which at least the date of an event is shown: Shows.event(), for the database.

    Stands on a select that joins events and people.
    """
    return or_(may_be_seen(Extent.FULL), and_(may_be_seen(Extent.DATES), CaseEvent.kind.in_(DATED)))
