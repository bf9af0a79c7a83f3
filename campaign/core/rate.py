"""How much of something a job of the worker may do now, so that over a minute it is not more than allowed."""

from __future__ import annotations

import time

from campaign.core.remembered import Remembered


class Rate:
    """One rate of this process. After a pause, what falls into `burst` seconds may come at once.

    The worker may forget it: then a burst is free.
    """

    def __init__(self, name: str, burst: float) -> None:
        self._burst = burst
        self._since: Remembered[str, float] = Remembered(f"rate of {name}", seconds=3_600.0)

    def room(self, a_minute: int) -> int:
        """The number that may go now; whoever asks uses it up."""
        now, most = time.monotonic(), max(1, int(a_minute * self._burst / 60))
        since = self._since.get("last")
        room = most if since is None else min(most, int((now - since) * a_minute / 60))
        if room:
            self._since.put("last", now)
        return room
