"""Values that a process remembers for a time: answers that many requests ask for, and where a job
continues.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app

Key = TypeVar("Key")
Value = TypeVar("Value")
_EXTENSION = "remembered"


@dataclass(slots=True)
class _Held(Generic[Key, Value]):
    """Values with the time at which they expire, by the monotonic clock, which no operator sets."""

    values: dict[Key, tuple[float, Value]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Remembered(Generic[Key, Value]):
    """Remembered values by key, each for `seconds`, or until the process ends where that is None.

    Made once per module, held per app.

    Thread-safe: a value is put as a whole, and threads that find none at the same time each look for it. Keys
    must not be what somebody typed, unless it exists: all values are dropped when there are more than `most`.
    No value is None.
    """

    def __init__(self, name: str, *, seconds: float | None, most: int = 20_000) -> None:
        self._name, self._most = name, most
        self._seconds = math.inf if seconds is None else seconds

    def get(self, key: Key) -> Value | None:
        """The value, until it expires."""
        held = self._held().values.get(key)
        return held[1] if held is not None and held[0] > time.monotonic() else None

    def stale(self, key: Key) -> Value | None:
        """The value, however old: for an answer that is due while the database can't be reached."""
        held = self._held().values.get(key)
        return held[1] if held is not None else None

    def get_all(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """The remembered values of these keys, read in one step."""
        values, now = self._held().values, time.monotonic()
        return {key: held[1] for key in keys if (held := values.get(key)) is not None and held[0] > now}

    def put(self, key: Key, value: Value) -> Value:
        """Remember a value from now on, and give it back."""
        self.put_all({key: value})
        return value

    def put_all(self, found: Mapping[Key, Value]) -> None:
        """Remember many values from now on."""
        held, until = self._held(), time.monotonic() + self._seconds
        with held.lock:
            if len(held.values) > self._most:
                held.values.clear()
            held.values.update({key: (until, value) for key, value in found.items()})

    def forget(self, key: Key | None = None) -> None:
        """Drop the value of one key, or all of them."""
        held = self._held()
        with held.lock:
            if key is None:
                held.values.clear()
            else:
                held.values.pop(key, None)

    def _held(self) -> _Held[Key, Value]:
        every = _every(current_app)
        held = every.get(self._name)
        return cast("_Held[Key, Value]", held if held is not None else every.setdefault(self._name, _Held()))


def forget_all(app: Flask) -> None:
    """Drop all that this app remembers, whichever module put it there."""
    _every(app).clear()


def _every(app: Flask) -> dict[str, _Held[Any, Any]]:
    return cast("dict[str, _Held[Any, Any]]", app.extensions.setdefault(_EXTENSION, {}))
