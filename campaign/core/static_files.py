"""Files of static/ and their addresses, which carry the digest of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

from flask import Flask, Response, abort, current_app, request

from campaign.core.hosts import on_own_host
from campaign.core.page_cache import StoredPage
from campaign.core.registration import Registry

_STATIC_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
    ".txt": "text/plain",
}


# Where browsers look for an icon on their own: in a page without one, in a bookmark, on a phone's screen.
_ICONS = {
    "/favicon.ico": "icon.ico",
    "/apple-touch-icon.png": "icon.png",
    "/apple-touch-icon-precomposed.png": "icon.png",
}


# The site's own file in place of one of these, or None: answered by a room above.
own_icons: Registry[Callable[[str], StoredPage | None]] = Registry("icons of the site")


def _static_file(name: str) -> StoredPage | None:
    """A file of static/ by its exact name: a made-up name costs neither memory nor a look at the disk."""
    root = cast(str, current_app.extensions["static_root"])
    return _stored_file(root, name) if name in _static_names(root) else None


@cache
def _static_names(folder: str) -> frozenset[str]:
    files = (path for path in Path(folder).rglob("*") if path.is_file() and path.suffix in _STATIC_TYPES)
    return frozenset(path.relative_to(folder).as_posix() for path in files)


@cache
def _stored_file(folder: str, name: str) -> StoredPage:
    path = Path(folder) / name
    body = path.read_bytes()
    stored = StoredPage.of(body, _STATIC_TYPES[path.suffix])
    # Part of addresses: the same on every machine and under every key.
    etag = hashlib.sha256(body).hexdigest()[:20]
    # A font is already compressed.
    bodies = stored.bodies if path.suffix != ".woff2" else {"identity": body}
    return StoredPage(etag, stored.mimetype, bodies)


def serve_static(name: str) -> Response:
    """Serve a file of static/, compressed, for a year when the address carries its digest."""
    stored = _static_file(name)
    if stored is None:
        abort(404)
    dated = request.args.get("v") == stored.etag[:10]
    return stored.response("public, max-age=31536000, immutable" if dated else "public, no-cache")


def serve_icon() -> Response:
    """Serve the icon of the site at an address that browsers know by heart, for a day: its own one only under
    its own name.
    """
    name = _ICONS[request.path]
    own = [icon for answer in own_icons.answers() if (icon := answer(name))] if on_own_host() else []
    stored = own[0] if own else _static_file(name)
    return stored.response("public, max-age=86400") if stored else abort(404)


def static_url(name: str) -> str:
    """The address of a static file, with the digest of its content, without a language prefix."""
    stored = _static_file(name)
    return f"/static/{name}?v={stored.etag[:10]}" if stored else f"/static/{name}"


def init_app(app: Flask) -> None:
    """Serve static files, and let templates name them."""
    app.extensions["static_root"] = str(Path(app.root_path).parent / "static")
    app.add_url_rule("/static/<path:name>", "static", serve_static)
    for address in _ICONS:
        app.add_url_rule(address, f"icon_{address.strip('/').partition('.')[0]}", serve_icon)
    app.jinja_env.globals["static_url"] = static_url
