"""The main job as people do it: sign, read the mail, confirm, see the list change elsewhere, withdraw, see
it change again.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.acts import WITHIN, confirm, fill_in
from tests.browser.stage import Site
from tests.support import code_in


def withdraw(page: Page, link: str) -> None:
    """Take it back with the same link."""
    page.goto(link)
    page.get_by_text("Withdraw the signature", exact=True).click()
    page.get_by_role("button", name="Withdraw it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdrawn")


def test_a_person_signs_and_withdraws_and_an_open_page_follows(
    site: Site, page: Page, scripted: Page
) -> None:
    path = site.statement()
    scripted.goto(site.url + path)
    expect(scripted.locator("#live-count")).to_contain_text("No signatures")
    fill_in(page, site, path, name="Ганна Прыклад", email=f"anna@{path[3:]}.example.org")
    link = site.mail_to(f"anna@{path[3:]}.example.org")
    confirm(page, link)
    expect(scripted.locator("#live-count")).to_contain_text("1 person", timeout=WITHIN)
    expect(scripted.locator("#live-list")).to_contain_text("Ганна Прыклад", timeout=WITHIN)
    withdraw(page, link)
    expect(scripted.locator("#live-count")).to_contain_text("No signatures", timeout=WITHIN)
    expect(scripted.locator("#live-list")).not_to_contain_text("Ганна Прыклад")


def test_an_organisation_signs_from_its_own_domain(site: Site, page: Page, scripted: Page) -> None:
    path = site.statement()
    domain = f"{path[3:]}.example.org"
    site.organisation(f"League {path[3:]}", domain)
    scripted.goto(site.url + path)
    fill_in(
        page, site, path, name="Anna Example", email=f"office@{domain}", organisation=f"League {path[3:]}"
    )
    link = site.mail_to(f"office@{domain}")
    confirm(page, link)
    expect(scripted.locator("#live-count")).to_contain_text("1 organisation", timeout=WITHIN)
    expect(scripted.locator("#live-list .register")).to_contain_text(f"League {path[3:]}")
    withdraw(page, link)
    expect(scripted.locator("#live-count")).to_contain_text("No signatures", timeout=WITHIN)


def test_two_sign_with_one_mailbox_and_a_third_cannot(site: Site, page: Page) -> None:
    path = site.statement()
    address = f"family@{path[3:]}.example.org"
    for number, name in enumerate(("Anna", "Boris"), start=1):
        fill_in(page, site, path, name=name, email=address)
        confirm(page, site.mail_to(address, number))
    fill_in(page, site, path, name="Vera", email=address)
    page.goto(site.mail_to(address, 3))
    page.get_by_role("button", name="Yes, I sign").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Two people have already signed")


def test_who_withdrew_signs_again(site: Site, page: Page) -> None:
    path = site.statement()
    address = f"again@{path[3:]}.example.org"
    fill_in(page, site, path, name="Anna", email=address)
    link = site.mail_to(address, 1)
    confirm(page, link)
    withdraw(page, link)
    fill_in(page, site, path, name="Anna", email=address)
    confirm(page, site.mail_to(address, 2))
    page.wait_for_timeout(1_200)
    page.goto(site.url + path)
    expect(page.locator("#live-count")).to_contain_text("1 person")


def test_only_counted_asks_no_name(site: Site, page: Page) -> None:
    path = site.statement()
    address = f"quiet@{path[3:]}.example.org"
    fill_in(page, site, path, name="", email=address, visibility="counted")
    page.goto(site.mail_to(address))
    expect(page.get_by_text("No name is stored.")).to_be_visible()
    page.get_by_role("button", name="Yes, I sign").click()
    page.wait_for_timeout(1_200)
    page.goto(site.url + path)
    expect(page.locator("#live-count")).to_contain_text("1 person")


def test_the_typed_code_confirms(site: Site, page: Page) -> None:
    path = site.statement()
    address = f"code@{path[3:]}.example.org"
    fill_in(page, site, path, name="Anna", email=address)
    site.mail_to(address)
    page.get_by_label("Code from the e-mail").fill(code_in(site.sink.to(address)[0]))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmed")


def test_bad_input_keeps_what_was_typed(site: Site, page: Page) -> None:
    path = site.statement()
    page.goto(site.url + path)
    page.get_by_label("Your name", exact=True).fill("Kept Name")
    page.get_by_label("E-mail", exact=True).fill("no address")
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("alert")).to_contain_text("does not look like an e-mail address")
    expect(page.get_by_label("Your name", exact=True)).to_have_value("Kept Name")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("no address")


def test_the_page_speaks_the_language_of_its_address(site: Site, page: Page) -> None:
    path = site.statement()
    page.goto(site.url + path)
    page.get_by_role("link", name="Беларуская").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "be")
    expect(page.get_by_role("heading", level=1)).to_have_text("Вызваліць усіх")


def test_no_page_asks_another_host_or_breaks_its_own_policy(site: Site, scripted: Page) -> None:
    path = site.statement()
    asked, complaints = [], []
    scripted.on("request", lambda request: asked.append(request.url))
    scripted.on("console", lambda message: complaints.append(message.text))
    for address in ("/", "/s/", path, f"{path}/signatories", "/about", "/check-your-mail", "/desk/sign-in"):
        scripted.goto(site.url + address)
        scripted.wait_for_timeout(1_100 if address == path else 100)
    assert [url for url in asked if not url.startswith(site.url)] == []
    assert complaints == []
    assert scripted.context.cookies(site.url + path) == [] or all(
        cookie["name"] == "team" for cookie in scripted.context.cookies()
    )
