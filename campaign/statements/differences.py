"""Differences between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes time with the square of the length: longer passages are shown as replaced whole.
_MOST_WORDS = 2_000


class Fate(StrEnum):
    """What happened to a piece of text."""

    STAYS = "stays"
    GOES = "goes"
    COMES = "comes"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that was kept, removed or added."""

    fate: Fate
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order.

    Joined without the added ones they are `before`, without the removed ones `after`.
    """
    return list(_joined(_by_line(before.splitlines(keepends=True), after.splitlines(keepends=True))))


def _by_line(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for tag, start, end, start_after, end_after in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[start_after:end_after])
        if tag == "equal":
            yield Piece(Fate.STAYS, old)
        else:
            yield from _by_word(_WORDS.findall(old), _WORDS.findall(new))


def _by_word(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) + len(after) > _MOST_WORDS:
        yield from (Piece(Fate.GOES, "".join(before)), Piece(Fate.COMES, "".join(after)))
        return

    goes, comes, blank = "", "", ""
    for tag, start, end, start_after, end_after in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[start_after:end_after])
        if tag == "equal" and old.isspace() and (goes or comes):
            # A blank between two changes belongs to them, or each word would be a change of its own.
            blank = old
        elif tag == "equal":
            yield from (Piece(Fate.GOES, goes), Piece(Fate.COMES, comes), Piece(Fate.STAYS, old))
            goes, comes = "", ""
        else:
            goes, comes, blank = goes + blank + old, comes + blank + new, ""

    yield from (Piece(Fate.GOES, goes), Piece(Fate.COMES, comes), Piece(Fate.STAYS, blank))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces without empty ones, and with neighbours of one fate joined."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and piece.text and piece.fate is last.fate:
            last = Piece(last.fate, last.text + piece.text)
        elif piece.text:
            if last is not None:
                yield last
            last = piece
    if last is not None:
        yield last
