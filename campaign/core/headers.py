"""Headers of every response: what a browser may do with it, and whether it may be stored."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, request

from campaign.config import origin_of
from campaign.core.hosts import on_own_host
from campaign.core.origin import is_team_request
from campaign.core.settings import settings

# RFC 3986: what stands for itself in a path, and in a query, where what is encoded already stays so.
_PATH_SIGNS = "/:@!$&'()*+,;=-._~"
_QUERY_SIGNS = _PATH_SIGNS + "?%[]"


def content_policy(*, neutral: bool = False) -> str:
    """The Content-Security-Policy of our pages. Forms may lead on to the neutral host of the links, and
    from there nowhere: a header names the site as plainly as a link.
    """
    hosts = () if neutral else (settings().site_url, settings().link_url)
    forms = " ".join(sorted({"'self'", *map(origin_of, hosts)}, reverse=True))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )


def fixed_headers() -> list[tuple[str, str]]:
    """The security headers that are the same on every response."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        # Not no-referrer, with which browsers send `Origin: null` and the guard of forms would refuse every
        # form.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()"),
    ]
    if settings().site_url.startswith("https://"):
        headers.append(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    return headers


def add_headers(response: Response) -> Response:
    """Set the security headers on every response; team pages are never stored, and under a name that is not
    the site's nothing names it, or is to be found by a search.
    """
    headers = response.headers
    extensions = current_app.extensions
    neutral = not on_own_host()
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = extensions["neutral_policy" if neutral else "content_policy"]
    if neutral:
        headers["X-Robots-Tag"] = "noindex, nofollow"

    headers.extend(extensions["fixed_headers"])
    if settings().onion_url and _is_page(response) and request.host == extensions["site_host"]:
        # Tor Browser offers the same page without leaving Tor. Never from the neutral host of the links: it
        # must not lead here.
        headers["Onion-Location"] = settings().onion_url + _own_address()

    if is_team_request():
        headers["Cache-Control"] = "no-store"
    return response


def _is_page(response: Response) -> bool:
    return request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"


def _own_address() -> str:
    """The path and query of this request for a header: whatever was sent, no line can end in it."""
    path = quote(request.script_root + request.path, safe=_PATH_SIGNS)
    query = quote(request.query_string, safe=_QUERY_SIGNS)
    return f"{path}?{query}" if query else path


def embeddable(response: Response) -> Response:
    """Let any site frame this response, which partners show within their own pages.

    It has no form and no script.
    """
    own = "style-src 'self'; img-src 'self'; font-src 'self'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; {own}; form-action 'none'; base-uri 'none'; frame-ancestors *"
    )
    return response


def in_our_frame(response: Response) -> Response:
    """Let pages of ours frame this response, as a preview: nothing in it can be sent or run."""
    own = "style-src 'self'; img-src 'self'; font-src 'self'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; {own}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    return response


def with_frames(response: Response) -> Response:
    """Let this response show pages of ours in frames."""
    response.headers["Content-Security-Policy"] = f"{content_policy()}; frame-src 'self'"
    return response


def never_stored(response: Response) -> Response:
    """Keep a page behind a token out of the stores of browsers, proxies and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def init_app(app: Flask) -> None:
    """Bind the headers."""
    with app.app_context():
        app.extensions |= {
            "content_policy": content_policy(),
            "neutral_policy": content_policy(neutral=True),
            "fixed_headers": fixed_headers(),
            "site_host": urlsplit(settings().site_url).netloc,
        }
    app.after_request(add_headers)
