"""The weight of a first view of a statement, as it comes over the line to a browser with an empty cache."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from playwright.sync_api import Browser, Request

from benchmarks.table import Measured, Results, Target

# Where each language's pages begin, and what a view may weigh, in kB of 1,000 bytes: the floors of the
# design.
LANGUAGES = {"English": "", "Belarusian": "/be", "Russian": "/ru"}
_PAGE_KB, _FONTS_KB = 60, 110
PAGE = {
    name: Target(f"first view of a statement, {name}: without fonts, compressed", "kB", _PAGE_KB, most=True)
    for name in LANGUAGES
}
FONTS = {
    name: Target(f"first view of a statement, {name}: fonts", "kB", _FONTS_KB, most=True)
    for name in LANGUAGES
}
ROWS = (*PAGE.values(), *FONTS.values())
# Requests that the page repeats once it is shown.
_LATER = ("xhr", "fetch")


@dataclass(frozen=True, slots=True)
class View:
    """Bytes of bodies by path, as they came over the line, and by the browser's kind of resource."""

    files: dict[str, int]
    fonts: tuple[str, ...]
    hosts: frozenset[str]

    @property
    def font_bytes(self) -> int:
        """The bytes of all fonts."""
        return sum(self.files[name] for name in self.fonts)

    @property
    def page_bytes(self) -> int:
        """The bytes of everything else."""
        return sum(self.files.values()) - self.font_bytes


def view(browser: Browser, site: str, path: str) -> View:
    """Open a page with an empty cache, wide, and wait until it is drawn in its fonts."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    finished: list[Request] = []
    page = context.new_page()
    page.on("requestfinished", lambda request: finished.append(request))
    answer = page.goto(site + path, wait_until="load")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{path} is not answered with a page.")

    # A document that is laid out anew asks for more fonts after the first are ready.
    for _round in range(3):
        page.evaluate(
            "document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => "
            "setTimeout(done, 50))))"
        )

    seen = [request for request in finished if request.resource_type not in _LATER]
    files: Counter[str] = Counter()
    for request in seen:
        files[_path(request.url)] += request.sizes()["responseBodySize"]

    fonts = tuple(sorted({_path(request.url) for request in seen if request.resource_type == "font"}))
    hosts = frozenset(
        request.url.split("/")[2] for request in finished if not request.url.startswith("data:")
    )
    context.close()

    return View(dict(files), fonts, hosts)


def measure(browser: Browser, site: str, slug: str = "free-viasna") -> Results:
    """Both rows of each language, for a statement of the sample content at `site` (http://host:port)."""
    found: dict[Target, Measured] = {}
    for name, prefix in LANGUAGES.items():
        seen = view(browser, site, f"{prefix}/s/{slug}")
        rest = [path for path in seen.files if path not in seen.fonts]
        found[PAGE[name]] = Measured(seen.page_bytes / 1000, f"{len(rest)} files")
        found[FONTS[name]] = Measured(
            seen.font_bytes / 1000,
            ", ".join(path.rsplit("/", 1)[1].removesuffix(".woff2") for path in seen.fonts),
        )
    return found


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3].partition("?")[0]
