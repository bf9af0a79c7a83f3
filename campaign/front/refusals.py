"""The pages of the front's own refusals, made beforehand: when they are needed no thread is free."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import product
from urllib.parse import urlsplit

from flask import Flask

from campaign.config import LANGUAGES
from campaign.core.language import split_prefix
from campaign.core.page_cache import frame_version, last_frame_version
from campaign.core.refusals import REFUSED
from campaign.front.answers import FrontAnswer, answer_of

_STATUSES = (408, 503)
# Never one of ours (RFC 6761, 6.4).
_NOBODYS_HOST = "host.invalid"
_BUSY_SECONDS = "10"
_PLAIN = "We can't answer just now. Please try again in a minute."
_LAST = [("Connection", "close"), ("Cache-Control", "no-store")]


class Refusals:
    """A page for each status and language, with the site's name and without; plain words until they are
    made.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[int, str, bool], FrontAnswer] = {}
        self._made_of: object = None

    def make(self, app: Flask) -> None:
        """Make all pages, in a thread."""
        with app.app_context():
            self._made_of = frame_version()
        for status, language, named in product(_STATUSES, ("", *LANGUAGES), (True, False)):
            made = answer_of(app, _environ(app, status, language, named=named))
            headers = [*_kept(made), *_LAST, *_retry(status)]
            self._pages[status, language, named] = FrontAnswer(status, headers, made.body)

    def are_outdated(self, app: Flask) -> bool:
        """True once the app has seen that the site was changed, by its name or looks; then not again until
        the next change.
        """
        seen = last_frame_version(app)
        if seen is None or self._made_of is None or seen == self._made_of:
            return False
        self._made_of = seen
        return True

    def page(self, status: int, path: str, *, named: bool) -> FrontAnswer:
        """The page of a status in the language of this path, with the site's name or without. Its connection
        ends with it.
        """
        language = split_prefix(path)[0]
        plain = [("Content-Type", "text/plain; charset=utf-8"), *_LAST, *_retry(status)]
        return self._pages.get((status, language, named)) or FrontAnswer(status, plain, _PLAIN.encode())


def _kept(made: FrontAnswer) -> Iterator[tuple[str, str]]:
    ours = {name.lower() for name, _value in _LAST} | {"content-length", "retry-after"}
    return ((name, value) for name, value in made.headers if name.lower() not in ours)


def _retry(status: int) -> list[tuple[str, str]]:
    return [("Retry-After", _BUSY_SECONDS)] if status == 503 else []


def _environ(app: Flask, status: int, language: str, *, named: bool) -> dict[str, object]:
    site = urlsplit(app.extensions["settings"].site_url)
    prefix = f"/{language}" if language else ""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": f"{prefix}/",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or 80),
        "HTTP_HOST": site.netloc if named else _NOBODYS_HOST,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        REFUSED: status,
    }
