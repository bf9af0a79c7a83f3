"""What flows of the browser have in common: signing, looking narrow and wide, pasting."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.stage import Site

WITHIN = 20_000  # generous: how fast it is, `make bench` measures


def fill_in(
    page: Page,
    site: Site,
    path: str,
    *,
    name: str,
    email: str,
    organisation: str = "",
    visibility: str = "public",
) -> None:
    """Fill in the form as a reader would, and send it."""
    page.goto(site.url + path)
    if organisation:
        page.get_by_label("For an organisation", exact=True).check()
        page.get_by_label("Organisation", exact=True).fill(organisation)
        page.get_by_label("Your role in it").fill("Director")
    page.locator(f"#visibility-{visibility}").check()
    if visibility != "counted":
        page.get_by_label("Your name", exact=True).fill(name)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Country").select_option("PL")
    page.get_by_label("I have read the text").check()
    page.get_by_role("button", name="Sign the petition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")


def confirm(page: Page, link: str) -> None:
    """Open the link of the mail and press the one button."""
    page.goto(link)
    page.get_by_role("button", name="Yes, I sign").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your signature is confirmed")


def fits(page: Page) -> bool:
    """Nothing stands beside the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def narrow_and_wide(page: Page) -> None:
    """The page fits a phone and a desk."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page), width


PASTE = """([field, html]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "without looks");
  const area = document.querySelector(field);
  area.focus();
  area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
