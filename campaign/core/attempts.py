"""Wrong answers to what can be guessed, counted for the thing that is guessed; after some of them, the next
attempt has to wait, longer each time.

There is a delay in place of a lock: whatever somebody else does, the next attempt is open again within
`Pace.longest`. Names are stored under a keyed hash, so that the counters tell no address.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from campaign.core.vault import vault
from campaign.core.visitors import is_shared, network, visitor
from campaign.extensions import limiter

# Failures are forgotten so long after the first of them.
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Pace:
    """How many failures are free, and the wait after the next one, which doubles up to the longest.

    In seconds.
    """

    free: int
    first: int
    longest: int
    forgotten: int = _DAY

    def delay(self, failures: int) -> int:
        """The seconds between two attempts after so many failures."""
        beyond = failures - self.free
        return 0 if beyond < 0 else min(self.first * 2 ** min(beyond, 16), self.longest)


@dataclass(frozen=True, slots=True)
class Counter:
    """The counter of one thing, such as the password of one account."""

    kind: str
    name: str
    pace: Pace

    def seconds_to_wait(self) -> int:
        """0 when an attempt may be made now: where attempts have to wait, that takes the turn. Else the
        seconds until the next turn.
        """
        delay = self.pace.delay(self.failures())
        if not delay:
            return 0
        key = self._key("turn")
        if limiter.storage.incr(key, delay) == 1:
            return 0
        return max(1, math.ceil(limiter.storage.get_expiry(key) - time.time()))

    def failures(self) -> int:
        """The failures that are not forgotten."""
        return limiter.storage.get(self._key("failures"))

    def fail(self) -> int:
        """Count a failure. Returns how many there are now."""
        return limiter.storage.incr(self._key("failures"), self.pace.forgotten)

    def forget(self) -> None:
        """Begin anew, after the right answer."""
        for part in ("failures", "turn"):
            limiter.storage.clear(self._key(part))

    def _key(self, part: str) -> str:
        return f"attempts/{self.kind}/{part}/{vault().index('attempts', self.name).hex()[:32]}"


# Whoever tries from one place, whatever they try: the address, and the network around it.
_OF_VISITOR = Pace(free=10, first=5, longest=300, forgotten=3_600)
_OF_NETWORK = Pace(free=20, first=5, longest=60, forgotten=3_600)


def counters_of_visitor(kind: str) -> list[Counter]:
    """The counters of this visitor's /64 and /48 (IPv4: address and /24); none for visitors who can't be told
    apart, since what strangers share must not lock anyone out.
    """
    if is_shared():
        return []
    return [
        Counter(f"{kind} of visitor", visitor(), _OF_VISITOR),
        Counter(f"{kind} of network", network(), _OF_NETWORK),
    ]


def longest_wait(counters: list[Counter]) -> int:
    """The seconds to wait by the first of these counters that asks for it; 0 when an attempt may be made."""
    return next((wait for counter in counters if (wait := counter.seconds_to_wait())), 0)
