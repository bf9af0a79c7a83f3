"""An open page follows the list: gently, without moving what one reads, aloud for those who listen, less
when nobody looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign.core import clock
from campaign.core.page_cache import FRESH_SECONDS
from campaign.statements.operations import StatementText
from tests.browser.stage import Site

WITHIN = 20_000  # generous: how fast it is, `make bench` measures
# Every number that is shown on the way.
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const now = document.querySelector('#live-count [data-of=people]').textContent;
    if (now !== seen.at(-1)) seen.push(now);
    requestAnimationFrame(look);
  };
  look();
}"""

FIRST_NAME = """() => [...document.querySelectorAll('#live-list [data-signatory]')]
  .find(name => name.getBoundingClientRect().top >= 0).dataset.signatory"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small window with scripts."""
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


def test_the_number_goes_up_and_the_name_comes(site: Site, scripted: Page) -> None:
    path = site.statement(goal=1_000)
    site.listed(path, *(f"Signer {number}" for number in range(90)))
    scripted.goto(site.url + path)
    scripted.evaluate(WATCH)
    site.listed(path, *(f"Newcomer {number}" for number in range(60)))
    expect(scripted.locator("#live-list")).to_contain_text("Newcomer 59", timeout=WITHIN)
    expect(scripted.locator("#live-count [data-of=people]")).to_have_text("150")
    seen = [int(number) for number in scripted.evaluate("window.seen")]
    assert seen == sorted(seen)
    assert len(seen) > 3, "the number jumps"


def test_who_wants_no_motion_gets_none(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    path = site.statement(goal=1_000)
    site.listed(path, *(f"Signer {number}" for number in range(90)))
    page.goto(site.url + path)
    page.evaluate(WATCH)
    site.listed(path, *(f"Newcomer {number}" for number in range(60)))
    expect(page.locator("#live-count")).to_contain_text("150 people", timeout=WITHIN)
    assert page.evaluate("window.seen") == ["90", "150"]
    assert (
        page.evaluate(
            "document.getAnimations().filter(it => it.effect.getComputedTiming().duration > 10).length"
        )
        == 0
    )
    context.close()


@pytest.mark.parametrize("place", ["#live-list [data-signatory='40']", ".text p"])
def test_what_one_reads_stays_where_it_is(site: Site, phone: Page, place: str) -> None:
    path = site.statement(goal=1_000)
    site.listed(path, *(f"Signer Number {number}" for number in range(60)))
    phone.goto(site.url + path)
    phone.locator(place).first.evaluate(
        "part => { part.scrollIntoView({block: 'start', behavior: 'instant'}); scrollBy(0, -40) }"
    )
    if "signatory" in place:
        # Names flow, and their lines break anew: it is the first of them in the window that stays.
        place = f"#live-list [data-signatory='{phone.evaluate(FIRST_NAME)}']"
    top = phone.locator(place).first.evaluate("part => part.getBoundingClientRect().top")
    site.listed(path, *(f"Newcomer with a long name {number}" for number in range(8)))
    expect(phone.locator("#live-list")).to_contain_text("Newcomer with a long name 7", timeout=WITHIN)
    assert abs(phone.locator(place).first.evaluate("part => part.getBoundingClientRect().top") - top) <= 1


def test_a_form_that_is_being_filled_in_stays_and_keeps_the_focus(site: Site, phone: Page) -> None:
    path = site.statement()
    phone.goto(site.url + path)
    phone.get_by_label("Your name", exact=True).fill("Anna Exa")
    top = phone.locator("#name").evaluate("part => part.getBoundingClientRect().top")
    site.listed(path, "Somebody Else")
    expect(phone.locator("#live-list")).to_contain_text("Somebody Else", timeout=WITHIN)
    phone.keyboard.type("mple")
    expect(phone.locator("#name")).to_have_value("Anna Example")
    assert abs(phone.locator("#name").evaluate("part => part.getBoundingClientRect().top") - top) <= 1


def test_a_link_in_the_list_keeps_the_focus(site: Site, scripted: Page) -> None:
    path = site.statement()
    site.listed(path, {"organisation_name": "Old League", "website": "https://league.example.org"})
    scripted.goto(site.url + path)
    link = scripted.locator("#live-list a", has_text="Old League")
    link.focus()
    site.listed(path, "Somebody New")
    expect(scripted.locator("#live-list")).to_contain_text("Somebody New", timeout=WITHIN)
    expect(link).to_be_focused()


def test_a_search_that_is_being_typed_stays(site: Site, scripted: Page) -> None:
    path = site.statement()
    site.listed(path, "Somebody Old")
    scripted.goto(site.url + path)
    scripted.locator("#find").fill("Bialia")
    site.listed(path, "Somebody New")
    expect(scripted.locator("#live-list")).to_contain_text("Somebody New", timeout=WITHIN)
    expect(scripted.locator("#find")).to_have_value("Bialia")
    expect(scripted.locator("#find")).to_be_focused()


def test_those_who_listen_hear_one_polite_sentence(site: Site, scripted: Page) -> None:
    path = site.statement()
    scripted.goto(site.url + path)
    said = scripted.locator("#live-said")
    expect(said).to_have_role("status")
    expect(said).to_have_text("")
    site.listed(path, "Somebody New")
    expect(said).to_have_text("Signed by 1 person", timeout=WITHIN)
    # The list itself is not a live region: who listens would hear all of it anew.
    assert (
        scripted.locator("#live-list[aria-live], #live-list [aria-live], #live-count[aria-live]").count() == 0
    )


def test_many_changes_are_said_at_most_every_ten_seconds(site: Site, scripted: Page) -> None:
    scripted.clock.install()
    path = site.statement()
    scripted.goto(site.url + path)
    said = scripted.locator("#live-said")
    site.listed(path, "Somebody New")
    expect(said).to_have_text("Signed by 1 person", timeout=WITHIN)
    site.listed(path, "Somebody Newer")
    expect(scripted.locator("#live-list")).to_contain_text("Somebody Newer", timeout=WITHIN)
    scripted.clock.fast_forward(3_000)
    expect(said).to_have_text("Signed by 1 person")
    scripted.clock.fast_forward(10_000)
    expect(said).to_have_text("Signed by 2 people")


def test_a_tab_that_nobody_looks_at_asks_every_half_minute(site: Site, scripted: Page) -> None:
    asked: list[str] = []
    answered: list[str] = []
    scripted.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    scripted.on(
        "requestfinished", lambda request: answered.append(request.url) if "/live" in request.url else None
    )
    begun = clock.now()
    scripted.clock.install(time=begun)
    scripted.goto(site.url + site.statement())
    # From here on its time moves by our hand alone, however slow the machine is.
    with scripted.expect_request("**/live*"):
        scripted.clock.pause_at(begun + dt.timedelta(minutes=1))
    scripted.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    for _try in range(500):
        if len(answered) == len(asked):
            break
        scripted.wait_for_timeout(20)
    asked.clear()
    scripted.clock.run_for(27_000)
    assert asked == []
    with scripted.expect_request("**/live*"):
        scripted.clock.run_for(5_000)
    assert len(asked) == 1


def test_the_bar_follows_and_leaves_when_the_form_is_there(site: Site, phone: Page) -> None:
    text = StatementText(
        "en", "Free them all", "\n\n".join(["They helped others, and were arrested for it."] * 40)
    )
    path = site.statement(text)
    phone.goto(site.url + path)
    bar = phone.locator(".sign-bar")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text("No signatures")
    site.listed(path, "Somebody New")
    expect(bar).to_contain_text("1 person", timeout=WITHIN)
    bar.get_by_role("link", name="Sign").click()
    expect(phone.locator("#sign")).to_be_in_viewport()
    expect(bar).not_to_be_in_viewport()


def test_without_scripts_a_link_shows_the_newest(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    path = site.statement()
    page.goto(site.url + path)
    expect(page.get_by_text("Somebody New")).to_have_count(0)
    site.listed(path, "Somebody New")
    site.shown(path, 1)

    # A page is remembered for half a second, apart from the numbers that were waited for.
    page.wait_for_timeout(2 * FRESH_SECONDS * 1_000)
    page.get_by_role("link", name="Show the newest").click()
    expect(page.locator("#live-list")).to_contain_text("Somebody New")
    context.close()


def test_with_scripts_the_link_is_not_there(site: Site, scripted: Page) -> None:
    scripted.goto(site.url + site.statement())
    expect(scripted.get_by_role("link", name="Show the newest")).to_have_count(0)


def test_the_address_is_copied_with_one_press_and_by_hand_without_scripts(
    site: Site, chromium: Browser
) -> None:
    link = site.signed(site.statement())
    for scripts in (True, False):
        context = chromium.new_context(
            java_script_enabled=scripts, permissions=["clipboard-read", "clipboard-write"]
        )
        page = context.new_page()
        page.goto(link)
        address, button = page.get_by_label("Link to the text"), page.locator("[data-copy]")
        assert address.input_value().startswith(f"{site.url}/s/")
        if scripts:
            button.click()
            expect(button).to_have_text("Copied")
            assert page.evaluate("navigator.clipboard.readText()") == address.input_value()
        else:
            expect(button).to_be_hidden()
        context.close()


def test_where_the_clipboard_is_closed_the_address_is_selected(site: Site, scripted: Page) -> None:
    scripted.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    scripted.goto(site.signed(site.statement()))
    button = scripted.locator("[data-copy]")
    button.click()
    expect(button).to_have_text("Copy")
    address = scripted.get_by_label("Link to the text").input_value()
    assert scripted.evaluate("getSelection().toString()") == address
