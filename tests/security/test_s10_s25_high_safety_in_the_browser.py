"""S10, S25 at high safety: the whole way in a browser, with scripts and without; what Back, reloading and
the link show afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign.statements.models import Safety
from tests.browser.stage import Site


@pytest.fixture(params=["with scripts", "without scripts"])
def browser_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a browser that nobody has used before."""
    context = chromium.new_context(java_script_enabled=request.param == "with scripts")
    yield context.new_page()
    context.close()


def test_the_words_are_shown_after_the_click_and_take_the_signature_back(
    site: Site, browser_page: Page
) -> None:
    page, address = browser_page, f"{secrets.token_hex(6)}@post.example.org"
    path = site.statement(safety=Safety.HIGH)
    page.goto(site.url + path)
    expect(page.locator("#sign .notice").first).to_contain_text("do not give a name")
    page.get_by_label("Your name").fill("Ales Adzin")
    page.get_by_label("E-mail", exact=True).fill(address)
    page.get_by_label("Country").select_option("PL")
    page.locator("#visibility-public").check()
    page.get_by_label("I have read the text").check()
    page.get_by_role("button", name="Sign the petition").click()
    expect(page).to_have_url(f"{site.url}/check-your-mail")
    link = site.mail_to(address)
    page.goto(link if link.startswith("http") else site.url + link)
    page.get_by_role("button", name="Yes, I sign").click()
    words = page.locator(".words").inner_text()
    assert len(words.split()) == 6
    # Back and the link show what they showed before; no cookie, and nothing in the browser's own stores.
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more click")
    assert words not in page.content() and "Ales" not in page.content() and "Free them" not in page.content()
    assert page.context.cookies() == []
    page.goto(f"{site.url}/take-back")
    page.get_by_label("Your six words").fill(words.upper())
    page.get_by_role("button", name="Withdraw it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signature withdrawn")
