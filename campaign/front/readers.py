"""How slowly an answer may be read."""

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
    finally:
        reader.leave()


async def _wait(reader: Reader, wanted: int, every: float) -> None:
    while (taken := reader.taken()) is not None and taken < wanted:
        late = reader.seconds() - _PATIENCE_SECONDS
        if taken < late * _LEAST_RATE or late > _LONGEST_SECONDS:
            raise ReaderGone
        await asyncio.sleep(every)
    if taken is None:
        raise ReaderGone
