"""`make screenshots`: a walk through a fresh site in the browser, each screen narrow and wide, light and
dark.

They go to screenshots/<width>-<scheme>/; pass names of screens to make only those, or `readme` for the few
that the README shows.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from campaign.config import OFFERED
from deploy.desk_screens import LETTER, desk, signers
from deploy.local_settings import new_keys
from deploy.run_local import ROOT
from tests.machine import program

SHOTS = ROOT / "screenshots"
WIDTHS = {"narrow": 360, "wide": 1280}
SCHEMES = ("light", "dark")
OPEN = "/s/free-viasna"
CLOSED = "/s/human-rights-work-is-not-extremism"
README: tuple[tuple[str, str, tuple[int, int], Literal["light", "dark"]], ...] = (
    ("statement", OPEN, (1280, 900), "light"),
    ("list", f"{CLOSED}#live-list", (1280, 640), "light"),
    ("belarusian-phone", f"/be{OPEN}", (360, 740), "light"),
    ("form-phone-dark", f"{LETTER}#sign", (360, 740), "dark"),
    ("about-phone", "/about", (360, 740), "light"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Camera:
    """One width and scheme: opens pages of the site and saves pictures of them."""

    page: Page
    site: str
    folder: Path
    only: set[str] = field(default_factory=set)

    def keep(self, name: str, *, full_page: bool = True) -> None:
        """Save what the page shows now: all of it, or the window."""
        if self.only and name not in self.only:
            return
        self.page.wait_for_timeout(150)
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=full_page)

    def open(self, name: str, path: str) -> None:
        """Open a page and save it."""
        self.page.goto(self.site + path)
        self.keep(name)


def public(camera: Camera) -> None:
    """The public pages, in each language."""
    for prefix, tail in [("", ""), *((f"/{code}", f"-{code}") for code in OFFERED if code != "en")]:
        camera.open(f"home{tail}", f"{prefix}/")
        camera.open(f"statement{tail}", prefix + OPEN)
        camera.open(f"closed{tail}", prefix + CLOSED)

    for name, path in (
        ("statements", "/s/"),
        ("list", f"{CLOSED}/signatories"),
        ("list-by-country", f"{CLOSED}/signatories?by=country"),
        ("people", "/p/"),
        ("person", "/p/ales-bialiatski"),
        ("person-be", "/be/p/marfa-rabkova"),
        ("campaign-people", f"{OPEN}/people"),
        ("campaign-timeline", f"{OPEN}/timeline"),
        ("campaign-write", f"{OPEN}/write"),
        ("about", "/about"),
        ("safety", "/safety"),
        ("unknown", "/nothing"),
        ("code", "/code"),
    ):
        camera.open(name, path)

    camera.open("cut-link", "/c/cut-off")


def mistakes(camera: Camera) -> None:
    """The form with every kind of error message."""
    page = camera.page
    page.goto(camera.site + LETTER)
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.get_by_label("E-mail", exact=True).fill("anna@")
    page.locator("form[action*='/sign'] button[type=submit]").first.click()
    page.wait_for_load_state()
    camera.keep("mistakes")


def signing(camera: Camera, who: str) -> None:
    """One signature from the form to the withdrawal."""
    page = camera.page
    page.goto(camera.site + LETTER)
    page.locator("#visibility-public").check()
    page.get_by_label("Your name", exact=True).fill("Ганна Кавалёнак")
    page.get_by_label("E-mail", exact=True).fill(who)
    page.get_by_label("Country").select_option("BY")
    camera.keep("form-country-at-risk")
    page.get_by_label("Country").select_option("PL")
    page.locator("#visibility-public").check()
    page.get_by_label("City").fill("Białystok")
    page.get_by_label("I have read the text").check()
    camera.keep("form-filled")
    page.locator("form[action*='/sign'] button[type=submit]").first.click()
    page.wait_for_url("**/check-your-mail*")
    camera.keep("check-your-mail")
    page.goto(camera.site + link_in_mailbox(camera))
    camera.keep("confirm")
    page.get_by_role("button", name="Yes, I sign").click()
    page.wait_for_load_state()
    camera.keep("confirmed")
    time.sleep(1)
    page.reload()
    camera.keep("manage")
    page.get_by_text("Withdraw the signature", exact=True).click()
    page.get_by_role("button", name="Withdraw it now").click()
    page.wait_for_load_state()
    camera.keep("withdrawn")


def link_in_mailbox(camera: Camera) -> str:
    """The path of the link in the newest mail, once it is there; saves the mailbox and the mail, too."""
    page = camera.page
    for _try in range(60):
        page.goto(f"{camera.site}/mailbox")
        mails = page.locator("main a[href*='/mailbox/']")
        if mails.count():
            break
        time.sleep(0.25)

    camera.keep("mailbox")
    mails.first.click()
    page.wait_for_load_state()
    camera.keep("mail")
    found = re.search(r"/c/[\w.~-]+", page.content())
    if not found:
        raise SystemExit("The mail holds no link.")

    return found.group()


@contextmanager
def running_site() -> Iterator[tuple[str, str]]:
    """`make run` in a folder of its own. Yields the address and the sample password."""
    with tempfile.TemporaryDirectory() as instance:
        port, mail_port = unused_port(), unused_port()
        keys = new_keys()
        environment = (
            os.environ
            | keys
            | {"INSTANCE_PATH": instance, "PORT": str(port), "MAIL_PORT": str(mail_port)}
            | {"FLASK_SKIP_DOTENV": "1"}
        )
        site = f"http://localhost:{port}"

        process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(ROOT / "deploy/run_local.py")], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            wait_for(f"{site}/readyz")
            yield site, keys["SAMPLE_PASSWORD"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def unused_port() -> int:
    """A port that nobody listens on, another one for each who asks at the same moment."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])


def wait_for(address: str) -> None:
    """Until the site is ready; at most a minute."""
    for _try in range(120):
        try:
            urllib.request.urlopen(address, timeout=2)  # noqa: S310  our own server
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"{address} did not come up.")


def walk(browser: Browser, site: str, password: str, only: set[str]) -> None:
    """All screens at each width and in each scheme."""
    for width, pixels in WIDTHS.items():
        for scheme in SCHEMES:
            folder = SHOTS / f"{width}-{scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            context = browser.new_context(viewport={"width": pixels, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
            camera = Camera(context.new_page(), site, folder, only)
            public(camera)
            mistakes(camera)
            signing(camera, f"anna.{width}.{scheme}@post.example.org")
            desk(camera, password, f"{width}-{scheme}")
            camera.open("statement-signed", LETTER)
            context.close()
            print(f"{folder.relative_to(ROOT)}: {len(list(folder.iterdir()))} screens", flush=True)


def for_readme(browser: Browser, site: str) -> None:
    """The few pictures that the README shows, in docs/pictures/."""
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for name, path, size, scheme in README:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        page = context.new_page()
        page.goto(site + path)
        page.wait_for_timeout(200)
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def main() -> None:
    """Start the site, take the pictures, stop it."""
    with running_site() as (site, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=FLAGS)
        if (only := set(sys.argv[1:])) == {"readme"}:
            signers(Camera(browser.new_page(), site, SHOTS), "readme")
            time.sleep(2)
        else:
            walk(browser, site, password, only)
        for_readme(browser, site)
        browser.close()


if __name__ == "__main__":
    main()
