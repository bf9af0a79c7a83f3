"""What the front does when the app itself fails."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask

from campaign.front import Front


class _Headers:
    def items(self) -> list[tuple[str, str]]:
        return [("host", "localhost")]

    def keys(self) -> list[str]:
        return ["host"]

    def get(self, key: str, default: Any = None) -> Any:
        return {"host": "localhost"}.get(key, default)

    def get_all(self, key: str) -> list[str]:
        return [self.get(key)]


@dataclass
class _Exchange:
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    def response_empty(self, status: int, _headers: list[tuple[str, str]]) -> None:
        self.answers.append((status, b""))

    def response_bytes(self, status: int, _headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append((status, body))


def test_an_error_outside_of_every_view_is_answered_and_logged_without_a_word_of_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is meant for a process of its own.
    monkeypatch.setattr("campaign.front.server.sys.setswitchinterval", lambda _seconds: None)
    monkeypatch.setattr("campaign.front.server.end_stalled", lambda _seconds: None)
    monkeypatch.setattr("campaign.front.server._allow_many_files", lambda: None)

    class Failing:
        config = {"MAX_CONTENT_LENGTH": 1_000}
        extensions = {"settings": SimpleNamespace(web_threads=1, site_url="http://localhost")}

        def __call__(self, _environ: object, _start: object) -> list[bytes]:
            raise ValueError("Anna Example, token 4711")

    scope = SimpleNamespace(
        method="GET",
        scheme="http",
        authority=None,
        path="/c/token-4711",
        query_string="name=Anna",
        http_version="1.1",
        client="198.51.100.7:4711",
        server="127.0.0.1:8000",
        headers=_Headers(),
    )
    exchange = _Exchange()

    async def walk() -> None:
        front = Front(cast(Flask, Failing()))
        front.__rsgi_init__(asyncio.get_running_loop())
        await front.__rsgi__(cast(Any, scope), cast(Any, exchange))
        front.__rsgi_del__(asyncio.get_running_loop())

    with caplog.at_level(logging.DEBUG):
        asyncio.run(walk())
    assert exchange.answers == [(500, b"")]
    assert "ValueError" in caplog.text
    for word in ("Anna", "4711", "198.51.100.7", "/c/"):
        assert word not in caplog.text
