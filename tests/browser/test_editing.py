"""Writing together in a browser: a conflict, a translation beside its original, and demands that change."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from campaign.core.database import writing
from campaign.statements import operations
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from tests.browser.acts import PASTE, fits, narrow_and_wide
from tests.browser.stage import Site, sign_in
from tests.support import BELARUSIAN

NEW = StatementText(
    "en", "Free them all", "They helped others.\n\n## We ask\n\n1. Release and rehabilitate them."
)


def desk_of(site: Site, path: str) -> str:
    """The page of a statement on the desk."""
    return f"{site.url}/desk{path.replace('/s/', '/statements/')}"


def test_two_editors_see_both_versions_and_one_takes_the_other(site: Site, page: Page) -> None:
    path = site.statement()
    sign_in(page, site)
    other = page.context.new_page()
    for tab, title in ((other, "Free them now"), (page, "Free them today")):
        tab.goto(f"{desk_of(site, path)}/edit")
        tab.get_by_label("Title", exact=True).first.fill(title)
    for tab in (other, page):
        tab.get_by_role("button", name="Save", exact=True).click()
        tab.wait_for_load_state()
    expect(page.locator(".theirs del")).to_have_text("now")
    expect(page.locator(".mine ins")).to_have_text("today")
    expect(page.locator("#title_en")).to_have_value("Free them today")
    narrow_and_wide(page)
    page.get_by_role("button", name="Take theirs here").click()
    expect(page.locator("#title_en")).to_have_value("Free them now")
    page.locator("#title_en").fill("Free them now, today")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.").first).to_be_visible()


def test_a_translation_is_written_beside_its_original(site: Site, page: Page) -> None:
    path = site.statement()
    with site.app.app_context(), writing() as session:
        statement = session.scalars(select(Statement).where(Statement.slug == path[3:])).one()
        operations.save_draft(session, statement, [NEW, BELARUSIAN])
    sign_in(page, site)
    page.goto(f"{desk_of(site, path)}/publish")
    expect(page.get_by_text("Some translations are out of date")).to_be_visible()
    page.goto(desk_of(site, path))
    page.locator(".translations").get_by_role("link", name="Беларуская").click()
    expect(page.locator(".original ins")).to_have_text("and rehabilitate ")
    for width, beside in ((1280, True), (360, False)):
        page.set_viewport_size({"width": width, "height": 900})
        original, translation = (
            page.locator(f"section[aria-labelledby={name}]").bounding_box()
            for name in ("original", "translation")
        )
        assert original and translation
        assert (original["y"] == translation["y"]) is beside
        assert fits(page)
    page.get_by_label("Text, in Markdown").fill("Яны дапамагалі іншым. Рэабілітаваць іх.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The new text is a draft")).to_be_visible()
    expect(page.get_by_text("Behind the original")).to_have_count(0)


def test_an_earlier_signer_agrees_and_the_list_says_so(site: Site, page: Page) -> None:
    path = site.statement()
    link = site.signed(path, name="Anna Example")
    site.signed(path, name="Borys Example")
    site.shown(path, 2)
    with site.app.app_context(), writing() as session:
        statement = session.scalars(select(Statement).where(Statement.slug == path[3:])).one()
        operations.save_draft(session, statement, [NEW, BELARUSIAN])
        operations.publish(session, statement, Change.MATERIAL, "Rehabilitation is new.")
    page.goto(link)
    expect(page.locator("#anew ins")).to_have_text("and rehabilitate ")
    narrow_and_wide(page)
    page.get_by_role("button", name="Yes, I agree to the new text too").click()
    expect(page.get_by_text("Signed text 2.")).to_be_visible()
    for _try in range(50):
        page.goto(f"{site.url}{path}/signatories?demands=current")
        if page.get_by_text("Anna Example").count():
            break
        page.wait_for_timeout(100)
    expect(page.get_by_text("Anna Example")).to_be_visible()
    expect(page.get_by_text("Borys Example")).to_have_count(0)
    page.goto(f"{site.url}{path}/signatories")
    expect(page.locator("li", has_text="Borys Example")).to_contain_text("signed text 1")
    narrow_and_wide(page)


def test_what_is_pasted_can_be_undone_with_a_key(site: Site, scripted: Page) -> None:
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk/statements/new")
    scripted.locator("#body_en").fill("Typed before. ")
    scripted.locator("#body_en").press("End")
    scripted.evaluate(PASTE, ["#body_en", "<h2>We ask</h2><ul><li>Release <b>them</b>.</li></ul>"])
    expect(scripted.locator("#body_en")).to_have_value("Typed before. ## We ask\n\n- Release **them**.")
    scripted.keyboard.press("Control+z")
    expect(scripted.locator("#body_en")).to_have_value("Typed before. ")


def test_text_survives_a_closed_tab(site: Site, scripted: Page) -> None:
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk/statements/new")
    scripted.locator("#title_en").click()
    scripted.keyboard.type("Written and not saved")
    expect(scripted.locator("#kept")).to_contain_text("Kept for you at")
    # The browser warns before the tab is closed.
    with scripted.expect_event("dialog") as asked:
        scripted.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()

    again = scripted.context.new_page()
    again.goto(f"{site.url}/desk/statements/new")
    expect(again.locator("#title_en")).to_have_value("")
    again.get_by_role("link", name="Go on writing with it").click()
    expect(again.locator("#title_en")).to_have_value("Written and not saved")
    again.locator("#body_en").fill("They helped others.")
    again.get_by_role("button", name="Save as a draft").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Written and not saved")
    again.goto(f"{site.url}/desk/statements/new")
    expect(again.get_by_text("You typed something here")).to_have_count(0)
