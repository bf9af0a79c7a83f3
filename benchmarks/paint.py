"""The time until the first words of a statement are on the screen, on a slow line."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser

from benchmarks.table import Measured, Results, Target

# "Fast 3G" as Chromium's own tools have it: bytes a second, and milliseconds that each request waits.
DOWN, UP, WAIT_MS = 1.6e6 * 0.9 / 8, 750e3 * 0.9 / 8, 150 * 3.75
PAINT = Target(
    "first contentful paint of a statement on Chromium's 3G profile, nothing cached", "s", 1.5, most=True
)
_PAINTED = """new Promise(done => new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") done(entry.startTime);
}).observe({type: "paint", buffered: true}))"""


def measure(browser: Browser, site: str, rounds: int, slug: str = "free-viasna") -> Results:
    """The median over some first views, 360 px wide."""
    took = [_first_paint(browser, f"{site}/s/{slug}") for _round in range(rounds)]
    return {PAINT: Measured(statistics.median(took), f"{rounds} views")}


def _first_paint(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": WAIT_MS, "downloadThroughput": DOWN, "uploadThroughput": UP},
    )
    page.goto(address, wait_until="load")
    painted = float(page.evaluate(_PAINTED)) / 1000
    context.close()
    return painted
