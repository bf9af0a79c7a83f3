"""The threads in which the app runs: a fixed number, with a bounded queue, and whether they are stuck."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

# More wait for nothing: whoever comes later is asked at once to come again.
_MOST_WAITING = 128
# A page that nobody waits for any longer is not made.
_LONGEST_WAIT = 20.0
# No thread has come free for so long, and somebody waits.
_STUCK_AFTER = 10.0


class PoolFull(Exception):
    """No thread is free, and too many wait for one, or have waited too long."""


class Pool:
    """The threads. Used on the loop, save `_work`, which is in a thread.

    The promise that no client holds a thread is kept by what is handed over: requests with their whole body.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, "app")
        self._inside = 0
        self._began = time.monotonic()

    async def run(self, work: Callable[[], Result], *, begun: bool = False) -> Result:
        """The result of `work`, done in a thread; `begun`, where it is part of an answer whose beginning was
        sent, which is not turned away. Raises PoolFull, and what `work` raises.
        """
        if self._inside >= self._threads + _MOST_WAITING and not begun:
            raise PoolFull
        loop = asyncio.get_running_loop()
        if self._inside < self._threads:
            # The time of waiting begins with the first that waits.
            self._began = time.monotonic()
        self._inside += 1
        future: Future[Result] = self._executor.submit(self._work, work)
        done = asyncio.wrap_future(future)
        done.add_done_callback(self._left)
        # A future that runs already can't be cancelled.
        late = None if begun else loop.call_later(_LONGEST_WAIT, future.cancel)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if future.cancelled():
                raise PoolFull from None
            raise
        finally:
            if late is not None:
                late.cancel()

    def begin(self, work: Callable[[], object]) -> None:
        """Do something in a thread, of which nobody awaits the end."""
        self._executor.submit(work)

    @property
    def stuck(self) -> bool:
        """True when requests have waited for ten seconds without one of them getting a thread."""
        waits = self._inside > self._threads
        return waits and time.monotonic() - self._began > _STUCK_AFTER

    def close(self) -> None:
        """Let what runs end, and drop what waits."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _work(self, work: Callable[[], Result]) -> Result:
        self._began = time.monotonic()
        return work()

    def _left(self, _done: object) -> None:
        self._inside -= 1
