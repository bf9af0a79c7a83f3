"""The bodies of requests: complete, in time, within their size, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from campaign.front import bodies as module
from campaign.front.bodies import Bodies, Cut, Full, TooLarge, TooSlow
from tests.world.event_loops import awaited


class _Incoming:
    """Pieces, and then silence where the client holds the connection."""

    def __init__(self, *pieces: bytes, holds: bool = False) -> None:
        self._pieces, self._holds = pieces, holds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._holds:
            await asyncio.sleep(60)


def _read(bodies: Bodies, incoming: _Incoming, declared: int | None = None, largest: int = 10) -> bytes:
    return awaited(bodies.read(incoming, largest, declared, 10))


def test_pieces_become_a_body_that_takes_memory_until_it_is_given_back() -> None:
    bodies = Bodies()
    assert _read(bodies, _Incoming(b"ab", b"", b"c"), 3) == b"abc"
    assert bodies.held == 3
    bodies.release(3)
    assert bodies.held == 0


@pytest.mark.parametrize(
    ("incoming", "declared", "error"),
    [
        (_Incoming(b"abc", b"defghijk"), None, TooLarge),
        (_Incoming(b"abc"), 4, Cut),
        (_Incoming(b"abc", holds=True), 4, TooSlow),
        (_Incoming(b"abc", b"defgh"), None, Full),
    ],
)
def test_a_body_that_is_refused_leaves_no_memory_taken(
    incoming: _Incoming, declared: int | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.05)
    bodies = Bodies(most=6 if error is Full else 1_000)
    with pytest.raises(error):
        _read(bodies, incoming, declared)
    assert bodies.held == 0


def test_a_larger_limit_brings_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is held ends with its ten seconds; an upload has longer, if it comes at its rate."""
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0.05)
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 60)

    class Late(_Incoming):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"ab"
            await asyncio.sleep(0.2)
            yield b"c"

    with pytest.raises(TooSlow):
        _read(Bodies(), Late(), 3)
    assert _read(Bodies(), Late(), 3, largest=50_000) == b"abc"
