"""The WSGI environment that the front makes of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from campaign.front.environ import Unreadable, environ_of


@dataclass
class _Headers:
    lines: list[tuple[str, str]]
    unreadable: tuple[str, ...] = ()

    def items(self) -> list[tuple[str, str]]:
        return self.lines

    def keys(self) -> list[str]:
        return [*(name for name, _value in self.lines), *self.unreadable]

    def get(self, key: str, default: Any = None) -> Any:
        return next(iter(self.get_all(key)), default)

    def get_all(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]


@dataclass
class _Scope:
    headers: _Headers = field(default_factory=lambda: _Headers([("host", "sign.example")]))
    path: str = "/"
    query_string: str = ""
    client: str = "198.51.100.7:4711"
    server: str = "127.0.0.1:8000"
    http_version: str = "1.1"
    scheme: str = "http"
    method: str = "GET"
    authority: str | None = None


def _of(*lines: tuple[str, str], **changes: Any) -> dict[str, Any]:
    return environ_of(_Scope(_Headers([("host", "sign.example"), *lines]), **changes), None)


def test_it_names_visitor_host_and_address() -> None:
    environ = _of(client="[2001:db8::1]:4711", path="/be/s/x", query_string="q=%D0%B1")
    assert environ["REMOTE_ADDR"] == "2001:db8::1"
    assert (environ["HTTP_HOST"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "sign.example",
        "127.0.0.1",
        "8000",
    )
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/be/s/x", "q=%D0%B1")
    assert (environ["SERVER_PROTOCOL"], environ["wsgi.url_scheme"]) == ("HTTP/1.1", "http")


def test_the_bytes_of_a_path_are_one_character_each() -> None:
    assert _of(path="/б")["PATH_INFO"] == "/\xd0\xb1"


def test_the_host_of_a_whole_address_comes_first() -> None:
    assert _of(authority="other.example")["HTTP_HOST"] == "other.example"


def test_lines_of_one_header_are_joined_and_cookies_as_cookies() -> None:
    environ = _of(
        ("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2"), ("cookie", "a=1"), ("cookie", "b=2")
    )
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_an_underscore_passes_for_no_hyphen() -> None:
    assert "HTTP_X_FORWARDED_FOR" not in _of(("x_forwarded_for", "1.1.1.1"))


def test_two_hosts_and_an_unreadable_proxy_are_refused() -> None:
    with pytest.raises(Unreadable):
        _of(("host", "other.example"))
    with pytest.raises(Unreadable):
        environ_of(_Scope(_Headers([], unreadable=("x-forwarded-for",))), None)
    assert environ_of(_Scope(_Headers([], unreadable=("x-city",))), None)


def test_a_body_has_the_length_that_came_however_it_was_sent() -> None:
    chunked = _Scope(_Headers([("transfer-encoding", "chunked"), ("content-type", "text/plain")]))
    environ = environ_of(chunked, b"abc")
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("3", "text/plain")
    assert "HTTP_TRANSFER_ENCODING" not in environ
    assert environ["wsgi.input"].read() == b"abc"
    refused = environ_of(chunked, None, 2_000_000)
    assert (refused["CONTENT_LENGTH"], refused["wsgi.input"].read()) == ("2000000", b"")
    assert "CONTENT_LENGTH" not in environ_of(_Scope(), None)
