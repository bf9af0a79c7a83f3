"""Large answers, and who reads them."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import Any, cast

import pytest

from campaign.front import sockets
from campaign.front.readers import Room
from campaign.front.sockets import Sockets
from tests.world.event_loops import awaited


@dataclass(eq=False)
class _Reader:
    took: int | None
    for_seconds: float
    is_cut: bool = False

    def taken(self) -> int | None:
        return self.took

    def seconds(self) -> float:
        return self.for_seconds

    def cut(self) -> None:
        self.is_cut = True


def _reading(room: Room, reader: _Reader, size: int) -> Any:
    assert room.take(size)
    room.read_by(cast(Any, reader), size)
    return reader


def _connected(own: tuple[str, int], to: socket.socket) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind(own)
    client.connect(to.getsockname())
    return client


def test_slow_readers_make_way_and_others_do_not() -> None:
    room = Room(100)
    slow = [_reading(room, _Reader(2_500 * 60 * number, 60.0), 25) for number in (2, 1)]
    new = _reading(room, _Reader(0, 1.0), 25)
    quick = _reading(room, _Reader(60_000_000, 60.0), 25)
    # The slowest first, and no more than are needed.
    assert room.take(25)
    assert [reader.is_cut for reader in (*slow, new, quick)] == [False, True, False, False]
    assert room.take(25)
    assert not room.take(25)
    assert not new.is_cut and not quick.is_cut
    # What was lost is not given back twice.
    for reader in (*slow, new, quick):
        room.leave(reader, 25)
    assert room.take(50)
    assert not room.take(1)


def test_one_answer_has_room_however_large() -> None:
    room = Room(100)
    assert room.take(1_000)
    assert not room.take(1)
    room.leave(None, 1_000)
    assert room.take(1)


def test_readers_are_found_by_both_ends_and_all_who_ask_share_one_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = []
    look = sockets._connections
    monkeypatch.setattr(sockets, "_connections", lambda: looks.append(1) or look())
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as other:
        ours = ["{}:{}".format(*listening.getsockname()) for listening in (server, other)]
        client = _connected(("127.0.0.1", 0), server)
        accepted = server.accept()[0]
        # The same address of a client, on another of our ports.
        twin = _connected(client.getsockname(), other)
        doubled = other.accept()[0]
        at = "{}:{}".format(*client.getsockname())

        async def ask() -> list[Any]:
            found = Sockets()
            gone = [found.reader_at("127.0.0.1:1", ours[0]) for _number in range(20)]
            return await asyncio.gather(found.reader_at(at, ours[0]), found.reader_at(at, ours[1]), *gone)

        first, second, *none = awaited(ask())
        assert none == [None] * 20
        assert len(looks) <= 2
        accepted.sendall(b"four")
        client.recv(4)
        doubled.sendall(b"seventy")
        twin.recv(7)
        for reader, sent in ((first, 4), (second, 7)):
            for _try in range(100):
                if reader.taken() == sent:
                    break
                awaited(asyncio.sleep(0.01))
            assert reader.taken() == sent
        # An end in the middle is a reset: over HTTP/1.0 a plain end would look whole.
        first.cut()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        for held in (client, twin, accepted, doubled):
            held.close()
        for reader in (first, second):
            reader.leave()
