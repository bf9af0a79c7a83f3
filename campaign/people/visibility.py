"""What of a case may be shown: the one gate through which every page, file, feed and embed reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from campaign.people.detention import ENDS, Case
from campaign.people.vocabulary import EventKind, Wish

# Of who wants no more shown than name and dates.
DATED = (EventKind.ARREST, *ENDS)


@dataclass(frozen=True, slots=True)
class Shows:
    """`name`: that there is a case, and of whom. `dates`: status, days, and when detentions began and ended. `full`: all that is public."""

    name: bool
    dates: bool
    full: bool

    def of(self, case: Case) -> Case | None:
        """As much of how a case stands as may be shown: lengths of sentences are no dates."""
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
