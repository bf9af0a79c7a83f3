"""An open letter as a campaign team lives with it: written in two languages, signed with titles, handed
over, unanswered, changed twice, printed.
"""

from __future__ import annotations

import io
import secrets

import feedparser
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.stage import Site, sign_in

SIGNATORIES = {
    "Anna Aller": ("Director", "First House"),
    "Borys Behr": ("President", "Second Federation"),
    "Ciara Cole": ("Executive Director", "Third Line"),
    "Dana Dahl": ("Director", "Fourth Foundation"),
    "Emil Ernst": ("Director, Europe Division", "Fifth Watch"),
}


def write_it(page: Page, site: Site, slug: str) -> None:
    """In two languages, to a minister who is not in the book yet; then published."""
    page.goto(f"{site.url}/desk/statements/new")
    page.locator("#title_en").fill("Withdraw the lawsuit")
    page.locator("#body_en").fill(
        "The Committee is to be liquidated.\n\n## We ask\n\n1. Withdraw the lawsuit agianst it."
    )
    page.locator(".text-of > summary", has_text="Беларуская").click()
    page.locator("#title_be").fill("Адклічыце пазоў")
    page.locator("#body_be").fill("Камітэт хочуць ліквідаваць.\n\n## Мы просім\n\n1. Адклікаць пазоў.")
    page.locator("summary", has_text="Somebody who is not in the address book yet").click()
    page.locator("#name_en").fill("Minister Example")
    page.locator("#role_en").fill("Minister of Justice")
    page.locator("#kind").select_option("open letter")
    page.get_by_label("Organisations only", exact=True).check()
    page.locator("#slug").fill(slug)
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Publish and open for signatures").click()
    expect(page.get_by_role("link", name="Public page")).to_be_visible()


def hand_it_over(page: Page, site: Site, slug: str) -> None:
    """By post, to the minister, half a year ago, without a reply."""
    page.goto(f"{site.url}/desk/statements/{slug}/handovers")
    page.get_by_label("To whom").or_(page.locator("#to_whom")).first.fill("The office of the minister")
    page.locator("#by_whom").fill("Five organisations")
    page.locator("#handed_on").fill("2026-05-01")
    page.locator("#channel").select_option("post")
    page.get_by_role("button", name="Save the answer", exact=True).click()
    expect(page.get_by_text("Handover recorded; the list is frozen as of now.")).to_be_visible()


def change(page: Page, site: Site, slug: str, before: str, after: str, kind: str, note: str = "") -> None:
    """A word of the English text, published as what it is."""
    page.goto(f"{site.url}/desk/statements/{slug}/edit")
    text = page.locator("#body_en")
    text.fill(text.input_value().replace(before, after))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Check and publish").click()
    page.locator(f"input[name=change][value={kind}]").check()
    page.locator("#note").fill(note)
    page.get_by_role("button", name="Publish this text").click()
    expect(page.get_by_text("Draft, not yet public")).to_have_count(0)


def read(page: Page, address: str) -> str:
    """The words of a PDF."""
    body = page.request.get(address).body()
    return " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(body)).pages)
        .replace("\u00ad", "")
        .split()
    )


def test_an_open_letter_from_its_first_word_to_the_missing_reply(site: Site, page: Page) -> None:
    slug = f"letter-{secrets.token_hex(4)}"
    public = f"{site.url}/s/{slug}"
    sign_in(page, site)
    write_it(page, site, slug)
    for name, (title, organisation) in SIGNATORIES.items():
        site.listed(
            f"/s/{slug}", {"organisation_name": f"{organisation} {slug}", "name": name, "title": title}
        )
    site.shown(f"/s/{slug}", 5)
    hand_it_over(page, site, slug)
    page.goto(public)
    expect(page.get_by_text("Minister of Justice", exact=True)).to_be_visible()
    for name, (title, _organisation) in SIGNATORIES.items():
        expect(
            page.get_by_text(f"{name}, {title}").or_(page.locator(".signatories li", has_text=name)).first
        ).to_be_visible()
    expect(page.get_by_text("No reply for").first).to_be_visible()
    change(page, site, slug, "agianst", "against", "editorial")
    change(
        page,
        site,
        slug,
        "Withdraw the lawsuit against it.",
        "Withdraw the lawsuit against it, and return the office.",
        "material",
        "The office is new.",
    )
    page.goto(f"{public}/versions")
    expect(page.get_by_text("The office is new.")).to_be_visible()
    words = read(page, f"{public}/statement.pdf")
    assert "return the office" in words
    assert words.count("signed text 2") + words.count("signed text 1") == 5
    page.goto(f"{site.url}/desk/statements/{slug}/handovers")
    with page.expect_download() as download:
        page.get_by_role("button", name="Text and list as PDF, as handed over").click()
    then = " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages).split()
    )
    assert "return the office" not in then
    assert all(name in then for name in SIGNATORIES)
    entry = feedparser.parse(page.request.get(f"{public}/feed.atom").body()).entries[0]
    assert entry.title == "Withdraw the lawsuit"
    assert "return the office" in entry.content[0].value
    page.goto(f"{site.url}/be/s/{slug}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Адклічыце пазоў")
