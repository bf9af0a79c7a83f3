"""Places for work that costs much: so many at once in this process, so few that wait, the rest is asked to
come again.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from werkzeug.exceptions import ServiceUnavailable

_COME_AGAIN_SECONDS = 5


class Busy(ServiceUnavailable):
    """All places are taken (503, with Retry-After)."""

    def __init__(self) -> None:
        super().__init__(retry_after=_COME_AGAIN_SECONDS)


class Places:
    """A kind of work of which a process does `at_once`; `waiting` more may wait, each for `seconds`.

    However many ask for it, the threads for everything else stay free. Thread-safe.
    """

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._inside = threading.BoundedSemaphore(at_once)
        self._all = threading.BoundedSemaphore(at_once + waiting)
        self._seconds = seconds

    @contextmanager
    def taken(self) -> Generator[None]:
        """Hold a place. Raises Busy."""
        if not self._all.acquire(blocking=False):
            raise Busy
        try:
            if not self._inside.acquire(timeout=self._seconds):
                raise Busy
            try:
                yield
            finally:
                self._inside.release()
        finally:
            self._all.release()


# Reading through a list for what a visitor typed or filtered by.
SEARCHES = Places(at_once=1, waiting=1, seconds=0.5)
# The same at the desk, where visitors are not to take the places.
TEAM_SEARCHES = Places(at_once=1, waiting=1, seconds=5.0)
