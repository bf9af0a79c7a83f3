"""A first view of a statement stays light, in each script with its own fonts only, and asks no other host
for anything.
"""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from benchmarks import weight
from deploy.screenshots import running_site

# One has a form; the other has large figures and a list. Both end in italics.
SLUGS = ("free-viasna", "human-rights-work-is-not-extremism")
SCRIPTS = {
    "": "latin",
    "/be": "cyrillic",
    "/ru": "cyrillic",
    "/uk": "cyrillic",
    "/pl": "latin",
    "/de": "latin",
}


@pytest.fixture(scope="module")
def sample() -> Iterator[str]:
    """The address of a site with the sample content."""
    with running_site() as (address, _password):
        yield address


@pytest.mark.parametrize("slug", SLUGS)
def test_a_first_view_keeps_to_its_budget(chromium: Browser, sample: str, slug: str) -> None:
    found = weight.measure(chromium, sample, slug)
    assert set(found) == set(weight.ROWS)
    assert [
        (target.name, measured.value)
        for target, measured in found.items()
        if measured.value > (target.bound or 0)
    ] == []


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("prefix", "script"), SCRIPTS.items())
def test_a_page_asks_for_the_fonts_of_its_own_script_only(
    chromium: Browser, sample: str, prefix: str, script: str, slug: str
) -> None:
    seen = weight.view(chromium, sample, f"{prefix}/s/{slug}")
    wanted = {f"/static/fonts/{name}-{script}.woff2" for name in ("sans", "serif", "serif-italic")}
    assert set(seen.fonts) - {"/static/fonts/serif-figures.woff2"} == wanted
    assert seen.hosts == {sample.removeprefix("http://")}


def test_fonts_are_kept_for_a_year(sample: str) -> None:
    with urllib.request.urlopen(f"{sample}/static/css/base.css") as answer:  # noqa: S310  our own server
        fonts = set(re.findall(r"fonts/[\w-]+\.woff2\?v=\w+", answer.read().decode()))
    kept = {}
    for font in fonts:
        with urllib.request.urlopen(f"{sample}/static/{font}") as answer:  # noqa: S310
            kept[font] = answer.headers["Cache-Control"]
    assert len(fonts) == 10
    assert set(kept.values()) == {"public, max-age=31536000, immutable"}


@pytest.mark.needs("fonts")
def test_nothing_moves_when_the_fonts_come(chromium: Browser, sample: str) -> None:
    """The stand-ins take the same room: the page is as long without our fonts as with them, to a few
    lines.
    """
    heights = []
    for blocked in (True, False):
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        if blocked:
            page.route("**/*.woff2*", lambda route: route.abort())
        page.goto(f"{sample}/be/s/{SLUGS[0]}")
        page.evaluate("document.fonts.ready.then(() => true)")
        heights.append(page.evaluate("document.documentElement.scrollHeight"))
        context.close()
    assert abs(heights[0] - heights[1]) <= 0.02 * heights[1]
