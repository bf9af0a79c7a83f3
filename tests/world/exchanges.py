"""Requests to the front without a server: scope, headers and exchange as granian has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from flask import Flask

from campaign.front import Front
from campaign.front.bodies import Bodies
from tests.world.event_loops import awaited


@dataclass
class Headers:
    """The lines of a request, names in lower case."""

    lines: list[tuple[str, str]] = field(default_factory=lambda: [("host", "localhost")])

    def items(self) -> list[tuple[str, str]]:
        return self.lines

    def keys(self) -> list[str]:
        return [name for name, _value in self.lines]

    def get(self, key: str, default: Any = None) -> Any:
        return next(iter(self.get_all(key)), default)

    def get_all(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]


@dataclass
class RequestScope:
    """A request."""

    path: str = "/"
    query_string: str = ""
    method: str = "GET"
    headers: Headers = field(default_factory=Headers)
    authority: str | None = None
    scheme: str = "http"
    http_version: str = "1.1"
    client: str = "198.51.100.7:4711"
    server: str = "127.0.0.1:8000"


@dataclass
class Exchange:
    """Its answers: status, headers, body."""

    sent: bytes = b""
    answers: list[tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=list)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.sent

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.answers.append((status, headers, b""))

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append((status, headers, body))


def answers(
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
    *asked: tuple[RequestScope, bytes],
    room: int = 1_000_000,
    uploads: int = 1_000_000,
) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    """What a front answers to these requests with their bodies, one after the other; `room` and `uploads`: of
    all bodies together.
    """
    # What is meant for a process of its own.
    monkeypatch.setattr("campaign.front.server.sys.setswitchinterval", lambda _seconds: None)
    monkeypatch.setattr("campaign.front.server.end_stalled", lambda _seconds: None)
    monkeypatch.setattr("campaign.front.server._allow_many_files", lambda: None)
    exchange = Exchange()

    async def walk() -> None:
        front = Front(app)
        front._bodies, front._uploads = Bodies(room), Bodies(uploads)
        front.__rsgi_init__(asyncio.get_running_loop())
        # The pages of refusals are made.
        await front._pool.run(lambda: front._refusals.make(app))
        for scope, sent in asked:
            exchange.sent = sent
            await front.__rsgi__(cast(Any, scope), cast(Any, exchange))
        front.__rsgi_del__(asyncio.get_running_loop())

    awaited(walk())
    return exchange.answers
