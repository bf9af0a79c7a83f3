"""The team's screens in a browser: the live preview, the menu of a phone, and both without scripts."""

from __future__ import annotations

import secrets

from playwright.sync_api import Page, expect

from campaign.accounts.operations import add_member
from campaign.core.database import writing
from tests.browser.acts import PASTE
from tests.browser.stage import Site
from tests.support import PASSWORD


def sign_in(page: Page, site: Site) -> None:
    """An owner who has just signed in."""
    address = f"owner-{secrets.token_hex(4)}@team.example"
    with site.app.app_context(), writing() as session:
        add_member(session, address, "Team Member", "owner", PASSWORD)
    page.goto(f"{site.url}/desk/sign-in")
    page.get_by_label("E-mail", exact=True).fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/desk/**")


def test_what_is_typed_appears_beside(scripted: Page, site: Site) -> None:
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk{site.statement().replace('/s/', '/statements/')}/edit")
    preview = scripted.locator("#preview")
    scripted.get_by_label("Text, in Markdown").first.fill("They **helped** others.")
    expect(preview.locator("strong")).to_have_text("helped")
    scripted.locator(".text-of > summary", has_text="Беларуская").click()
    scripted.locator("#title_be").fill("Вызваліць зараз")
    expect(preview.locator("h2").first).to_have_text("Вызваліць зараз")
    expect(preview.locator("article")).to_have_count(1)
    assert scripted.locator("#title_be").evaluate("field => field === document.activeElement")


def test_a_statement_is_written_on_the_phone_with_and_without_scripts(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Statements").click()
    page.get_by_role("link", name="Write a statement").click()
    title = f"Let them speak {secrets.token_hex(4)}"
    page.get_by_label("Title").first.fill(title)
    page.get_by_label("Text, in Markdown").first.fill("They *helped* others.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview em")).to_have_text("helped")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_pasted_from_word_keeps_its_list(site: Site, scripted: Page) -> None:
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk/statements/new")
    word = "<p class=MsoListParagraph><span style='mso-list:Ignore'>1.  </span>Release <b>them</b>.</p>"
    scripted.evaluate(PASTE, ["#body_en", word])
    expect(scripted.locator("#body_en")).to_have_value("1. Release **them**.")


def test_a_hearing_is_published_and_stands_in_the_letter_the_feed_and_the_calendar(
    site: Site, scripted: Page
) -> None:
    path = site.statement()
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk/updates/new")
    scripted.get_by_label("Court hearing").check()
    newest = scripted.locator("#statement option").evaluate_all(
        "all => Math.max(...all.map(one => Number(one.value)))"
    )
    scripted.locator("#statement").select_option(str(newest))
    scripted.locator("#sits_on").fill("2099-09-30")
    scripted.locator("#sits_at").fill("11:00")
    scripted.locator("#time_zone").select_option("Europe/Minsk")
    scripted.locator("#title_en").fill("The hearing")
    scripted.get_by_role("button", name="Publish").click()
    expect(scripted.get_by_text("Published. Everyone can read it now.")).to_be_visible()
    scripted.goto(site.url + path)
    expect(scripted.get_by_role("heading", name="Next hearing")).to_be_visible()
    expect(scripted.locator(".hearing-when")).to_contain_text("30 September 2099, 11:00")
    address = scripted.url.partition("#")[0]
    assert "The hearing" in scripted.request.get(f"{address}/feed.atom").text()
    assert (
        "DTSTART;TZID=Europe/Minsk:20990930T110000" in scripted.request.get(f"{address}/calendar.ics").text()
    )
    assert scripted.request.get(f"{address}/statement.pdf").headers["content-type"] == "application/pdf"
