"""The front itself: one call for each request (RSGI)."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import resource
import sys
from collections.abc import AsyncIterator
from functools import partial
from typing import Protocol

from flask import Flask
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from campaign.core.hosts import is_own_host
from campaign.core.request_body import largest_body_of
from campaign.front.answers import WHOLE, FrontAnswer, KeptAnswers, answer_of
from campaign.front.bodies import Bodies, Cut, Full, TooLarge, TooSlow
from campaign.front.environ import RequestScope, Unreadable, environ_of, host_of
from campaign.front.pool import Pool, PoolFull
from campaign.front.readers import ReaderGone, Room, follow, hurry
from campaign.front.refusals import Refusals
from campaign.front.sockets import Sockets, end_stalled

log = logging.getLogger(__name__)
# Downloads that are sent piece by piece hold a connection to the database each, though no thread.
_MOST_STREAMS = 4
# What large answers that are sent whole may take together.
_MOST_SENDING = 128_000_000
_STALLED_SECONDS = 30.0
_MOST_FILES = 16_384
# A thread that computes gives way to the loop after so many seconds.
_TURN_SECONDS = 0.002
_NO_BODY = {204, 304}


class Transport(Protocol):
    """An answer that is sent piece by piece."""

    async def send_bytes(self, data: bytes) -> None:
        """Give a piece to granian, which takes any amount into memory."""


class Exchange(Protocol):
    """Granian's side of a request."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer with a whole body."""

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Transport:
        """Begin an answer."""


class Front:
    """An RSGI application around a Flask app."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._usual_body = int(app.config["MAX_CONTENT_LENGTH"] or 0)
        self._threads = int(app.extensions["settings"].web_threads)
        self._hops = int(app.extensions["settings"].trusted_proxies)
        # Uploads have room of their own: anybody may begin one and take minutes, and forms are not to wait.
        self._bodies, self._uploads = Bodies(), Bodies()
        self._kept, self._refusals = KeptAnswers(), Refusals()
        self._streams, self._sending = Room(_MOST_STREAMS), Room(_MOST_SENDING)
        self._sockets = Sockets()
        # The security headers of every answer (core.headers).
        self._fixed: list[tuple[str, str]] = [
            # Neutral: health is told under every name, and must not name the site.
            ("content-security-policy", app.extensions.get("neutral_policy", "default-src 'none'")),
            *app.extensions.get("fixed_headers", ()),
        ]

    def __rsgi_init__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """In the process that serves, before the first request."""
        self._pool = Pool(self._threads)
        self._pool.begin(partial(self._refusals.make, self._app))
        sys.setswitchinterval(_TURN_SECONDS)
        end_stalled(_STALLED_SECONDS)
        _allow_many_files()

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """At the end of the process."""
        self._pool.close()

    async def __rsgi__(self, scope: RequestScope, exchange: Exchange) -> None:
        """Answer one request. Raises nothing: granian would log it whole."""
        try:
            await self._answer(scope, exchange)
        except TooSlow:
            self._refuse(scope, exchange, 408)
        except (PoolFull, Full):
            self._refuse(scope, exchange, 503)
        except (Unreadable, Cut):
            exchange.response_empty(400, [("connection", "close")])
        except Exception as error:  # noqa: BLE001  whatever it is, its text may hold a name or a token
            log.error("unhandled %s in the front", type(error).__name__)
            exchange.response_empty(500, [("connection", "close")])

    async def _answer(self, scope: RequestScope, exchange: Exchange) -> None:
        key = self._kept.key(scope)
        kept = self._kept.get(key) if key else None
        if kept is not None:
            await self._send(scope, exchange, kept)
        elif key and scope.path == "/healthz":
            await self._send(scope, exchange, self._health(scope))
        else:
            answer = await self._asked(scope, exchange)
            if self._refusals.are_outdated(self._app):
                self._pool.begin(partial(self._refusals.make, self._app))
            if answer.more is not None:
                await self._stream(scope, exchange, answer)
                return
            if key and answer.fresh_until:
                self._kept.put(key, answer)
            await self._send(scope, exchange, answer)

    def _health(self, scope: RequestScope) -> FrontAnswer:
        """Alive: this process answers. `stuck`: its threads have all been busy, and some wait, for ten
        seconds.
        """
        body = json.dumps({"alive": True, "stuck": self._pool.stuck}).encode()
        headers = [("content-type", "application/json"), ("cache-control", "no-store"), *self._fixed]
        return FrontAnswer(
            200, [*headers, ("content-length", str(len(body)))], body if scope.method == "GET" else b""
        )

    async def _asked(self, scope: RequestScope, exchange: Exchange) -> FrontAnswer:
        """The answer of the app, made in a thread once the body is here: it waits for no client."""
        room, body, declared = await self._body(scope, exchange)
        # Every step of an answer runs in one context, on whichever thread: Flask's own is bound to it.
        context = contextvars.copy_context()
        try:
            environ = environ_of(scope, body, declared)
            answer = await self._pool.run(partial(context.run, answer_of, self._app, environ))
        finally:
            room.release(len(body or b""))
        if answer.more is not None:
            answer.more, answer.close = partial(context.run, answer.more), partial(context.run, answer.close)
        return answer

    async def _body(self, scope: RequestScope, exchange: Exchange) -> tuple[Bodies, bytes | None, int | None]:
        """The room that the body takes; the body, if there is one; and the length of one that is too large
        for its route: the app says so, in the reader's language.
        """
        length, coding = scope.headers.get("content-length"), scope.headers.get("transfer-encoding")
        if length is None and coding is None:
            return self._bodies, None, None
        declared = int(length) if length is not None and coding is None else None
        if declared == 0:
            return self._bodies, b"", None
        largest = largest_body_of(self._app, scope.method, scope.path)
        room = self._uploads if largest > self._usual_body else self._bodies
        if declared is not None and declared > largest:
            return room, None, declared
        try:
            return room, await room.read(exchange, largest, declared, self._usual_body), None
        except TooLarge:
            return room, None, largest + 1

    async def _stream(self, scope: RequestScope, exchange: Exchange, answer: FrontAnswer) -> None:
        """Send an answer as fast as its reader takes it. A thread is used only to make the next piece."""
        assert answer.more is not None  # noqa: S101  for mypy
        if not self._streams.take(1):
            self._pool.begin(answer.close)
            raise PoolFull
        reader, sent = None, 0
        try:
            reader = await self._sockets.reader_at(scope.client, scope.server)
            if reader is not None:
                self._streams.read_by(reader, 1)
            transport = exchange.response_stream(answer.status, answer.headers)
            piece = answer.body
            while piece:
                await transport.send_bytes(piece)
                sent += len(piece)
                if reader is not None:
                    await follow(reader, sent)
                piece = await self._pool.run(answer.more, begun=True)
        except BaseException as error:
            # Granian would end it as if it were whole.
            if reader is not None:
                reader.cut()
            if not isinstance(error, (ReaderGone, ProtocolClosed)):
                log.error("%s in the middle of a download", type(error).__name__)
            if not isinstance(error, Exception):
                raise
        finally:
            self._streams.leave(reader, 1)
            if reader is not None:
                reader.leave()
            self._pool.begin(answer.close)

    async def _send(self, scope: RequestScope, exchange: Exchange, answer: FrontAnswer) -> None:
        """Send a whole answer. A large one takes its memory until its reader has it. Raises PoolFull."""
        size = len(answer.body)
        if size <= WHOLE:
            _give(exchange, answer)
            return
        if not self._sending.take(size):
            raise PoolFull
        reader = None
        try:
            reader = await self._sockets.reader_at(scope.client, scope.server)
            if reader is not None:
                self._sending.read_by(reader, size)
            _give(exchange, answer)
            if reader is not None:
                await hurry(reader, size)
        finally:
            self._sending.leave(reader, size)
            if reader is not None:
                reader.leave()

    def _refuse(self, scope: RequestScope, exchange: Exchange, status: int) -> None:
        named = is_own_host(self._app, host_of(scope, self._hops))
        page = self._refusals.page(status, scope.path, named=named)
        exchange.response_bytes(page.status, page.headers, b"" if scope.method == "HEAD" else page.body)


def _give(exchange: Exchange, answer: FrontAnswer) -> None:
    if answer.status in _NO_BODY:
        exchange.response_empty(answer.status, answer.headers)
    else:
        exchange.response_bytes(answer.status, answer.headers, answer.body)


def _allow_many_files() -> None:
    """Raise the limit of open files, which is often 1,024, to what the system allows: each connection is
    one.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if most > _soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
