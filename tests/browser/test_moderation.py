"""A false name goes by a form of the public list, and a person of the team decides by the keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.stage import Site, sign_in


def test_a_reported_name_is_hidden_and_decided_by_keyboard(page: Page, site: Site) -> None:
    path = site.statement()
    site.listed(path, "Anna Example", "Boris Example")
    page.goto(f"{site.url}{path}/signatories")
    page.get_by_role("link", name="My name is listed, but I did not sign").click()
    page.get_by_label("Find the name on the list").fill("anna")
    page.get_by_label("Find the name on the list").press("Enter")
    expect(page.get_by_role("radio", name="Anna Example")).to_be_checked()
    page.get_by_label("What should we know?").fill("It was not me")
    page.get_by_role("button", name="I did not sign").click()
    expect(page.get_by_role("heading", name="Thank you. Your report will be reviewed")).to_be_visible()
    site.shown(path, 1)
    sign_in(page, site)
    page.goto(f"{site.url}/desk{path.replace('/s/', '/statements/')}/flagged")
    expect(page.get_by_text("It was not me")).to_be_visible()
    page.get_by_role("button", name="False: remove it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Removed as false.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
