"""What a process remembers for a time."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask

from campaign.core.remembered import Remembered, forget_all


@pytest.fixture
def app() -> Flask:
    """An app without rooms."""
    return Flask(__name__)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds by which the clock is moved on, in its last place."""
    by, clock = [0.0], time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + by[-1])
    return by


def test_a_value_is_remembered_for_its_seconds_and_then_only_as_a_stale_one(
    app: Flask, moved: list[float]
) -> None:
    names: Remembered[str, bool] = Remembered("names", seconds=5)
    with app.app_context():
        assert names.get("one") is None
        assert names.put("one", False) is False
        assert names.get("one") is False
        moved.append(5.1)
        assert names.get("one") is None and names.get_all(["one"]) == {}
        assert names.stale("one") is False and names.stale("two") is None


def test_without_seconds_it_lasts_as_long_as_the_process(app: Flask, moved: list[float]) -> None:
    places: Remembered[int, int] = Remembered("places", seconds=None)
    with app.app_context():
        places.put_all({1: 10, 2: 20})
        moved.append(1e9)
        assert places.get_all([1, 2, 3]) == {1: 10, 2: 20}


def test_one_value_all_of_them_or_everything_is_forgotten(app: Flask) -> None:
    few: Remembered[str, int] = Remembered("few", seconds=60)
    others: Remembered[str, int] = Remembered("others", seconds=60)
    with app.app_context():
        few.put_all({"one": 1, "two": 2})
        others.put("three", 3)
        few.forget("one")
        assert few.get_all(["one", "two"]) == {"two": 2}
        few.forget()
        assert few.get("two") is None and others.get("three") == 3
        forget_all(app)
        assert others.stale("three") is None


def test_apps_share_nothing(app: Flask) -> None:
    names: Remembered[str, int] = Remembered("names", seconds=60)
    with app.app_context():
        names.put("one", 1)
    with Flask("another").app_context():
        assert names.get("one") is None


def test_memory_does_not_grow_without_end(app: Flask) -> None:
    few: Remembered[int, int] = Remembered("few", seconds=60, most=10)
    with app.app_context():
        for number in range(100):
            few.put(number, number)
        assert len(few.get_all(range(100))) <= 11


def test_threads_that_put_and_forget_at_once_lose_nothing_else(app: Flask) -> None:
    names: Remembered[int, int] = Remembered("names", seconds=60)

    def work(start: int) -> None:
        with app.app_context():
            for number in range(start, start + 500):
                assert names.put(number, number) == number
                if number % 2:
                    names.forget(number)

    threads = [threading.Thread(target=work, args=(1_000 * number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        kept = names.get_all(range(8_000))
    assert len(kept) == 8 * 250 and not any(number % 2 for number in kept)
