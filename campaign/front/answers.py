"""What the app answers, as the front sends it on, and the answers that it keeps while they are fresh."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from campaign.core.page_cache import FRESH_UNTIL
from campaign.front.environ import RequestScope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# A shorter answer is sent whole, whether its length was known or not; a longer one of unknown length piece
# by piece, in pieces of about this size.
WHOLE = 256_000
# Everything in a request that a stored page may depend on (core.page_cache, core.headers). A view that reads
# another header must not answer with a stored page.
_ASKED = ("host", "accept-encoding", "if-none-match", "x-forwarded-host", "x-forwarded-proto")
_LONGEST_KEY = 1_000
_MOST_KEPT = 1_000
_MOST_KEPT_BYTES = 32_000_000

Headers = list[tuple[str, str]]
Key = tuple[str | None, ...]


@dataclass(slots=True)
class FrontAnswer:
    """Status, headers, and the whole body; or its first piece, with `more`, which gives the next ones until
    it gives an empty one, and `close`.

    Both run in a thread of the pool, one after the other.
    """

    status: int
    headers: Headers
    body: bytes
    more: Callable[[], bytes] | None = None
    close: Callable[[], None] = lambda: None
    fresh_until: float = 0.0


def answer_of(app: WSGIApplication, environ: WSGIEnvironment) -> FrontAnswer:
    """Ask the app. Raises what the app raises; its iterable is closed then."""
    said: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _exc_info: object = None) -> Callable[[bytes], object]:
        said[:] = [(status, headers)]
        return _refuse_writing

    result = app(environ, start_response)
    pieces, streamed = iter(result), False
    try:
        body = _next_piece(pieces, WHOLE)
        status, headers = said[0]
        known = any(name.lower() == "content-length" for name, _value in headers)
        if known:
            # It is in memory already.
            body += b"".join(pieces)
        streamed = len(body) >= WHOLE and not known
    finally:
        if not streamed:
            _close(result)

    code = int(status.partition(" ")[0])
    fresh = 0.0 if streamed else environ.get(FRESH_UNTIL, 0.0)
    if streamed:
        return FrontAnswer(code, headers, body, lambda: _next_piece(pieces, WHOLE), lambda: _close(result))
    return FrontAnswer(code, headers, body, fresh_until=fresh)


class KeptAnswers:
    """Answers in memory for as long as the page cache would give the same one: under load, half a second.

    They share their bodies with the page cache. Used on the loop alone.
    """

    def __init__(self) -> None:
        self._kept: dict[Key, FrontAnswer] = {}
        self._bytes = 0

    def key(self, scope: RequestScope) -> Key | None:
        """The key of a request that may be answered from memory; None for all others."""
        if scope.method != "GET" and scope.method != "HEAD":
            return None
        key: Key = (scope.method, scope.scheme, scope.authority, scope.path, scope.query_string)
        # All lines of each, as the app gets them: otherwise a second one would choose what others get.
        key += tuple(",".join(scope.headers.get_all(name)) for name in _ASKED)
        return key if sum(len(part or "") for part in key) < _LONGEST_KEY else None

    def get(self, key: Key) -> FrontAnswer | None:
        """The answer, while it is fresh."""
        kept = self._kept.get(key)
        return kept if kept is not None and kept.fresh_until > time.monotonic() else None

    def put(self, key: Key, answer: FrontAnswer) -> None:
        """Keep an answer that the page cache vouches for."""
        now = time.monotonic()
        if answer.fresh_until <= now or any(name.lower() == "set-cookie" for name, _value in answer.headers):
            return
        if len(self._kept) >= _MOST_KEPT or self._bytes + len(answer.body) > _MOST_KEPT_BYTES:
            fresh = {known: kept for known, kept in self._kept.items() if kept.fresh_until > now}
            # Where all are fresh, the flood asks for more than memory can help with.
            self._kept = fresh if len(fresh) < _MOST_KEPT // 2 else {}
            self._bytes = sum(len(kept.body) for kept in self._kept.values())
            if self._bytes + len(answer.body) > _MOST_KEPT_BYTES:
                return
        self._bytes += len(answer.body) - (len(self._kept[key].body) if key in self._kept else 0)
        self._kept[key] = answer


def _next_piece(pieces: Iterator[bytes], most: int) -> bytes:
    """At least `most` bytes, or what is left."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= most:
            break
    return held[0] if len(held) == 1 else b"".join(held)


def _close(result: Iterable[bytes]) -> None:
    close: Any = getattr(result, "close", None)
    if close is not None:
        close()


def _refuse_writing(_data: bytes) -> object:
    raise RuntimeError("this app answers by its iterable, not by write()")
