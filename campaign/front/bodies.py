"""The bodies of requests, read on the event loop: within a size, a time and a rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Protocol

# A form of ours is read in less than a second over a bad line. Nobody's thread waits for it meanwhile.
LONGEST_SECONDS = 10.0
# After these first seconds a body has to come at this rate on average, bytes a second: from then on, three
# bytes and a pause are noticed. An upload (a larger limit on its route) has the time that this rate gives it.
_PATIENCE_SECONDS = 3.0
_LEAST_RATE = 500
_LEAST_UPLOAD_RATE = 50_000
# What all bodies that are being read or worked on may take together.
MOST_TOGETHER = 96_000_000


class Incoming(Protocol):
    """The part of granian's protocol that reads."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""


class TooSlow(Exception):
    """The body did not come in time (408)."""


class TooLarge(Exception):
    """The body is larger than its route allows (413)."""


class Cut(Exception):
    """The client went away before the end."""


class Full(Exception):
    """The bodies of all requests together take the memory that there is for them (503)."""


class Bodies:
    """The memory of the bodies that are being read or worked on. Used on the loop alone."""

    def __init__(self, most: int = MOST_TOGETHER) -> None:
        self._most, self.held = most, 0

    async def read(self, proto: Incoming, largest: int, declared: int | None, usual: int) -> bytes:
        """The whole body; give its length back to release(). Raises TooSlow, TooLarge, Cut or Full.

        `largest` is the limit of its route, `usual` that of most routes.
        """
        begun, pieces, size = time.monotonic(), list[bytes](), 0
        longest = LONGEST_SECONDS + (largest / _LEAST_UPLOAD_RATE if largest > usual else 0)
        arriving = proto.__aiter__()
        try:
            while True:
                due = min(begun + longest, begun + _PATIENCE_SECONDS + size / _LEAST_RATE)
                try:
                    async with asyncio.timeout(max(due - time.monotonic(), 0)):
                        # Not anext() with a default, which granian's pieces do not bear.
                        piece = await arriving.__anext__()
                except StopAsyncIteration:
                    break
                size += len(piece)
                self.held += len(piece)
                if size > largest:
                    raise TooLarge
                if self.held > self._most:
                    raise Full
                pieces.append(piece)
            if declared is not None and size < declared:
                raise Cut
        except BaseException as error:
            self.held -= size
            if isinstance(error, TimeoutError):
                raise TooSlow from None
            raise
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def release(self, size: int) -> None:
        """Give back the memory of a body whose request is answered."""
        self.held -= size
