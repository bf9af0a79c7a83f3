"""The names under which the site answers: its own, so that no page is made, and no cache filled, under a name
that somebody else chose.

Under the neutral host of the links in mails (LINK_URL) it serves what mails lead to and nothing else, and
nothing that it says there names the site: whoever looks at the address in a mailbox finds no campaign there.
"""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, has_request_context, request
from werkzeug.exceptions import BadRequest

from campaign.config import Settings, origin_of

# Monitoring may request it under any name, such as the address of its machine.
_UNDER_ANY_NAME = {"/healthz", "/readyz"}
# What mails lead to, and the files of those pages. A number under /u/ is a page of the site.
_NEUTRAL_PAGES = re.compile(r"/(?:(?:c|i|static)/.+|code|check-your-mail|u/(?!\d+/?$)[^/]+)")


class ForeignHost(BadRequest):
    """The request names a host that is not one of ours."""


def refuse_foreign_hosts() -> None:
    """Raise ForeignHost unless the request came under a name of ours; under that of the neutral host,
    NotFound for a page that it does not serve.

    Flask's TRUSTED_HOSTS is not used: it also refuses the health addresses, and leaves the page that says so
    without any link.
    """
    if request.path in _UNDER_ANY_NAME:
        return
    if _name(request.host) not in cast(frozenset[str], current_app.extensions["hosts"]):
        raise ForeignHost
    if on_neutral_host() and not _NEUTRAL_PAGES.fullmatch(request.path):
        abort(404)


def on_neutral_host() -> bool:
    """True where this request came to the neutral host of the links in mails, if there is one."""
    neutral = current_app.extensions["neutral_host"]
    return has_request_context() and neutral is not None and _name(request.host) == neutral


def on_own_host() -> bool:
    """True where this request came to a name of the site, which its answer may then name: not to the neutral
    host, nor to the bare address of the machine.
    """
    return has_request_context() and _name(request.host) in current_app.extensions["own_hosts"]


def is_own_host(app: Flask, host: str) -> bool:
    """The same of a Host header, for the front, which answers some requests without the app."""
    return _name(host) in app.extensions.get("own_hosts", ())


def beyond_neutral_host(address: str) -> str:
    """An address from url_for() that can be opened from this page: on the neutral host, pages of the site are
    elsewhere.
    """
    if not address.startswith("/") or not has_request_context() or not on_neutral_host():
        return address
    path = urlsplit(address).path
    own = request.script_root
    if _NEUTRAL_PAGES.fullmatch(path.removeprefix(own) if own else path):
        return address
    return origin_of(cast(Settings, current_app.extensions["settings"]).site_url) + address


def _name(host: str) -> str:
    """`[::1]:8000` to `::1`. Werkzeug has made sure of its form, and leaves it empty otherwise."""
    name, _colon, port = host.rpartition(":")
    return (name if port.isdecimal() else host).strip("[]").rstrip(".").lower()


def _neutral_name(settings: Settings) -> str | None:
    """The name of the neutral host; None where links lead to the site itself, or to another port of its
    machine.
    """
    name, site, onion = (
        settings.host_of(url) for url in (settings.link_url, settings.site_url, settings.onion_url)
    )
    return name if name not in (site, onion) else None


def init_app(app: Flask) -> None:
    """Bind the guard."""
    settings = cast(Settings, app.extensions["settings"])
    neutral = _neutral_name(settings)
    app.extensions |= {
        "hosts": settings.hosts,
        "neutral_host": neutral,
        "own_hosts": settings.hosts - {neutral},
    }
    app.before_request(refuse_foreign_hosts)
