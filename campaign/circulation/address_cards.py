"""Contacts in vCards (RFC 6350) among pasted lines, as address books copy them."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaign.core.text import clean_line

_PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z-]+)((?:;[^:;]*)*):(.*)", re.S)
_BEGINS, _ENDS = re.compile(r"\s*BEGIN:VCARD\s*", re.I), re.compile(r"\s*END:VCARD\s*", re.I)


@dataclass(frozen=True, slots=True)
class CardAddress:
    """A mail address of a card as it is written there, the number of its line, and whose it is."""

    number: int
    typed: str
    email: str
    person: str
    organisation: str


def card_at(lines: Sequence[tuple[int, str]], at: int) -> int:
    """The place behind the card that begins at this place; the same place where none does."""
    if not _BEGINS.fullmatch(lines[at][1]):
        return at
    for place in range(at + 1, len(lines)):
        if _ENDS.fullmatch(lines[place][1]):
            return place + 1
        if _BEGINS.fullmatch(lines[place][1]):
            break
    return at


def addresses_of_card(lines: Sequence[tuple[int, str]]) -> Iterator[CardAddress]:
    """The mail addresses of one card."""
    said: dict[str, str] = {}
    emails: list[tuple[int, str, str]] = []
    for number, line in _unfolded(lines):
        if not (found := _PROPERTY.fullmatch(line)):
            continue
        name, value = found[1].upper(), _value(found[3], found[2])
        if name == "EMAIL":
            emails.append((number, clean_line(line), value))
        elif value:
            said.setdefault(name, value)
    family, _comma, given = said.get("N", "").partition(";")
    person = said.get("FN") or f"{given.split(';')[0]} {family}".strip()
    organisation = said.get("ORG", "").split(";")[0]
    for number, typed, email in emails:
        own = person if person not in (organisation, email) else ""
        yield CardAddress(number, typed, email, clean_line(own), clean_line(organisation))


def _unfolded(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines with those that go on in the next as one."""
    number, whole = 0, ""
    for at, line in lines:
        if whole and (line[:1] in (" ", "\t") or whole.endswith("=")):
            # In quoted-printable the sign at the end says that the line goes on.
            whole = whole.removesuffix("=") + line.removeprefix(" ").removeprefix("\t")
            continue
        if whole:
            yield number, whole
        number, whole = at, line
    if whole:
        yield number, whole


def _value(typed: str, parameters: str) -> str:
    if "QUOTED-PRINTABLE" in parameters.upper():
        typed = quopri.decodestring(typed.encode()).decode("utf-8", "replace")
    return re.sub(r"\\([,;:\\])", r"\1", typed).strip()
