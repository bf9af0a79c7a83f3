"""Public pages, made once for everyone, compressed, with their ETags."""

from __future__ import annotations

import gzip
import hmac
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import brotli
from flask import Flask, Response, current_app, has_app_context, has_request_context, request

from campaign.core.places import Busy
from campaign.core.registration import Registry
from campaign.core.settings import settings

# The parts of the promised 2 s by which a page may be late: the fold takes 0.5 s, this 0.5 s, the poll 1 s.
FRESH_SECONDS = 0.5


# Whoever comes while a page is made waits so long for it; then the page of before will do. Where there is
# none, some wait longer.
_FOLLOWS_SECONDS = 0.3
_FOLLOWS_ANEW_SECONDS = 1.7

# In the environment of a request: until when (monotonic) its answer would be the same, for the front.
FRESH_UNTIL = "undersigned.fresh_until"
_OF_PAGES = "undersigned.pages_fresh_until"


# What every page shows, such as the name of the site: each answer is a cheap version of it.
frame_versions: Registry[Callable[[], object]] = Registry("versions of what every page shows")
_FRAME = "frame_version"

_LARGEST_CACHE = 2_000


_LARGEST_CACHE_BYTES = 64_000_000


_COMPRESSIBLE_FROM = 600


# A page that no app serves needs no ETag that others know.
_NO_APP = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A rendered body in every encoding, with its ETag.

    `mark` is the version that the page itself names, if it does; `texts` are the languages in which its text
    exists.
    """

    etag: str
    mimetype: str
    bodies: dict[str, bytes]
    mark: str = ""
    texts: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, body: bytes, mimetype: str, *, quick: bool = False, mark: str = "", texts: tuple[str, ...] = ()
    ) -> StoredPage:
        """Compress `body` once for all who ask; `quick` for what changes every second."""
        bodies = {"identity": body}
        if len(body) >= _COMPRESSIBLE_FROM:
            bodies["gzip"] = gzip.compress(body, 6 if quick else 9, mtime=0)
            bodies["br"] = brotli.compress(body, quality=5 if quick else 11)
        return cls(etag_of(body), mimetype, bodies, mark, texts)

    @classmethod
    def of_json(cls, body: object, *, quick: bool = True) -> StoredPage:
        """A stored page of an object that JSON can write (RFC 8259), in UTF-8."""
        return cls.of(json.dumps(body, ensure_ascii=False).encode(), "application/json", quick=quick)

    @property
    def size(self) -> int:
        """The size of all its bodies in bytes."""
        return sum(map(len, self.bodies.values()))

    def response(self, cache_control: str = "public, no-cache") -> Response:
        """The full answer, or 304 when the browser has it already."""
        headers = {"Cache-Control": cache_control, "ETag": f'"{self.etag}"', "Vary": "Accept-Encoding"}
        _vouch()
        if self.etag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)

        accepted = request.accept_encodings
        encoding = next(
            (name for name in ("br", "gzip") if name in self.bodies and accepted.quality(name) > 0),
            "identity",
        )
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return Response(self.bodies[encoding], headers=headers, mimetype=self.mimetype)

    def unchanged(self) -> Response:
        """204 for an open page that names the version it shows: its browser would turn a 304 into a full
        response again.
        """
        _vouch()
        return Response(status=204, headers={"Cache-Control": "no-store"})


def etag_of(body: bytes) -> str:
    """The ETag of a body: a keyed digest, the same in all processes. Browsers and caches keep it for longer
    than a page may live, and names could be tried against a plain one.
    """
    key = settings().secret_keys[-1].encode() if has_app_context() else _NO_APP
    return hmac.digest(key, b"etag\0" + body, "sha256").hex()[:20]


class PageCache:
    """Public pages, the same for everyone.

    A page is checked for a new version every half second, by one thread.

    Thread-safe. `version` is cheap and says whether the stored page is still valid; `render` makes it anew.
    Keys are made of what is known to exist, never of what somebody typed; and a page must not repeat what
    only its first visitor typed (language.link_as).
    """

    def __init__(self, most_following: int = 4) -> None:
        self._pages: OrderedDict[object, tuple[float, object, StoredPage]] = OrderedDict()
        self._busy: dict[object, threading.Lock] = {}
        self._guard = threading.Lock()
        # Of all threads together, or one slow page would take them all.
        self._following = threading.BoundedSemaphore(most_following)
        self._bytes = 0

    def get(self, key: object, version: Callable[[], object], render: Callable[[], StoredPage]) -> StoredPage:
        """The page under `key`, at most FRESH_SECONDS old, or the one of before while another thread takes
        long to make it. Raises Busy where there is none; errors of `version` and `render` pass through.
        """
        held = self._pages.get(key)
        if not _is_fresh(held):
            with self._guard:
                lock = self._busy.setdefault(key, threading.Lock())
            if lock.acquire(blocking=False) or self._followed(lock, held):
                try:
                    held = self._renewed(key, version, render)
                finally:
                    lock.release()

        if held is None:
            raise Busy
        _note(held[0])
        return held[2]

    def _followed(self, lock: threading.Lock, held: object) -> bool:
        """Wait for the thread that makes a page, and take over its lock; False when it takes too long."""
        if lock.acquire(timeout=_FOLLOWS_SECONDS):
            return True
        if held or not self._following.acquire(blocking=False):
            return False
        try:
            return lock.acquire(timeout=_FOLLOWS_ANEW_SECONDS)
        finally:
            self._following.release()

    def _renewed(
        self, key: object, version: Callable[[], object], render: Callable[[], StoredPage]
    ) -> tuple[float, object, StoredPage]:
        held = self._pages.get(key)
        if _is_fresh(held):
            return cast(tuple[float, object, StoredPage], held)
        try:
            current = (frame_version(), version())
            page = held[2] if held and held[1] == current else render()
        except Busy:
            if held:
                return held
            raise
        except BaseException:
            self._forget(key)
            raise
        entry = (time.monotonic() + FRESH_SECONDS, current, page)
        self._keep(key, entry)
        return entry

    def clear(self) -> None:
        """Forget all pages, for tests and after a restore."""
        with self._guard:
            self._pages.clear()
            self._bytes = 0

    def _forget(self, key: object) -> None:
        # Else every made-up address would leave a lock behind.
        with self._guard:
            self._drop(key)
            self._busy.pop(key, None)

    def _keep(self, key: object, entry: tuple[float, object, StoredPage]) -> None:
        with self._guard:
            self._drop(key)
            self._pages[key] = entry
            self._bytes += entry[2].size
            while len(self._pages) > _LARGEST_CACHE or self._bytes > _LARGEST_CACHE_BYTES:
                oldest = next(iter(self._pages))
                self._drop(oldest)
                self._busy.pop(oldest, None)

    def _drop(self, key: object) -> None:
        dropped = self._pages.pop(key, None)
        self._bytes -= dropped[2].size if dropped else 0


def frame_version() -> object:
    """The version of what every page shows; with another one every page is made anew."""
    if not has_app_context():
        return None
    found = tuple(version() for version in frame_versions.answers())
    current_app.extensions[_FRAME] = found
    return found


def last_frame_version(app: Flask) -> object:
    """The version that this process has seen last, for the front, which asks no database."""
    return app.extensions.get(_FRAME)


def _is_fresh(held: tuple[float, object, StoredPage] | None) -> bool:
    return held is not None and held[0] > time.monotonic()


def _note(until: float) -> None:
    """Remember until when the pages that this answer is made of are fresh."""
    if has_request_context():
        request.environ[_OF_PAGES] = min(request.environ.get(_OF_PAGES, until), until)


def _vouch() -> None:
    """Let the front keep this answer for as long as its page is fresh."""
    if until := request.environ.get(_OF_PAGES):
        request.environ[FRESH_UNTIL] = until


def page_cache() -> PageCache:
    """The cache of this process."""
    return cast(PageCache, current_app.extensions["page_cache"])


def init_app(app: Flask) -> None:
    """Give the app its cache."""
    app.extensions["page_cache"] = PageCache(max(1, app.extensions["settings"].web_threads // 2))
