"""Public pages are rendered once for all who ask, and never older than promised."""

from __future__ import annotations

import gzip
import threading
import time

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core import page_cache, static_files
from campaign.core.page_cache import FRESH_SECONDS, PageCache, StoredPage
from tests.support import Campaign

LONG = b"<p>Free them all</p>" * 200


class Clock:
    """A monotonic clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


class Source:
    """A page with a version, which counts how often it is asked and rendered."""

    def __init__(self) -> None:
        self.version, self.asked, self.rendered = 1, 0, 0

    def ask(self) -> int:
        self.asked += 1
        return self.version

    def render(self) -> StoredPage:
        self.rendered += 1
        return StoredPage.of(f"version {self.version}".encode(), "text/html")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(page_cache, "time", moved)
    return moved


def _body(cache: PageCache, source: Source, key: str = "page") -> bytes:
    return cache.get(key, source.ask, source.render).bodies["identity"]


def test_eight_threads_at_once_render_a_page_once() -> None:
    cache, source, start = PageCache(), Source(), threading.Barrier(8)
    bodies: list[bytes] = []

    def slowly() -> StoredPage:
        time.sleep(0.05)
        return source.render()

    def ask() -> None:
        start.wait()
        bodies.append(cache.get("page", source.ask, slowly).bodies["identity"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (source.rendered, bodies) == (1, [b"version 1"] * 8)


def test_a_new_version_is_seen_after_half_a_second_and_not_asked_for_before(clock: Clock) -> None:
    cache, source = PageCache(), Source()
    assert _body(cache, source) == b"version 1"
    source.version = 2
    clock.at += FRESH_SECONDS - 0.01
    assert (_body(cache, source), source.asked) == (b"version 1", 1)
    clock.at += 0.02
    assert (_body(cache, source), source.asked) == (b"version 2", 2)


def test_an_unchanged_page_is_not_rendered_again(clock: Clock) -> None:
    cache, source = PageCache(), Source()
    for _ in range(5):
        _body(cache, source)
        clock.at += 10
    assert (source.asked, source.rendered) == (5, 1)


def test_each_key_has_its_own_page(clock: Clock) -> None:
    cache, one, other = PageCache(), Source(), Source()
    other.version = 7
    assert (_body(cache, one, "one"), _body(cache, other, "other")) == (b"version 1", b"version 7")


def test_a_failure_is_passed_on_and_not_kept(clock: Clock) -> None:
    cache, source = PageCache(), Source()

    def fail() -> StoredPage:
        raise LookupError

    with pytest.raises(LookupError):
        cache.get("page", source.ask, fail)
    assert _body(cache, source) == b"version 1"


def test_made_up_addresses_leave_nothing_behind(app: Flask, client: FlaskClient) -> None:
    cache: PageCache = app.extensions["page_cache"]
    before = len(cache._busy)
    for number in range(20):
        assert client.get(f"/s/nothing-{number}").status_code == 404
    assert (len(cache._busy), len(cache._pages)) == (before, 0)


def test_the_cache_does_not_grow_without_end(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_LARGEST_CACHE", 10)
    cache, source = PageCache(), Source()
    for number in range(100):
        _body(cache, source, str(number))
    assert (len(cache._pages), len(cache._busy)) == (10, 10)


def test_the_cache_does_not_hold_more_bytes_than_it_may(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "_LARGEST_CACHE_BYTES", 1_000)
    cache, kept = PageCache(), 0
    for number in range(50):
        page = StoredPage("etag", "text/html", {"identity": b"x" * 100, "br": b"x" * 50})
        assert cache.get(number, lambda: 1, lambda page=page: page) is page  # type: ignore[misc]
        kept = sum(held[2].size for held in cache._pages.values())
        assert cache._bytes == kept <= 1_000
    assert (len(cache._pages), len(cache._busy), list(cache._pages)[-1]) == (6, 6, 49)
    clock.at += 10
    cache.get(49, lambda: 2, lambda: StoredPage("etag", "text/html", {"identity": b""}))
    assert cache._bytes == kept - 150
    cache.get(
        "larger than all", lambda: 1, lambda: StoredPage("etag", "text/html", {"identity": b"x" * 1_001})
    )
    assert (cache._bytes, len(cache._pages), len(cache._busy)) == (0, 0, 0)


def test_a_page_is_sent_in_the_encoding_that_the_browser_takes(app: Flask) -> None:
    page = StoredPage.of(LONG, "text/html")
    decoders = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    for accepted, sent in {"gzip, deflate, br": "br", "gzip": "gzip", "identity": "", "": ""}.items():
        with app.test_request_context(headers={"Accept-Encoding": accepted}):
            response = page.response()
        assert response.headers.get("Content-Encoding", "") == sent
        assert decoders[sent](response.data) == LONG
        assert response.headers["Vary"] == "Accept-Encoding"


def test_an_encoding_that_is_refused_with_a_quality_of_zero_is_not_sent(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Encoding": "br;q=0, gzip"}):
        response = StoredPage.of(LONG, "text/html").response()
    assert response.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    ["/", "/s/free", "/s/free/live", "/s/free/live.json", "/api/v1/statements", "/static/css/base.css"],
)
def test_who_has_the_page_already_gets_304_until_it_changes(
    campaign: Campaign, client: FlaskClient, path: str
) -> None:
    campaign.statement()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == first.data


def test_a_signature_changes_the_etag_of_the_page(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    before = client.get("/s/free").headers["ETag"]
    campaign.signed()
    assert client.get("/s/free", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "../campaign/config.py",
        "..%2fwsgi.py",
        "css/../../wsgi.py",
        "fonts/README.md",
        "css",
        "./css/base.css",
        "nothing.css",
        "%00.css",
        "/etc/passwd",
    ],
)
def test_only_files_of_the_static_folder_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (400, 404, 308)


def test_a_static_address_with_its_digest_is_kept_for_a_year(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        url = static_files.static_url("css/base.css")
    assert client.get(url).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/css/base.css?v=0000000000").headers["Cache-Control"] == "public, no-cache"
