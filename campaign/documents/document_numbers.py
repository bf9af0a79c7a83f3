"""The number of a printed document: it says itself what the document is, so making one writes nothing."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from campaign.core.vault import vault

# No look-alikes: people type these from paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_WIDTHS = (20, 8, 30, 24, 14)
_MAC_BITS = 40
_LENGTH = 28
_EPOCH = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
_PURPOSE = "document"


@dataclass(frozen=True, slots=True)
class Printed:
    """The content of a printed document: statement, text, the second at which the list was read, and the
    counts.
    """

    statement_id: int
    revision: int
    at: dt.datetime
    people: int
    organisations: int


def number_of(printed: Printed) -> str:
    """28 letters and digits: `printed` with a code of 40 bits under our key, so that nobody else can make
    one.
    """
    seconds = int((printed.at - _EPOCH).total_seconds())
    packed = 0
    for value, width in zip(
        (printed.statement_id, printed.revision, seconds, printed.people, printed.organisations),
        _WIDTHS,
        strict=True,
    ):
        packed = packed << width | min(max(value, 0), (1 << width) - 1)
    code = int.from_bytes(vault().index(_PURPOSE, str(packed))[: _MAC_BITS // 8])
    return _spelled(packed << _MAC_BITS | code)


def read_number(typed: str) -> Printed | None:
    """The content of a number; None for one that is not ours, also under a former key."""
    if len(typed) != _LENGTH or not set(typed) <= set(_ALPHABET):
        return None

    value = 0
    for sign in typed:
        value = value * len(_ALPHABET) + _ALPHABET.index(sign)

    packed, code = value >> _MAC_BITS, value & ((1 << _MAC_BITS) - 1)
    given = code.to_bytes(_MAC_BITS // 8)
    if packed >> sum(_WIDTHS) or not any(
        hmac.compare_digest(given, own[: _MAC_BITS // 8]) for own in vault().indexes(_PURPOSE, str(packed))
    ):
        return None

    values = []
    for width in reversed(_WIDTHS):
        values.append(packed & ((1 << width) - 1))
        packed >>= width

    organisations, people, seconds, revision, statement_id = values

    return Printed(statement_id, revision, _EPOCH + dt.timedelta(seconds=seconds), people, organisations)


def grouped(number: str) -> str:
    """A number as it is printed, in groups that are easy to read."""
    return "-".join(number[start : start + 4] for start in range(0, len(number), 4))


def _spelled(value: int) -> str:
    signs = []
    for _place in range(_LENGTH):
        value, rest = divmod(value, len(_ALPHABET))
        signs.append(_ALPHABET[rest])
    return "".join(reversed(signs))
