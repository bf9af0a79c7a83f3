"""S31, on a running site: no client holds a thread."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask_migrate import upgrade

from benchmarks.fill import fill
from campaign import create_app
from campaign.config import Settings
from campaign.core.database import writing
from campaign.documents import job
from campaign.statements import operations
from campaign.statements.models import Kind, Signers
from tests.processes import running, settings_in
from tests.support import ENGLISH, form

pytestmark = pytest.mark.databases("sqlite")
MANY = 64
_LARGE = 25_000
# Generous: on a site that is held nothing comes at all.
_PATIENCE = 15
_OWN = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A running site with four threads and two open statements, `/s/free` and `/s/large` with its long list."""
    settings = settings_in(tmp_path_factory.mktemp("front")) | {"WEB_THREADS": "4"}
    app = create_app(Settings.from_environment(settings))
    with app.app_context():
        upgrade()
        with writing() as session:
            for slug in ("free", "large"):
                chosen = operations.StatementSettings(slug=slug, kind=Kind.PETITION, signers=Signers.BOTH)
                operations.publish(session, operations.create_statement(session, chosen, (ENGLISH,)))
        fill("large", _LARGE)
    with running(settings, "web"):
        yield app


@pytest.fixture
def port(site: Flask) -> int:
    """Its port."""
    return int(site.extensions["settings"].port)


def _ask(
    port: int, path: str, method: str = "GET", body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request(method, path, body=body, headers=headers or {})  # type: ignore[arg-type]
        response = connection.getresponse()
        return (
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.read(),
        )
    finally:
        connection.close()


@contextmanager
def _held(port: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """Many connections that send this much and no more, and do not read."""
    with ExitStack() as open_ones:
        held = []
        for _number in range(MANY):
            connection = open_ones.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", port))
            connection.settimeout(_PATIENCE)
            connection.sendall(sent)
            held.append(connection)
        yield held


def _answers(port: int) -> None:
    """A page that needs a thread, and the front's own answer. The page is never the one from memory."""
    status, _headers, body = _ask(port, "/healthz")
    assert (status, json.loads(body)) == (200, {"alive": True, "stuck": False})
    assert _ask(port, f"/s/free?{time.monotonic_ns()}")[0] == 200
    assert _ask(port, "/nowhere")[0] == 404


def _rest(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    got = b""
    while piece := connection.recv(65_536):
        got += piece
    return got


def test_slow_bodies_hold_nothing_and_are_refused(port: int) -> None:
    begun = b"POST /be/s/free/sign HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nabc"
    with _held(port, begun) as held:
        _answers(port)
        refused = _rest(held[-1])
        assert refused.startswith(b"HTTP/1.1 408 ")
        # In the reader's language, like every page.
        assert b'lang="be"' in refused
        _answers(port)


def test_slow_headers_hold_nothing_and_are_cut_off(port: int) -> None:
    with _held(port, b"GET /s/free HTTP/1.1\r\nHost: 127.0.0.1\r\nX-") as held:
        _answers(port)
        assert _rest(held[-1]) == b""
        _answers(port)


def test_connections_that_send_nothing_hold_nothing_and_are_cut_off(port: int) -> None:
    with _held(port, b"") as held:
        _answers(port)
        assert _rest(held[-1]) == b""


def test_readers_that_do_not_read_hold_nothing(port: int) -> None:
    # So many pages in a row fill the buffers of the connection on both sides.
    page = b"GET /s/free?%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with _held(port, b"".join(page % number for number in range(40))):
        _answers(port)


def test_papers_of_a_long_list_stop_no_page(port: int, site: Flask) -> None:
    paths = [
        f"/{language}s/large/statement.pdf?part={part}" for language in ("", "be/") for part in (1, 2, 3)
    ]
    with ThreadPoolExecutor(8) as readers:
        asked = [readers.submit(_ask, port, paths[number % len(paths)]) for number in range(16)]
        _answers(port)
        assert {answer.result()[0] for answer in asked} == {503}
    with site.app_context():
        assert job.work()
    # Those who wait for the others get what there is meanwhile.
    found = [_ask(port, path) for path in paths]
    assert sorted(answer[0] for answer in found) == [200, 503, 503, 503, 503, 503]


def test_hopeless_searches_keep_nobody_from_signing(port: int) -> None:
    form_body = urlencode(form(email="bela@post.example.org"))
    with ThreadPoolExecutor(20) as seekers:
        asked = [seekers.submit(_ask, port, f"/s/large/signatories?q=nobody{number}") for number in range(60)]
        assert _ask(port, "/s/free/sign", "POST", form_body, _OWN)[0] == 303
        _answers(port)
        assert {answer.result()[0] for answer in asked} <= {200, 503}


def test_a_form_that_comes_in_pieces_is_taken(port: int) -> None:
    body = urlencode(form(email="anna@post.example.org"))
    halves = (body[:20].encode(), body[20:].encode())
    status, headers, _body = _ask(port, "/s/free/sign", "POST", iter(halves), _OWN)
    assert (status, headers["location"].rpartition("/")[2]) == (303, "check-your-mail")


@pytest.mark.parametrize("whole", [True, False])
def test_a_body_that_is_too_large_is_refused_whether_it_says_its_length_or_not(
    port: int, *, whole: bool
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    connection.putrequest("POST", "/s/free/sign")
    connection.putheader(
        "Content-Length" if whole else "Transfer-Encoding", "1000001" if whole else "chunked"
    )
    for name, value in _OWN.items():
        connection.putheader(name, value)
    connection.endheaders()
    if not whole:
        piece = b"x" * 65_536
        for _piece in range(16):
            connection.send(b"10000\r\n" + piece + b"\r\n")
    response = connection.getresponse()
    assert response.status == 413
    assert b"<h1>This is too large</h1>" in response.read()
    connection.close()


def test_a_head_is_a_get_without_a_body(port: int) -> None:
    asked = {"Accept-Encoding": "identity"}
    _ask(port, "/s/free", headers=asked)
    for path in ("/s/free", "/healthz", "/nowhere"):
        got, head = _ask(port, path, headers=asked), _ask(port, path, "HEAD", headers=asked)
        assert (head[0], head[2]) == (got[0], b"")
        assert head[1]["content-length"] == got[1]["content-length"] == str(len(got[2]))


def test_a_page_from_memory_is_the_page_that_was_asked_for(port: int) -> None:
    for _time in range(2):
        packed = _ask(port, "/s/free", headers={"Accept-Encoding": "gzip"})
        plain = _ask(port, "/s/free", headers={"Accept-Encoding": "identity"})
        assert packed[1]["content-encoding"] == "gzip"
        assert "content-encoding" not in plain[1]
        assert b"<title>" in plain[2]
        known = _ask(port, "/s/free", headers={"If-None-Match": plain[1]["etag"]})
        assert (known[0], known[2]) == (304, b"")
        assert b'lang="be"' in _ask(port, "/be/s/free")[2]
        assert _ask(port, "/s/free", headers={"Host": "elsewhere.example"})[0] == 400


@pytest.mark.parametrize("path", ["/x%ff", "/%D0%B1", "/x%0d%0a", "/s/free?q=%ff", "/%00"])
def test_any_bytes_of_a_path_are_answered(port: int, path: str) -> None:
    assert _ask(port, path)[0] in {200, 400, 404}


def test_what_a_proxy_says_of_a_visitor_can_not_be_hidden_or_made_up(port: int) -> None:
    """A header that can't be read would be dropped on the way, and its visitor taken for nobody."""
    with socket.create_connection(("127.0.0.1", port), _PATIENCE) as connection:
        connection.sendall(
            b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: \xe9, 198.51.100.7\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
