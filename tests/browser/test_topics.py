"""A topic followed from the desk to its page: entered, told of, read narrow and wide, with and without
scripts.
"""

from __future__ import annotations

import secrets

from playwright.sync_api import Page, expect

from tests.browser.stage import Site, sign_in


def enter_topic(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/desk/topics/new")
    page.locator("#name_en").fill(name)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name=name).or_(page.get_by_role("rowheader", name=name))).to_be_visible()


def test_a_hearing_is_published_and_stands_on_the_topic_with_the_clock_of_the_court(
    page: Page, site: Site
) -> None:
    sign_in(page, site)
    name = f"Defenders {secrets.token_hex(4)}"
    enter_topic(page, site, name)
    page.goto(f"{site.url}/desk/updates/new")
    page.get_by_label("Topic").select_option(label=name)
    page.get_by_label("Title").first.fill("The appeal is heard")
    page.get_by_label("Day of the hearing").fill("2099-09-30")
    page.get_by_role("button", name="Publish", exact=True).click()
    # Forgotten: what it tells. Nothing is lost.
    expect(
        page.get_by_role("link", name="A field is filled in that only a court hearing has")
    ).to_be_visible()
    page.get_by_label("Court hearing", exact=True).check()
    page.get_by_label("Time of the hearing").fill("11:00")
    page.get_by_label("Time zone of the court").select_option("Europe/Minsk")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published. Everyone can read it now.")).to_be_visible()
    page.goto(f"{site.url}/t/{name.lower().replace(' ', '-')}")
    card = page.get_by_role("region", name="Next hearing")
    expect(card).to_contain_text("30 September 2099, 11:00 (Minsk)")
    expect(card.locator("time")).to_have_attribute("datetime", "2099-09-30T11:00:00+03:00")
    card.get_by_role("link", name="The appeal is heard").click()
    expect(page.locator(".timeline li:target h3")).to_have_text("The appeal is heard")
    feed = page.locator('link[rel="alternate"][type="application/atom+xml"]').get_attribute("href")
    assert "The appeal is heard" in page.request.get(f"{site.url}{feed}").text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
