"""A release campaign as a campaigner runs it: the seven entered, one more by hand, a signature, a release,
and all that follows from it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.stage import ROOT, Site, sign_in

SEVEN = ROOT / "campaign/desk/sample/people.json"


def seven(folder: Path, mark: str) -> Path:
    """The sample's case files under names of this test's own, and without the organisation, which this
    site does not know.
    """
    files = json.loads(SEVEN.read_text())
    for person in files["people"]:
        person["slug"] += f"-{mark}"
        person.pop("organisation", None)
        person.pop("kept_by", None)
        person["names"] = {code: f"{name} {mark}" for code, name in person["names"].items()}
        person["aliases"] = [f"{alias} {mark}" for alias in person.get("aliases", ())]
    path = folder / "seven.json"
    path.write_text(json.dumps(files))
    return path


def enter_event(page: Page, case: str, kind: str, when: str, **more: str) -> None:
    page.goto(f"{case}/events/new")
    page.locator("#kind").select_option(kind)
    page.locator("#when").fill(when)
    for field, typed in more.items():
        page.locator(f"#{field}").fill(typed)
    page.get_by_role("button", name="Save").click()


def test_a_campaign_from_the_case_files_to_a_release(page: Page, site: Site, tmp_path: Path) -> None:
    mark = secrets.token_hex(3)
    path = site.statement(kind="release campaign", goal=None)
    desk = f"{site.url}/desk"
    sign_in(page, site)

    # The seven come from a file, after a look at what it would do.
    page.goto(f"{desk}/people/sheet")
    page.locator("#file").set_input_files(seven(tmp_path, mark))
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_role("region", name="What the import will do")).to_contain_text("7")
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_text("Imported: 7 new, 0 changed.")).to_be_visible()

    # An eighth is entered by hand.
    page.goto(f"{desk}/people/new")
    page.locator("#name_en").fill(f"Jana Example {mark}")
    page.locator("summary", has_text="Other languages, scripts and spellings").click()
    page.locator("#name_be").fill(f"Яна Прыклад {mark}")
    page.locator("#role_en").fill("volunteer")
    page.locator("summary", has_text="Address for letters").click()
    page.locator("#address_Cyrl").fill("Калонія 4\nвул. Антошкіна, 3\n246035 Гомель")
    page.locator("#letters").select_option("yes")
    page.get_by_role("button", name="Save").click()
    # Forgotten: the country. What was typed stays.
    expect(page.get_by_role("alert").or_(page.locator(".error").first).first).to_be_visible()
    expect(page.locator("#name_en")).to_have_value(f"Jana Example {mark}")
    page.locator("#country_Cyrl").select_option("BY")
    page.get_by_role("button", name="Save").click()
    case = f"{desk}/people/jana-example-{mark}"
    page.wait_for_url(case)
    enter_event(page, case, "sentence", "2023-03-03", years="9")
    expect(page.locator(".error").first).to_be_visible()
    today = dt.datetime.now(dt.UTC).date()
    enter_event(page, case, "arrest", (today - dt.timedelta(days=1000)).isoformat())
    enter_event(page, case, "verdict", (today - dt.timedelta(days=500)).isoformat())
    enter_event(page, case, "sentence", (today - dt.timedelta(days=500)).isoformat(), years="9")
    enter_event(page, case, "hearing", "2099-09-30", sits_at="11:00", place_en="Minsk")
    page.goto(case)
    page.get_by_label("Page, portrait, life").or_(page.locator("input[name=wish][value=full]")).first.check()
    page.locator("#said_by").fill("her mother, by phone")
    page.get_by_role("button", name="Save the answer").click()
    page.get_by_role("button", name="Confirm the status").click()

    # Who the campaign is for.
    page.goto(f"{desk}/statements/{path[3:]}/people?q={mark}")
    for name in ("Jana Example", "Marfa Rabkova", "Ales Bialiatski", "Andrei Chapiuk"):
        page.goto(f"{desk}/statements/{path[3:]}/people?q={mark}")
        page.get_by_role("row").filter(has_text=f"{name} {mark}").get_by_role("button", name="Add").click()

    # A visitor reads the campaign, and signs.
    page.goto(f"{site.url}{path}")
    tiles = page.locator(".its-people .person")
    expect(tiles).to_have_count(4)
    jana = tiles.filter(has_text="Jana Example")
    expect(jana).to_contain_text("1,000")
    expect(jana).to_contain_text("serving a sentence")
    expect(tiles.filter(has_text="Ales Bialiatski")).to_contain_text("released, 13 December 2025")
    expect(tiles.filter(has_text="Andrei Chapiuk")).to_contain_text("at least")
    expect(page.locator(".sums")).to_contain_text("2 in detention · 2 free again")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    link = site.signed(path, email=f"{mark}@post.example.org", updates=True)

    # What they can do: a postcard, cards, the calendar.
    jana.get_by_role("link").click()
    page.get_by_role("link", name="Address and what to write").click()
    expect(page.locator("#postal-Cyrl")).to_have_value(re.compile("Калонія 4"))
    public = f"{site.url}/p/jana-example-{mark}"
    postcard = page.request.get(f"{public}/postcard.pdf")
    (tmp_path / "postcard.pdf").write_bytes(postcard.body())
    assert "Антошкіна" in PdfReader(tmp_path / "postcard.pdf").pages[-1].extract_text()
    for address in (
        f"{public}/card.png",
        f"{site.url}/be/p/jana-example-{mark}/card.png",
        f"{site.url}{path}/card.png",
    ):
        assert page.request.get(address).body().startswith(b"\x89PNG"), address
    hearings = Calendar.from_ical(page.request.get(f"{site.url}{path}/calendar.ics").text()).walk("VEVENT")
    assert max(event["DTSTART"].dt.isoformat() for event in hearings) == "2099-09-30T11:00:00+03:00"

    # The day of the release: one event is recorded.
    before = page.request.get(f"{site.url}{path}/card.png").body()
    enter_event(page, case, "release", today.isoformat())
    page.goto(case)
    page.get_by_role("link", name=f"At liberty: Jana Example {mark}").click()
    expect(page.locator("#body_en")).to_have_value(
        re.compile("1,000 days in detention.*In detention: Marfa Rabkova", re.S)
    )
    page.locator("#title_en").fill(f"Jana Example {mark} is free")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text=f"Jana Example {mark} is free")
    row.get_by_role("button", name="Publish").click()
    page.get_by_role("row").filter(has_text=f"Jana Example {mark} is free").get_by_role(
        "link", name="E-mail signers"
    ).click()
    expect(page.get_by_text("1 signer asked for news")).to_be_visible()
    page.get_by_role("button", name="Send 1 e-mail").click()
    page.goto(site.mail_to(f"{mark}@post.example.org"))
    expect(page.get_by_role("link", name=f"Jana Example {mark} is free")).to_be_visible()
    assert link.rpartition("/c/")[0] in page.url

    # Everything has followed, and the campaign goes on.
    page.goto(f"{site.url}{path}")
    expect(page.locator(".sums")).to_contain_text("1 in detention · 3 free again")
    expect(tiles.first).to_contain_text("Marfa Rabkova")
    expect(tiles.filter(has_text="Jana Example")).to_contain_text("1,000")
    expect(page.get_by_role("heading", name=f"Jana Example {mark} is free")).to_be_visible()
    assert f"Jana Example {mark} is free" in page.request.get(f"{site.url}{path}/feed.atom").text()
    assert page.request.get(f"{public}/postcard.pdf").status == 404
    for _try in range(30):
        if page.request.get(f"{site.url}{path}/card.png").body() != before:
            break
        page.wait_for_timeout(200)
    assert page.request.get(f"{site.url}{path}/card.png").body() != before
    expect(page.get_by_role("button", name="Join the campaign")).to_be_visible()
