"""S31, in one process: whoever waits for costly work waits for a bounded time, in a bounded number."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from campaign.core import page_cache as module
from campaign.core.page_cache import PageCache, StoredPage
from campaign.core.places import Busy, Places


def _page(text: str) -> StoredPage:
    return StoredPage.of(text.encode(), "text/plain")


class _Slow:
    """A page that is made in a thread of its own, until it is let go."""

    def __init__(self, cache: PageCache, version: int = 1) -> None:
        self._go, self.begun = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=cache.get, args=("key", lambda: version, self._render))
        self.thread.start()
        assert self.begun.wait(5)

    def _render(self) -> StoredPage:
        self.begun.set()
        self._go.wait(20)
        return _page("new")

    def end(self) -> None:
        self._go.set()
        self.thread.join(5)


def _never() -> StoredPage:
    raise AssertionError("made by a follower")


def _text(page: StoredPage) -> bytes:
    return page.bodies["identity"]


def test_whoever_follows_a_slow_page_gets_the_one_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRESH_SECONDS", 0)
    monkeypatch.setattr(module, "_FOLLOWS_SECONDS", 0.01)
    cache = PageCache()
    cache.get("key", lambda: 1, lambda: _page("old"))
    slow = _Slow(cache, version=2)
    assert _text(cache.get("key", lambda: 2, _never)) == b"old"
    slow.end()
    assert _text(cache.get("key", lambda: 2, _never)) == b"new"


def test_without_one_it_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FOLLOWS_SECONDS", 0.01)
    monkeypatch.setattr(module, "_FOLLOWS_ANEW_SECONDS", 0.01)
    cache = PageCache()
    slow = _Slow(cache)
    with pytest.raises(Busy):
        cache.get("key", lambda: 1, _never)
    slow.end()
    assert _text(cache.get("key", lambda: 1, _never)) == b"new"


def test_only_so_many_threads_follow_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FOLLOWS_SECONDS", 0.01)
    monkeypatch.setattr(module, "_FOLLOWS_ANEW_SECONDS", 20)
    cache = PageCache(most_following=1)
    slow = _Slow(cache)
    follower = threading.Thread(target=cache.get, args=("key", lambda: 1, _never))
    follower.start()
    while cache._following._value:
        time.sleep(0.01)
    with pytest.raises(Busy):
        cache.get("key", lambda: 1, _never)
    slow.end()
    follower.join(5)


def test_a_page_that_finds_no_place_to_be_made_leaves_the_one_of_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy() -> StoredPage:
        raise Busy

    monkeypatch.setattr(module, "FRESH_SECONDS", 0)
    cache = PageCache()
    cache.get("key", lambda: 1, lambda: _page("old"))
    assert _text(cache.get("key", lambda: 2, busy)) == b"old"
    with pytest.raises(Busy):
        cache.get("other", lambda: 2, busy)


def _hold(places: Places) -> tuple[threading.Thread, Callable[[], None]]:
    go, inside = threading.Event(), threading.Event()

    def work() -> None:
        with places.taken():
            inside.set()
            go.wait(20)

    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(5)
    return thread, go.set


def test_costly_work_has_so_many_places_and_whoever_waits_too_long_is_sent_away() -> None:
    places = Places(at_once=1, waiting=1, seconds=0.01)
    thread, end = _hold(places)
    with pytest.raises(Busy), places.taken():
        raise AssertionError("two at once")
    end()
    thread.join(5)
    with places.taken():
        pass


def test_nobody_waits_where_the_places_to_wait_are_taken() -> None:
    places = Places(at_once=1, waiting=0, seconds=1_000)
    thread, end = _hold(places)
    with pytest.raises(Busy), places.taken():
        raise AssertionError("two at once")
    end()
    thread.join(5)
