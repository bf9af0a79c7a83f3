"""The team's screens in a browser: the live preview, the menu of a phone, and both without scripts."""

from __future__ import annotations

import secrets

from playwright.sync_api import Page, expect

from campaign.accounts.operations import add_member
from campaign.core.database import writing
from tests.browser.conftest import Site
from tests.support import PASSWORD


def sign_in(page: Page, site: Site) -> None:
    """An owner who has just signed in."""
    address = f"owner-{secrets.token_hex(4)}@team.example"
    with site.app.app_context(), writing() as session:
        add_member(session, address, "Team Member", "owner", PASSWORD)
    page.goto(f"{site.url}/desk/sign-in")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/desk/")


def test_what_is_typed_appears_beside(scripted: Page, site: Site) -> None:
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk{site.statement().replace('/s/', '/statements/')}/edit")
    preview = scripted.locator("#preview")
    scripted.get_by_label("Text, in Markdown").first.fill("They **helped** others.")
    expect(preview.locator("strong")).to_have_text("helped")
    scripted.locator("summary", has_text="Беларуская").click()
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
