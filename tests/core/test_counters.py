"""Counters in memory: they end at their time, and strangers can't fill the memory with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from campaign.core import counters
from campaign.core.counters import BoundedMemory
from campaign.extensions import limiter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands still until a test moves it."""
    now = [1_000_000.0]
    monkeypatch.setattr(counters.time, "time", lambda: now[0])
    return now


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> BoundedMemory:
    monkeypatch.setattr(counters, "_MOST", 100)
    return BoundedMemory()


def test_a_counter_ends_at_its_time_however_often_it_is_counted(
    bounded: BoundedMemory, clock: list[float]
) -> None:
    assert [bounded.incr("a", 60), bounded.incr("a", 60, 2), bounded.get("a")] == [1, 3, 3]
    assert bounded.get_expiry("a") == clock[0] + 60
    clock[0] += 30
    assert bounded.incr("a", 60) == 4
    clock[0] += 30
    assert (bounded.get("a"), bounded.get_expiry("a"), bounded.incr("a", 60)) == (0, clock[0], 1)
    bounded.clear("a")
    bounded.incr("b", 60)
    assert (bounded.get("a"), bounded.reset(), bounded.get("b"), bounded.check()) == (0, 1, 0, True)


@pytest.mark.parametrize("name", [lambda number: f"minute {number}", lambda number: f"day {number}"])
def test_made_up_names_do_not_fill_the_memory_and_what_ends_last_stays(
    bounded: BoundedMemory, name: Callable[[int], str]
) -> None:
    for _failure in range(5):
        bounded.incr("the account", 86_400)
    for number in range(1_000):
        bounded.incr(name(number), 60 if "minute" in name(number) else 86_399)
        assert len(bounded._counted) <= 100
    assert bounded.get("the account") == 5


def test_what_has_ended_is_swept(bounded: BoundedMemory, clock: list[float]) -> None:
    for number in range(50):
        bounded.incr(f"minute {number}", 60)
    clock[0] += 61
    bounded.incr("another", 60)
    assert len(bounded._counted) == 1


def test_the_site_counts_in_it(app: Flask) -> None:
    assert isinstance(limiter.storage, BoundedMemory)
