"""The counters of limits and of attempts in the memory of one process, in bounds.

The storage that comes with the package keeps whatever strangers make it count, and looks through all of it
with every count: some hundred thousand made-up addresses, and a process does little else.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from limits.storage import Storage

# Some 40 MB. Nobody's limits need as many.
_MOST = 100_000
_SWEEP_SECONDS = 60.0


class BoundedMemory(Storage):
    """Counters that end at their time; when there are too many, those that end first go first.

    Thread-safe.
    """

    STORAGE_SCHEME = ["bounded"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._most = _MOST
        self._guard = threading.Lock()
        # The number and when it ends, by name.
        self._counted: dict[str, tuple[int, float]] = {}
        self._swept = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """No error of its own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a counter, which ends `expiry` seconds after it has begun. Returns its number."""
        now = time.time()
        with self._guard:
            number, ends = self._counted.get(key, (0, 0.0))
            if ends <= now:
                number, ends = 0, now + expiry
                self._make_room(now)
            self._counted[key] = number + amount, ends
            return number + amount

    def get(self, key: str) -> int:
        """The number of a counter."""
        number, ends = self._counted.get(key, (0, 0.0))
        return number if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """The time at which a counter ends, as a timestamp; now for one that has not begun."""
        return max(self._counted.get(key, (0, 0.0))[1], time.time())

    def check(self) -> bool:
        """Always there."""
        return True

    def reset(self) -> int:
        """Forget all counters. Returns how many."""
        with self._guard:
            number = len(self._counted)
            self._counted.clear()
            return number

    def clear(self, key: str) -> None:
        """Forget a counter."""
        with self._guard:
            self._counted.pop(key, None)

    def _make_room(self, now: float) -> None:
        full = len(self._counted) >= self._most
        if not full and now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        self._counted = {key: held for key, held in self._counted.items() if held[1] > now}
        if len(self._counted) >= self._most:
            # A tenth at a time, so that not every count sorts them.
            last = sorted(self._counted.items(), key=lambda held: held[1][1])
            self._counted = dict(last[self._most // 10 :])
