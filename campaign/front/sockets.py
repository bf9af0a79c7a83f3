"""The socket of a request, found among those of this process: how much of an answer its reader has taken,
and an end to it.

Granian takes any amount of an answer into memory and says neither. Only Linux tells; elsewhere answers are
sent without looking.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

_FILES = "/proc/self/fd"
# struct tcp_info (linux/tcp.h): tcpi_state is its first byte, tcpi_bytes_acked a u64 at 120.
_TCP_INFO_SIZE = 128
_ACKED_AT = 120
_ESTABLISHED, _CLOSE_WAIT = 1, 8
# connect(2) to AF_UNSPEC resets a connection.
_NOBODY = bytes(16)
_LIBC = ctypes.CDLL(None, use_errno=True)
# Between two looks through all sockets, in seconds and by how long one takes: a tenth of a core at most.
_LEAST_PAUSE, _PAUSE_TIMES = 0.05, 10

# Host and port of the peer, and our own port.
_Address = tuple[str, int, str]


class Reader:
    """Who reads an answer. `taken` counts from now on."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._before = self._acked() or 0
        self._since = time.monotonic()

    def seconds(self) -> float:
        """The time since then."""
        return time.monotonic() - self._since

    def taken(self) -> int | None:
        """The bytes that reached the reader's machine; None when the connection has ended."""
        acked = self._acked()
        return None if acked is None else acked - self._before

    def cut(self) -> None:
        """End the connection in the middle by a reset: the reader sees that the answer is not whole.

        An orderly end would look like the end of a file in HTTP/1.0, which many a proxy speaks with us.
        """
        with contextlib.suppress(OSError):
            if _LIBC.connect(self._connection.fileno(), _NOBODY, len(_NOBODY)):
                self._connection.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Look no longer."""
        self._connection.close()

    def _acked(self) -> int | None:
        try:
            info = self._connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_SIZE)
        except OSError:
            return None
        if info[0] not in {_ESTABLISHED, _CLOSE_WAIT}:
            return None
        return int(struct.unpack_from("Q", info, _ACKED_AT)[0])


class Sockets:
    """Finds the reader of a request by its address among the sockets of this process. Used on the loop alone.

    To look through some thousands of them takes a while, so it is done in a thread and with pauses: whoever
    holds many connections and asks for large answers must not keep the loop from everybody else.
    """

    def __init__(self) -> None:
        self._numbers: dict[_Address, int] = {}
        self._looked = self._next_look = 0.0
        self._looking = asyncio.Lock()

    async def reader_at(self, client: str, server: str) -> Reader | None:
        """The reader at this address (`127.0.0.1:4711`) on a connection to ours, None where it can't be
        found.
        """
        host, _colon, port = client.rpartition(":")
        if sys.platform != "linux" or not port.isdecimal():
            return None
        wanted = (host.strip("[]"), int(port), server.rpartition(":")[2])
        asked = time.monotonic()
        async with self._looking:
            found = self._known(wanted)
            # Who is not there has left: one look after it asked is enough for each.
            if found is None and self._looked < asked:
                await self._look()
                found = self._known(wanted)
            return found

    async def _look(self) -> None:
        await asyncio.sleep(max(self._next_look - time.monotonic(), 0))
        self._looked = time.monotonic()
        self._numbers = await asyncio.to_thread(_connections)
        ended = time.monotonic()
        self._next_look = ended + max(_LEAST_PAUSE, _PAUSE_TIMES * (ended - self._looked))

    def _known(self, wanted: _Address) -> Reader | None:
        number = self._numbers.get(wanted)
        if number is None:
            return None
        try:
            connection = _duplicate(number)
        except OSError:
            return None
        # The number may be another's by now.
        if _address_of(connection) == wanted:
            return Reader(connection)
        connection.close()
        return None


def end_stalled(seconds: float) -> None:
    """Let the system end each connection whose reader takes nothing for so long (TCP_USER_TIMEOUT).

    Accepted sockets have it from the one that listens.
    """
    if sys.platform != "linux":
        return

    def shorten(found: socket.socket) -> None:
        if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1_000))

    for number in _files():
        _asked(number, shorten)


def _connections() -> dict[_Address, int]:
    """The numbers of all sockets that are connected, by their addresses."""
    found = {_asked(number, _address_of): number for number in _files()}
    found.pop(None, None)
    return found


def _address_of(found: socket.socket) -> _Address | None:
    """Peer and own port: two connections from one address can differ in the latter alone."""
    try:
        host, port = found.getpeername()[:2]
        return str(host), int(port), str(found.getsockname()[1])
    except (OSError, ValueError):
        # Not connected, or no socket of the Internet.
        return None


def _duplicate(number: int) -> socket.socket:
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise


def _files() -> list[int]:
    return [int(number) for number in os.listdir(_FILES)]


def _asked(number: int, ask: Callable[[socket.socket], Any]) -> Any:
    """What `ask` finds of the socket behind a number; None where it is none, or has just been closed."""
    try:
        found = socket.socket(fileno=number)
    except OSError:
        return None
    try:
        return ask(found)
    except OSError:
        return None
    finally:
        # It is granian's, and stays open.
        found.detach()
