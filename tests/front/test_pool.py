"""The threads behind the front: who waits for one, and for how long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from campaign.front import pool as module
from campaign.front.pool import Pool, PoolFull
from tests.world.event_loops import awaited


def _with_a_busy_thread(then: Callable[[Pool, threading.Event], Awaitable[None]]) -> None:
    """One thread, which works until the event is set."""

    async def walk() -> None:
        pool, go, begun = Pool(1), threading.Event(), threading.Event()
        try:
            works = asyncio.create_task(pool.run(lambda: (begun.set(), go.wait(20))))
            await asyncio.to_thread(begun.wait, 5)
            await then(pool, go)
            go.set()
            await works
        finally:
            go.set()
            pool.close()

    awaited(walk())


def test_it_says_when_nobody_gets_a_thread_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STUCK_AFTER", 0)

    async def then(pool: Pool, go: threading.Event) -> None:
        # All threads are busy, which is no trouble as long as nobody waits.
        assert not pool.stuck
        waits = asyncio.create_task(pool.run(lambda: "done"))
        await asyncio.sleep(0.01)
        assert pool.stuck
        go.set()
        assert await waits == "done"
        assert not pool.stuck

    _with_a_busy_thread(then)


def test_whoever_finds_too_many_waiting_is_turned_away_but_for_what_has_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 0)

    async def then(pool: Pool, go: threading.Event) -> None:
        with pytest.raises(PoolFull):
            await pool.run(lambda: "never")
        begun = asyncio.create_task(pool.run(lambda: "done", begun=True))
        await asyncio.sleep(0)
        go.set()
        assert await begun == "done"

    _with_a_busy_thread(then)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_WAIT", 0.01)

    async def then(pool: Pool, _go: threading.Event) -> None:
        with pytest.raises(PoolFull):
            await pool.run(lambda: "never")

    _with_a_busy_thread(then)


def test_an_error_of_the_work_comes_through() -> None:
    async def then(pool: Pool, go: threading.Event) -> None:
        go.set()
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda: 1 / 0)

    _with_a_busy_thread(then)
