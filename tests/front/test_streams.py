"""Answers that are sent piece by piece, by a real server."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.front.streams import PIECE, PIECES
from tests.processes import ROOT, procfile, running, settings_in, wait_for

pytestmark = pytest.mark.databases("sqlite")
_PATIENCE = 15


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    settings = settings_in(tmp_path_factory.mktemp("streams"))
    with running(settings, "web", factory="tests.front.streams:create_front"):
        yield int(settings["PORT"])


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _number(port: int, path: str) -> int:
    return int(_get(port, path)[1])


def _unread(port: int) -> socket.socket:
    """A reader whose answer has begun, and who takes no more of it."""
    connection = socket.create_connection(("127.0.0.1", port), _PATIENCE)
    connection.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def test_a_long_answer_comes_whole_and_its_source_is_closed(port: int) -> None:
    before = _number(port, "/closed")
    status, body = _get(port, "/long")
    assert (status, body) == (200, PIECE * PIECES)
    _wait_until(port, before + 1)


def test_an_answer_that_breaks_off_does_not_look_whole(port: int) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        _get(port, "/broken")


def test_nor_does_it_to_a_proxy_that_speaks_http_1_0(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), _PATIENCE) as connection:
        connection.sendall(b"GET /broken HTTP/1.0\r\nHost: localhost\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            while connection.recv(65_536):
                pass


def test_readers_that_do_not_read_hold_neither_thread_nor_memory_and_leave_nothing_behind(port: int) -> None:
    _get(port, "/long")
    before = _number(port, "/memory")
    unread = [_unread(port) for _number_of_it in range(4)]
    # All four are being sent: a fifth has no place.
    assert _get(port, "/long")[0] == 503
    # 120 MB are to be sent. What waits is a megabyte for each, and what the system has of it: it stays so.
    for _look in range(30):
        assert _number(port, "/memory") - before < 40_000_000
        time.sleep(0.05)
    assert _get(port, "/long")[0] == 503
    time.sleep(0.2)
    closed = _number(port, "/closed")
    for connection in unread:
        connection.close()
    _wait_until(port, closed + 4)
    assert _get(port, "/long")[0] == 200


def test_a_reader_who_holds_on_keeps_nobody_from_stopping_the_site(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    command = procfile("web", "tests.front.streams:create_front")
    assert "--workers-kill-timeout 15 " in command[-1]
    command[-1] = command[-1].replace("--workers-kill-timeout 15 ", "--workers-kill-timeout 1 ")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    site = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PATH": path} | settings)
    try:
        wait_for(f"{settings['SITE_URL']}/closed")
        with _unread(int(settings["PORT"])):
            site.terminate()
            site.wait(_PATIENCE)
    finally:
        site.kill()


def _wait_until(port: int, closed: int) -> None:
    for _try in range(300):
        if _number(port, "/closed") >= closed:
            return
        time.sleep(0.05)
    raise AssertionError("a source was left open")
