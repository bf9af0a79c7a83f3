"""Names from a paper come to the public list, and leave it again, with and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.stage import Site, sign_in

SHEET = "Прозвішча, імя;Дзе;Краіна;Падпіс\nАнна Прыклад;Мінск;Беларусь;ёсць\nБарыс Прыклад;Гродна;Беларусь;ёсць\n;Брэст;Беларусь;ёсць\n"


def test_a_list_is_taken_over_and_taken_back(page: Page, site: Site) -> None:
    path = site.statement()
    sign_in(page, site)
    page.goto(f"{site.url}/desk{path.replace('/s/', '/statements/')}/signatures")
    page.get_by_role("link", name="Import signatures").click()
    page.get_by_label("File: CSV or Excel").set_input_files(
        {"name": "paper.csv", "mimeType": "text/csv", "buffer": SHEET.encode("cp1251")}
    )
    page.get_by_label("How were the names collected?").fill("signed on paper")
    page.get_by_label("When?").fill("2026-05-12")
    page.get_by_label("Who holds the originals?").fill("held by the Test League")
    page.get_by_role("button", name="Check the list").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Check before importing")
    expect(page.get_by_text("It was read as Windows-1251 (Cyrillic)")).to_be_visible()
    expect(page.get_by_text("1 row can’t be imported as it is")).to_be_visible()
    page.locator("select[name=field-1]").select_option("city")
    page.get_by_role("button", name="Read the list this way").click()
    expect(page.get_by_role("rowheader", name="Анна Прыклад Мінск")).to_be_visible()
    page.get_by_label("Leave these rows out").check()
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Import 2 people?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Import them now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported: 2 people")
    done = page.url
    site.shown(path, 2)
    page.get_by_role("link", name="See the public list").click()
    expect(page.get_by_text("Барыс Прыклад")).to_be_visible()
    expect(
        page.get_by_text("2 people imported from: signed on paper, 12 May 2026, held by the Test League")
    ).to_be_visible()

    page.goto(done)
    page.get_by_role("link", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove 2 people from the list?")
    page.get_by_role("button", name="Remove them from the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This import was undone")
    site.shown(path, 0)
    page.goto(f"{site.url}{path}/signatories")
    expect(page.get_by_text("Барыс Прыклад")).to_have_count(0)


def test_a_long_list_shows_how_far_it_is(page: Page, site: Site) -> None:
    path = site.statement()
    sign_in(page, site)
    page.goto(f"{site.url}/desk{path.replace('/s/', '/statements/')}/import")
    names = "\n".join(f"Person Number {number}" for number in range(3_000))
    page.get_by_label("File: CSV or Excel").set_input_files(
        {"name": "names.txt", "mimeType": "text/plain", "buffer": names.encode()}
    )
    page.get_by_label("How were the names collected?").fill("another site")
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Your list is being checked|Check before importing")
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before importing", timeout=20_000)
    expect(page.get_by_text("Page 1 of 60")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import 3,000 people?")
    page.get_by_role("button", name="Import them now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported: 3,000 people", timeout=20_000)
    site.shown(path, 3_000)
