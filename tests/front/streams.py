"""A small app behind the front, with answers that are sent piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

from flask import Flask, Response, stream_with_context

from campaign.front import Front

PIECE = b"x" * 99_999 + b"\n"
PIECES = 300
closed: list[str] = []


def _pieces(name: str, breaks: bool) -> Iterator[bytes]:
    try:
        for number in range(PIECES):
            if breaks and number == PIECES // 2:
                raise LookupError(name)
            yield PIECE
    finally:
        closed.append(name)


def create_front() -> Front:
    """For granian."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    app.extensions["settings"] = SimpleNamespace(
        web_threads=2, site_url="http://localhost", trusted_proxies=0
    )

    @app.get("/long")
    def long() -> Response:
        return Response(stream_with_context(_pieces("long", breaks=False)))

    @app.get("/broken")
    def broken() -> Response:
        return Response(stream_with_context(_pieces("broken", breaks=True)))

    @app.get("/closed")
    def how_many() -> str:
        return str(len(closed))

    @app.get("/memory")
    def memory() -> str:
        with open("/proc/self/statm") as file:
            return str(int(file.read().split()[1]) * 4_096)

    return Front(app)
