"""Reading under load: the statement page without and with many signatures, and the live fragment."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass

from flask import Flask

from benchmarks.load import load
from benchmarks.stage import get
from benchmarks.table import (
    FEED,
    LIVE,
    LIVE_AFTER,
    LIVE_SAME,
    PAGE,
    PAGE_GROWTH,
    PAGE_TRIVIAL,
    RENDER_FULL,
    RENDER_GROWTH,
    TRIVIAL,
    Measured,
    Results,
    beside,
)


@dataclass(frozen=True, slots=True)
class Slugs:
    """Statements with the same text: `none` has no signatures, `part` a fifth of those of `full`."""

    none: str
    part: str
    full: str


def measure_warm(slugs: Slugs, site: int, bare: int, seconds: int, rounds: int) -> Results:
    """Cached pages in turn, so that all meet the same machine. Needs wrk, and no worker."""
    asked = _addresses(slugs, site, bare)
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(rounds):
        for name, (port, path, status, headers) in asked.items():
            answered = get(port, path, headers)[0]
            if answered != status:
                raise SystemExit(f"{path} is answered with {answered} instead of {status}.")
            rates[name].append(load(port, path, seconds, headers).rate)

    middle = {name: Measured(statistics.median(found)) for name, found in rates.items()}

    return {
        TRIVIAL: middle["trivial"],
        PAGE: middle["full"],
        PAGE_TRIVIAL: beside(rates["full"], rates["trivial"]),
        # The time of a page is one over its rate.
        PAGE_GROWTH: beside(rates["none"], rates["full"]),
        LIVE: middle["live"],
        LIVE_SAME: middle["same"],
        LIVE_AFTER: middle["after"],
        FEED: middle["feed"],
    }


def _addresses(slugs: Slugs, site: int, bare: int) -> dict[str, tuple[int, str, int, dict[str, str]]]:
    """Port, path, expected status, and headers."""
    live = f"/s/{slugs.full}/live"
    version = json.loads(get(site, f"{live}.json")[2])["version"]
    return {
        "trivial": (bare, "/trivial", 200, {}),
        "none": (site, f"/s/{slugs.none}", 200, {}),
        "full": (site, f"/s/{slugs.full}", 200, {}),
        "live": (site, live, 200, {}),
        "same": (site, live, 304, {"If-None-Match": get(site, live)[1]["etag"]}),
        "feed": (site, "/t/human-rights-defenders/feed.atom", 200, {}),
        "after": (site, f"{live}?after={version}", 204, {}),
    }


def measure_anew(slugs: Slugs, app: Flask, times: int) -> Results:
    """Pages that are not cached, made in this process: from the database to the last compressed byte."""
    client = app.test_client()
    took: dict[str, list[float]] = {slugs.none: [], slugs.part: [], slugs.full: []}
    for _time in range(times):
        for slug, found in took.items():
            app.extensions["page_cache"].clear()
            begun = time.perf_counter()
            client.get(f"/s/{slug}")
            found.append(1_000 * (time.perf_counter() - begun))
    return {
        RENDER_GROWTH: beside(took[slugs.full], took[slugs.none], "ms"),
        RENDER_FULL: beside(took[slugs.full], took[slugs.part], "ms"),
    }
