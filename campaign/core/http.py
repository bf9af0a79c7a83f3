"""Headers of every response, the guard of every form, addresses of static files, and the cache of public pages."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeVar, cast
from urllib.parse import urlsplit

import brotli
from flask import Flask, Request, Response, abort, current_app, request

from campaign.config import Settings, origin_of
from campaign.extensions import csrf

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
TEAM_PREFIX = "/desk"
# What a page may be late by: the fold takes 0.5 s, this 0.5 s, the poll 1 s, and 2 s are promised.
FRESH_SECONDS = 0.5
_LARGEST_CACHE = 2_000
_LARGEST_CACHE_BYTES = 64_000_000
_COMPRESSIBLE_FROM = 600
_STATIC_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain",
}


def settings() -> Settings:
    """The settings of the running app."""
    return cast(Settings, current_app.extensions["settings"])


def is_team_request() -> bool:
    """True under /desk/, the only place with a session."""
    path = request.path
    return path.startswith(TEAM_PREFIX) and (len(path) == len(TEAM_PREFIX) or path[len(TEAM_PREFIX)] == "/")


def guard_origin() -> None:
    """Refuse forms that another site posted: by CSRF token for the team, by the browser's own word for signers.

    Signers have no cookie that a token could be tied to, so `Sec-Fetch-Site` decides where sent, else `Origin`
    (Fetch Metadata, W3C; RFC 6454). A request with neither is refused. Aborts with 400 (CSRFError) or 403.
    """
    if request.method in SAFE_METHODS or getattr(current_app.view_functions.get(request.endpoint or ""), "is_one_click", False):
        return
    if is_team_request():
        csrf.protect()
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    allowed = site == "same-origin" if site else origin in settings().origins
    if not allowed:
        abort(403, "cross-site")


class UploadInMemory(Request):
    """Keeps uploaded files in memory, where werkzeug writes large ones to the disk: lists of names would be found there later."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> IO[bytes]:
        return BytesIO()


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let the body of requests to a view be as large as `size` bytes, where a file is uploaded. Stands below the route, above all else."""

    def marked(view: View) -> View:
        cast(Any, view).largest_body = size
        return view

    return marked


def one_click(view: View) -> View:
    """Let programs for mail post to a view without the word of a browser (RFC 8058): its token alone decides. Stands below the route."""
    cast(Any, view).is_one_click = True
    return view


def bound_body() -> None:
    """Let some views take more, and refuse what is larger also where no view would read it. Aborts with 413."""
    view = current_app.view_functions.get(request.endpoint or "")
    if size := getattr(view, "largest_body", None):
        request.max_content_length = request.max_form_memory_size = size
    if (request.content_length or 0) > (request.max_content_length or 0):
        abort(413)


def refuse_nul() -> None:
    """No address of ours has a NUL in it, and PostgreSQL can't compare one. Aborts with 400."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)


def content_policy() -> str:
    """The Content-Security-Policy of our pages. Forms may lead on to the neutral host of the links."""
    forms = " ".join(sorted({"'self'", *(origin_of(url) for url in (settings().site_url, settings().link_url))}, reverse=True))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )


def fixed_headers() -> list[tuple[str, str]]:
    """The security headers that every response carries alike."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        # Not no-referrer, with which browsers send `Origin: null` and the guard above would refuse every form.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()"),
    ]
    if settings().site_url.startswith("https://"):
        headers.append(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    return headers


def add_headers(response: Response) -> Response:
    """Security headers on every response; team pages are never stored."""
    headers = response.headers
    extensions = current_app.extensions
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = extensions["content_policy"]
    headers.extend(extensions["fixed_headers"])
    if settings().onion_url and response.mimetype == "text/html" and request.host == extensions["site_host"]:
        # Tor Browser offers the same page without leaving Tor. Never from the neutral host of the links: it must not lead here.
        headers["Onion-Location"] = settings().onion_url + request.script_root + request.full_path.removesuffix("?")
    if is_team_request():
        headers["Cache-Control"] = "no-store"
    return response


def embeddable(response: Response) -> Response:
    """For what partners show within their own pages: any site may frame it. It has no form and no script."""
    own = "style-src 'self'; img-src 'self'; font-src 'self'"
    response.headers["Content-Security-Policy"] = f"default-src 'none'; {own}; form-action 'none'; base-uri 'none'; frame-ancestors *"
    return response


def never_stored(response: Response) -> Response:
    """For pages behind a token: neither browsers nor proxies nor search engines keep them."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A rendered body in every encoding, with its ETag.

    `mark` is the version that the page itself names, if it does; `texts` are the languages in which there is one of the text.
    """

    etag: str
    mimetype: str
    bodies: dict[str, bytes]
    mark: str = ""
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, body: bytes, mimetype: str, *, quick: bool = False, mark: str = "", texts: tuple[str, ...] = ()) -> StoredPage:
        """Compress `body` once for all who ask; `quick` for what changes every second."""
        bodies = {"identity": body}
        if len(body) >= _COMPRESSIBLE_FROM:
            bodies["gzip"] = gzip.compress(body, 6 if quick else 9, mtime=0)
            bodies["br"] = brotli.compress(body, quality=5 if quick else 11)
        return cls(hashlib.sha256(body).hexdigest()[:20], mimetype, bodies, mark, texts)

    @property
    def size(self) -> int:
        """The bytes of all its bodies."""
        return sum(map(len, self.bodies.values()))

    def response(self, cache_control: str = "public, no-cache") -> Response:
        """The full answer, or 304 when the browser has it already."""
        headers = {"Cache-Control": cache_control, "ETag": f'"{self.etag}"', "Vary": "Accept-Encoding"}
        if self.etag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        accepted = request.accept_encodings
        encoding = next((name for name in ("br", "gzip") if name in self.bodies and accepted.quality(name) > 0), "identity")
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return Response(self.bodies[encoding], headers=headers, mimetype=self.mimetype)


class PageCache:
    """Public pages, the same for everyone. A page is checked for a new version every half second, by one thread.

    Thread-safe. `version` is cheap and says whether the stored page still holds; `render` makes it anew. Keys are made of what is known
    to exist, never of what somebody typed; and a page must not repeat what only its first visitor typed (language.link_as).
    """

    def __init__(self) -> None:
        self._pages: OrderedDict[object, tuple[float, object, StoredPage]] = OrderedDict()
        self._busy: dict[object, threading.Lock] = {}
        self._guard = threading.Lock()
        self._bytes = 0

    def get(self, key: object, version: Callable[[], object], render: Callable[[], StoredPage]) -> StoredPage:
        """The page under `key`, at most FRESH_SECONDS old. What `version` or `render` raise passes through."""
        held = self._pages.get(key)
        if held and held[0] > time.monotonic():
            return held[2]
        with self._guard:
            lock = self._busy.setdefault(key, threading.Lock())
        with lock:
            held = self._pages.get(key)
            if held and held[0] > time.monotonic():
                return held[2]
            try:
                current = version()
                page = held[2] if held and held[1] == current else render()
            except BaseException:
                self._forget(key)
                raise
            self._keep(key, (time.monotonic() + FRESH_SECONDS, current, page))
        return page

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


def page_cache() -> PageCache:
    """The cache of this process."""
    return cast(PageCache, current_app.extensions["page_cache"])


def _static_file(name: str) -> StoredPage | None:
    """A file of static/ by its exact name: a made-up one costs neither memory nor a look at the disk."""
    root = cast(str, current_app.extensions["static_root"])
    return _stored_file(root, name) if name in _static_names(root) else None


@cache
def _static_names(folder: str) -> frozenset[str]:
    files = (path for path in Path(folder).rglob("*") if path.is_file() and path.suffix in _STATIC_TYPES)
    return frozenset(path.relative_to(folder).as_posix() for path in files)


@cache
def _stored_file(folder: str, name: str) -> StoredPage:
    path = Path(folder) / name
    stored = StoredPage.of(path.read_bytes(), _STATIC_TYPES[path.suffix])
    # A font is compressed in itself.
    return stored if path.suffix != ".woff2" else StoredPage(stored.etag, stored.mimetype, {"identity": stored.bodies["identity"]})


def serve_static(name: str) -> Response:
    """A file of static/, compressed, for a year when the address carries its digest."""
    stored = _static_file(name)
    if stored is None:
        abort(404)
    dated = request.args.get("v") == stored.etag[:10]
    return stored.response("public, max-age=31536000, immutable" if dated else "public, no-cache")


def static_url(name: str) -> str:
    """The address of a static file, with the digest of its content, without a language prefix."""
    stored = _static_file(name)
    return f"/static/{name}?v={stored.etag[:10]}" if stored else f"/static/{name}"


def init_app(app: Flask) -> None:
    """Bind guard, headers, cache and static files."""
    root = Path(app.root_path).parent / "static"
    app.request_class = UploadInMemory
    app.extensions |= {"page_cache": PageCache(), "static_root": str(root)}
    with app.app_context():
        app.extensions |= {"content_policy": content_policy(), "fixed_headers": fixed_headers(), "site_host": urlsplit(settings().site_url).netloc}
    app.before_request(refuse_nul)
    app.before_request(bound_body)
    app.before_request(guard_origin)
    app.after_request(add_headers)
    app.add_url_rule("/static/<path:name>", "static", serve_static)
    app.jinja_env.globals["static_url"] = static_url
