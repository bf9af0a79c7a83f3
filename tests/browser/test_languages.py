"""The main job in every language of the interface, narrow and wide, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from babel.support import NullTranslations, Translations
from playwright.sync_api import Browser, Page, expect

from campaign.config import OFFERED
from tests.browser.stage import ROOT, Site

SIZES = {"narrow": {"width": 320, "height": 640}, "wide": {"width": 1280, "height": 900}}
FITS = "document.documentElement.scrollWidth <= innerWidth"


# Each language once; between them narrow and wide, with scripts and without. The longest words are tried
# where room is short.
SIGNERS = [
    ("en", "wide", False),
    ("be", "narrow", False),
    ("ru", "wide", True),
    ("uk", "narrow", True),
    ("pl", "narrow", False),
    ("de", "narrow", True),
]


def prefix(language: str) -> str:
    """How addresses of pages in this language begin."""
    return "" if language == "en" else f"/{language}"


def catalogue(language: str) -> Callable[[str], str]:
    """What the interface says in this language, from the catalogue that it uses."""
    found = Translations.load(str(ROOT / "campaign" / "translations"), [language])
    assert language == "en" or type(found) is not NullTranslations
    return lambda english: str(found.gettext(english))


@pytest.fixture
def screen(size: str, scripts: bool, chromium: Browser) -> Iterator[Page]:
    """A window of this size, with scripts or without."""
    context = chromium.new_context(viewport=SIZES[size], java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def _stands(page: Page, language: str, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_every_language_is_tried() -> None:
    assert {language for language, _size, _scripts in SIGNERS} == set(OFFERED)


@pytest.mark.parametrize(("language", "size", "scripts"), SIGNERS)
def test_sign_confirm_read_withdraw(site: Site, screen: Page, language: str) -> None:
    say = catalogue(language)
    path = site.statement()
    page = prefix(language) + path
    address = f"anna@{path[3:]}.example.org"
    name = "Ганна Прыклад-Łukašenia"

    screen.goto(site.url + page)
    screen.get_by_label(say("Your name"), exact=True).fill(name)
    screen.get_by_label(say("E-mail"), exact=True).fill(address)
    screen.get_by_label(say("Country"), exact=True).select_option("LT")
    screen.locator("#visibility-public").check()
    screen.get_by_label(
        say("I have read the text and agree that my signature is published as chosen above.")
    ).check()
    screen.get_by_role("button", name=say("Sign the petition")).click()
    _stands(screen, language, say("Check your e-mail"))

    link = site.mail_to(address)
    assert site.sink.to(address)[0]["Subject"] == say("Please confirm your entry")
    screen.goto(link)
    screen.get_by_role("button", name=say("Yes, I sign")).click()
    _stands(screen, language, say("Thank you. Your signature is confirmed."))
    assert screen.evaluate(FITS)

    site.shown(path, 1)
    screen.goto(f"{site.url}{page}/signatories")
    expect(screen.locator("main")).to_contain_text(name)
    assert screen.evaluate(FITS)

    screen.goto(link)
    screen.get_by_text(say("Withdraw the signature"), exact=True).click()
    screen.get_by_role("button", name=say("Withdraw it now")).click()
    _stands(screen, language, say("Withdrawn"))
    site.shown(path, 0)
    screen.goto(site.url + page)
    expect(screen.locator("#live-count")).to_contain_text(say("No signatures."))


@pytest.mark.parametrize(("size", "scripts"), [("narrow", False)])
def test_a_mistake_is_said_in_the_readers_language(site: Site, screen: Page) -> None:
    path = site.statement()
    for language in OFFERED:
        say = catalogue(language)
        screen.goto(f"{site.url}{prefix(language)}{path}")
        screen.get_by_label(say("E-mail"), exact=True).fill("no address")
        screen.get_by_role("button", name=say("Sign the petition")).click()
        summary = screen.get_by_role("alert")
        expect(summary).to_contain_text(say("Please check the following"))
        expect(summary).to_contain_text(
            say("This does not look like an e-mail address. It should have the form name@example.org.")
        )
        assert screen.evaluate(FITS), language


@pytest.mark.parametrize(("size", "scripts"), [("narrow", False)])
def test_no_page_is_wider_than_the_window(site: Site, screen: Page) -> None:
    path = site.statement()
    for language in OFFERED:
        for public in ("/", path, f"{path}/signatories", "/about", "/nowhere"):
            screen.goto(f"{site.url}{prefix(language)}{public}")
            assert screen.evaluate(FITS), (language, public)
            assert screen.locator(".languages a").count() == len(OFFERED)
