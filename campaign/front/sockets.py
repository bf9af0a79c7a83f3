"""The socket of a request, found among those of this process: how much of an answer its reader has taken,
and an end to it.

Granian takes any amount of an answer into memory and says neither. Only Linux tells; elsewhere answers are
sent without looking.
"""

from __future__ import annotations

import contextlib
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
        """End the connection in the middle: the reader sees that the answer is not whole."""
        with contextlib.suppress(OSError):
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


def reader_at(client: str) -> Reader | None:
    """The reader at this address (`127.0.0.1:4711`), None where it can't be found."""
    host, _colon, port = client.rpartition(":")
    if sys.platform != "linux" or not port.isdecimal():
        return None
    wanted = (host.strip("[]"), int(port))
    for number in _files():
        if _asked(number, lambda found: found.getpeername()[:2]) == wanted:
            return Reader(socket.socket(fileno=os.dup(number)))
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
