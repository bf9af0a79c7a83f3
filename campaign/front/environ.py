"""The WSGI environment (PEP 3333) of a request that came by RSGI."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Several lines of one header are one line with commas (RFC 9110, 5.3); cookies are the exception.
_JOINED_BY = {"cookie": "; "}
_OF_THE_BODY = {"content-length", "transfer-encoding"}
# Says where a visitor comes from. One that can't be read must not be overlooked: all limits would be.
_FORWARDED = "x-forwarded-"


class Headers(Protocol):
    """The headers of a request, as granian has them: names in lower case, in the order in which they came."""

    def items(self) -> list[tuple[str, str]]:
        """Every line that is ASCII."""

    def keys(self) -> list[str]:
        """Every name, also of lines that are not."""

    def get(self, key: str, default: Any = None) -> Any:
        """The first line of this name."""

    def get_all(self, key: str) -> list[str]:
        """All lines of this name that are ASCII."""


class RequestScope(Protocol):
    """A request, as RSGI describes it. `path` is percent-decoded as UTF-8, what is none as U+FFFD."""

    http_version: str
    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None

    @property
    def headers(self) -> Headers:
        """Its headers."""


class Unreadable(Exception):
    """Two hosts, or a proxy's header that is not ASCII: no answer could be right."""


def environ_of(scope: RequestScope, body: bytes | None, declared: int | None = None) -> WSGIEnvironment:
    """The environment of a request whose whole body is here; `body` is None where it has none.

    `declared` is the length of a body that was refused unread. Raises Unreadable.
    """
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(scope.path),
        "QUERY_STRING": _latin(scope.query_string),
        "SERVER_PROTOCOL": "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": _host(scope.client),
        "SERVER_NAME": _host(scope.server),
        "SERVER_PORT": scope.server.rpartition(":")[2] or "80",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body or b""),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    _add_headers(environ, scope.headers)
    if scope.authority:
        # The host of an address that was sent whole comes before the header (RFC 9112, 3.2.2).
        environ["HTTP_HOST"] = scope.authority
    if body is not None or declared is not None:
        environ["CONTENT_LENGTH"] = str(len(body or b"") if declared is None else declared)
    return environ


def host_of(scope: RequestScope, hops: int) -> str:
    """The host of a request as the app will see it behind so many proxies of ours."""
    forwarded = ",".join(scope.headers.get_all("x-forwarded-host")).split(",")
    if hops and len(forwarded) >= hops and (host := forwarded[-hops].strip()):
        return host
    return scope.authority or scope.headers.get("host") or ""


def _add_headers(environ: WSGIEnvironment, headers: Headers) -> None:
    for name, value in headers.items():
        # `X_Forwarded_For` would pass for the proxy's `X-Forwarded-For`: in an environment both are one.
        if name in _OF_THE_BODY or "_" in name:
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        if key not in environ:
            environ[key] = value
        elif name == "host":
            raise Unreadable
        else:
            environ[key] = environ[key] + _JOINED_BY.get(name, ",") + value

    for name in headers.keys():  # noqa: SIM118  no mapping
        if name.startswith(_FORWARDED) and not headers.get_all(name):
            raise Unreadable


def _latin(text: str) -> str:
    """The bytes of a text as WSGI carries them: one character for each (PEP 3333, “Unicode Issues”)."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def _host(address: str) -> str:
    """`[::1]:8000` to `::1`; empty behind a socket that has no address."""
    return address.rpartition(":")[0].strip("[]")
