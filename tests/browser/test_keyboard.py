"""Whole flows with nothing but the keyboard; names, mistakes and where one is are said."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Site, sign_in
from tests.support import code_in

WORDS = "document.activeElement.textContent.trim()"


@pytest.fixture
def page(scripted: Page) -> Page:
    """A page in which the pointer is never used."""
    return scripted


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is on what `selector` names."""
    for _press in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} tabs do not reach {selector}")


def tab_to_words(page: Page, words: str, most: int = 60) -> None:
    """Press Tab until the focus is on the link, button or summary with these words."""
    for _press in range(most):
        if page.evaluate(WORDS) == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} tabs do not reach “{words}”")


def test_the_first_tab_leads_past_the_head_of_the_page(site: Site, page: Page) -> None:
    page.goto(site.url + site.statement())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a.skip')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_sign_confirm_and_withdraw(site: Site, page: Page) -> None:
    path = site.statement()
    address = f"keys@{path[3:]}.example.org"
    page.goto(site.url + path)
    tab_to(page, "#name")
    page.keyboard.type("Anna Example")
    tab_to(page, "#email")
    page.keyboard.type(address)
    tab_to(page, "#country")
    page.keyboard.type("Pola")
    tab_to(page, "[name=visibility]")
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('[name=visibility]:checked').value") == "public"
    tab_to(page, "#consent")
    page.keyboard.press("Space")
    tab_to(page, "form#sign button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")

    page.goto(site.mail_to(address))
    tab_to(page, "form[action^='/c/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your signature is confirmed")
    site.shown(path, 1)

    page.goto(site.mail_to(address))
    tab_to_words(page, "Correct it")
    page.keyboard.press("Enter")
    tab_to(page, "#name")
    page.keyboard.type("Anna Corrected")
    tab_to_words(page, "Save")
    page.keyboard.press("Enter")
    expect(page.locator("#yours")).to_contain_text("Anna Corrected")

    tab_to_words(page, "Withdraw the signature")
    page.keyboard.press("Enter")
    tab_to_words(page, "Withdraw it now")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdrawn")


def test_an_organisation_is_chosen_with_the_arrows(site: Site, page: Page) -> None:
    page.goto(site.url + site.statement())
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowRight")
    assert page.locator("#kind-organisation").is_checked()
    tab_to(page, "#organisation")
    expect(page.locator("#organisation")).to_be_visible()


def test_mistakes_take_the_focus_and_lead_to_their_fields(site: Site, page: Page) -> None:
    page.goto(site.url + site.statement())
    tab_to(page, "#email")
    page.keyboard.type("no address")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    for link in page.locator(".error-summary a").all():
        target = str(link.get_attribute("href"))
        tab_to(page, f".error-summary a[href='{target}']")
        page.keyboard.press("Enter")
        # Following a link to a field puts the keyboard there: the next thing typed goes in.
        assert page.evaluate(f"document.activeElement === document.querySelector('{target}')"), target
        field = page.locator(target)
        described = str(
            field.get_attribute("aria-describedby")
            or field.locator("xpath=ancestor::fieldset").first.get_attribute("aria-describedby")
        )
        assert described.rsplit(maxsplit=1)[-1].endswith("-error")
        assert page.locator(f"#{described.rsplit(maxsplit=1)[-1]}").inner_text().strip()
        page.locator(".error-summary").focus()


def test_the_code_is_typed_and_sent_with_enter(site: Site, page: Page) -> None:
    path = site.statement()
    address = f"{secrets.token_hex(4)}@post.example.org"
    site.filled_in(path, email=address)
    site.mail_to(address)
    page.goto(f"{site.url}/check-your-mail")
    tab_to(page, "#code")
    page.keyboard.type(code_in(site.sink.to(address)[0]).replace(" ", "-"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmed")


def test_the_team_publishes_with_the_keyboard(site: Site, page: Page) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/desk/statements/new")
    tab_to(page, "#title_en")
    page.keyboard.type("Written with keys")
    tab_to(page, "#body_en")
    page.keyboard.type("They helped others.")
    tab_to(page, ".save-bar button.go", 200)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Written with keys")
    tab_to(page, "a.go[href$='/publish']", 120)
    page.keyboard.press("Enter")
    page.wait_for_url("**/publish")
    tab_to(page, "form[action$='/publish'] button", 120)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published. Everyone can read it now.")).to_be_visible()
