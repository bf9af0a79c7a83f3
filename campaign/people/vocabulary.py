"""The vocabulary of a case: kinds of events, statuses, and what the person or the family wants shown."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event. Those that begin or end a detention are in detention.py."""

    SEARCH = "search"
    ARREST = "arrest"
    CHARGE = "charge"
    EXTENSION = "extension"
    TRIAL = "trial"
    HEARING = "hearing"
    VERDICT = "verdict"
    SENTENCE = "sentence"
    APPEAL = "appeal"
    TRANSFER = "transfer"
    PUNISHMENT_CELL = "punishment cell"
    CORRESPONDENCE_BLOCKED = "correspondence blocked"
    AWARD = "award"
    RESTRICTION = "restriction"
    RELEASE = "release"
    LEFT_COUNTRY = "left the country"
    DEATH = "death"
    OTHER = "other"


# A court sits at a place and time; these may lie in the future, and stand in the calendar.
SITTINGS = (EventKind.TRIAL, EventKind.HEARING, EventKind.VERDICT, EventKind.APPEAL)
# These have a length.
SENTENCING = (EventKind.SENTENCE, EventKind.APPEAL)


class CaseStatus(StrEnum):
    """The status of a person, derived from what happened (detention.derive)."""

    AT_LIBERTY = "at liberty"
    DETAINED = "detained"
    ON_TRIAL = "on trial"
    SERVING = "serving a sentence"
    RESTRICTED = "restricted freedom"
    RELEASED = "released"
    LEFT_COUNTRY = "left the country"
    DIED_IN_CUSTODY = "died in custody"
    DIED = "died"


class Wish(StrEnum):
    """What may be shown of a case, as the person or the family wishes. While it is unknown, nothing is."""

    FULL = "full"
    DATES = "dates"
    NAME = "name"
    NOT_PUBLIC = "not-public"
    UNKNOWN = "unknown"


class Letters(StrEnum):
    """Whether letters reach the person."""

    UNKNOWN = "unknown"
    YES = "yes"
    SOMETIMES = "sometimes"
    NO = "no"


class Script(StrEnum):
    """The script of an address (ISO 15924)."""

    LATIN = "Latn"
    CYRILLIC = "Cyrl"
