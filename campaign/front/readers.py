"""How slowly an answer may be read, and how many large ones at once."""

from __future__ import annotations

import asyncio

from campaign.front.sockets import Reader

# So much of an answer may wait in memory for its reader.
AHEAD = 1_000_000
# After these first seconds it has to be read at this rate on average, bytes a second: a tenth of a bad
# mobile line.
_PATIENCE_SECONDS = 30.0
_LEAST_RATE = 2_000
_LONGEST_SECONDS = 1_800.0
_LOOK_EVERY = 0.02
_LOOK_SELDOM = 0.25


# Who reads more slowly than this, after the first seconds, makes way for whoever comes when all is taken.
_FIRST_SECONDS = 10.0
_FAIR_RATE = 100_000


class Room:
    """What large answers take while they are read: bytes, or places. Used on the loop alone.

    When all of it is taken, the slowest readers are cut off, so that nobody keeps the others from their files
    by reading slowly.
    """

    def __init__(self, most: int) -> None:
        self._most, self._taken = most, 0
        self._readers: dict[Reader, int] = {}

    def take(self, size: int) -> bool:
        """Take this much, if need be from readers who are slow; False where there is not enough. One answer
        has room, however large.
        """
        while self._taken and self._taken + size > self._most:
            slowest = min(filter(_is_slow, self._readers), key=_rate, default=None)
            if slowest is None:
                return False
            self._taken -= self._readers.pop(slowest)
            slowest.cut()
        self._taken += size
        return True

    def read_by(self, reader: Reader, size: int) -> None:
        """This reader holds what was taken, and may lose it."""
        self._readers[reader] = size

    def leave(self, reader: Reader | None, size: int) -> None:
        """Give back what was taken, unless it was lost to another reader."""
        if reader is None or self._readers.pop(reader, None) is not None:
            self._taken -= size


def _rate(reader: Reader) -> float:
    return (reader.taken() or 0) / max(reader.seconds(), 0.001)


def _is_slow(reader: Reader) -> bool:
    return reader.seconds() > _FIRST_SECONDS and _rate(reader) < _FAIR_RATE


class ReaderGone(Exception):
    """The reader has gone away, or takes nothing."""


async def follow(reader: Reader, sent: int) -> None:
    """Wait until all but AHEAD of what was sent has been taken. Raises ReaderGone."""
    await _wait(reader, sent - AHEAD, _LOOK_EVERY)


async def hurry(reader: Reader, size: int) -> None:
    """Wait until an answer has been taken, and end the connection of a reader who is too slow."""
    try:
        await _wait(reader, size, _LOOK_SELDOM)
    except ReaderGone:
        reader.cut()


async def _wait(reader: Reader, wanted: int, every: float) -> None:
    while (taken := reader.taken()) is not None and taken < wanted:
        late = reader.seconds() - _PATIENCE_SECONDS
        if taken < late * _LEAST_RATE or late > _LONGEST_SECONDS:
            raise ReaderGone
        await asyncio.sleep(every)
    if taken is None:
        raise ReaderGone
