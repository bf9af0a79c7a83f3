"""A signer from a country at risk: with scripts the notice comes as soon as the country is chosen, without them
on the page after.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import confirm, narrow_and_wide
from tests.browser.stage import Site

NOTICE = "[data-countries~=BY]"


def test_the_notice_is_read_before_the_form_is_sent(
    site: Site, page: Page, request: pytest.FixtureRequest
) -> None:
    path = site.statement()
    address = f"risk@{path[3:]}.example.org"
    page.goto(site.url + path)
    has_scripts = request.node.callspec.params["either"] == "scripts"
    assert _shown_at_once(page) == has_scripts
    page.get_by_label("Your name", exact=True).fill("Anna Example")
    page.get_by_label("E-mail", exact=True).fill(address)
    page.get_by_label("I have read the text").check()
    page.get_by_role("button", name="Sign the petition").click()
    # With scripts it was read: the form comes back for the choice alone.
    asked = page.get_by_text("Please read the notice about this country first.")
    expect(asked).to_have_count(0 if has_scripts else 2)
    expect(page.locator(NOTICE)).to_be_visible()
    narrow_and_wide(page)
    expect(page.locator("[name=visibility]:checked")).to_have_count(0)
    page.get_by_label("On the public list").check()
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    confirm(page, site.mail_to(address))
    expect(page.get_by_text("What else helps")).to_be_visible()
    expect(page.get_by_text("Share it")).to_have_count(0)


def _shown_at_once(page: Page) -> bool:
    """Choose Belarus with the keyboard. True where the notice is there then, and the public list is not
    chosen any more.
    """
    page.get_by_label("Country").focus()
    page.keyboard.type("Pola")
    expect(page.locator(NOTICE)).to_be_hidden()
    page.get_by_label("Country").select_option("BY")
    shown = page.get_by_role("status").filter(has_text="Belarus: signing can be dangerous").is_visible()
    assert page.get_by_label("On the public list").is_checked() is not shown
    return shown
