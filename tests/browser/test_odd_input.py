"""What hardly anybody expects and somebody does: names in ten scripts, forms sent twice, Back, a team
session, things blocked.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import confirm, fill_in
from tests.browser.stage import Site, sign_in

FITS = "document.documentElement.scrollWidth <= innerWidth"
SCRIPTS = (
    "Алесь Бяляцкі",
    "Aleś Bialacki",
    "გიორგი მაგალითი",
    "Արամ Օրինակ",
    "محمد مثال",
    "דוד לדוגמה",
    "田中 太郎",
    "김예제",
    "अनिल उदाहरण",
    "Ελένη Παράδειγμα",
)
LONGEST = " ".join(["Вельмідоўгаеімя"] * 12) + " Канец"


@pytest.fixture
def phone(chromium: Browser) -> object:
    """The narrowest window, with scripts."""
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def test_names_in_ten_scripts_stand_side_by_side(site: Site, phone: Page) -> None:
    path = site.statement()
    site.listed(path, *((name, "Горад 🌻") for name in SCRIPTS))
    for address in (path, f"{path}/signatories"):
        phone.goto(site.url + address)
        for name in SCRIPTS:
            expect(phone.locator("[data-signatory] bdi", has_text=name).first).to_be_visible()
        assert phone.evaluate(FITS)
    # A name that is written from right to left turns nothing around it: its place stands behind it.
    name, place = (
        phone.locator("[data-signatory]", has_text="محمد مثال").locator(part).first.bounding_box()
        for part in ("bdi", "small")
    )
    assert name and place
    assert place["x"] >= name["x"] + name["width"] - 1 or place["y"] > name["y"]


def test_names_from_right_to_left_turn_nothing_around_them(site: Site, phone: Page) -> None:
    path = site.statement()
    site.listed(path, {"organisation_name": "جمعية مثال", "name": "محمد مثال", "title": "Chair"})
    link = site.filled_in(path, name="דוד לדוגמה", city="Hrodna, 2")
    phone.goto(link)
    expect(phone.locator(".as-shown bdi").first).to_have_text("דוד לדוגמה")
    confirm(phone, link)
    expect(phone.locator("#yours .as-shown bdi").first).to_have_text("דוד לדוגמה")
    site.shown(path, 2)
    phone.goto(site.url + path)
    names = phone.locator("#live-list [data-signatory] bdi").all_inner_texts()
    assert names == ["جمعية مثال", "محمد مثال", "Chair", "Poland", "דוד לדוגמה", "Hrodna, 2"]
    # Name, role and country follow one another as anybody's do.
    places = [
        part.evaluate("part => part.getBoundingClientRect().left")
        for part in phone.locator(".register small bdi").all()
    ]
    assert len(places) == 3
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["Ы", LONGEST[:200].strip(), "W" * 200])
def test_the_shortest_and_the_longest_name_stand_as_they_are(site: Site, phone: Page, name: str) -> None:
    path = site.statement()
    address = f"odd@{path[3:]}.example.org"
    fill_in(phone, site, path, name=name, email=address)
    link = site.mail_to(address)
    phone.goto(link)
    expect(phone.locator(".as-shown")).to_contain_text(name)
    assert phone.evaluate(FITS)
    confirm(phone, link)
    assert phone.evaluate(FITS)
    site.shown(path, 1)
    for shown in (path, f"{path}/signatories"):
        phone.goto(site.url + shown)
        expect(phone.locator("[data-signatory] bdi").first).to_have_text(name)
        assert phone.evaluate(FITS)


def test_a_city_with_an_emoji_is_asked_for_without_it(site: Site, phone: Page) -> None:
    path = site.statement()
    address = f"city@{path[3:]}.example.org"
    phone.goto(site.url + path)
    phone.get_by_label("City").fill("Гродна 🕊️")
    phone.get_by_label("Your name", exact=True).fill("Anna Example")
    phone.get_by_label("E-mail", exact=True).fill(address)
    phone.get_by_label("Country").select_option("BY")
    phone.locator("#visibility-public").check()
    phone.get_by_label("I have read the text").check()
    phone.get_by_role("button", name="Sign the petition").click()
    expect(phone.get_by_text("without emoji").first).to_be_visible()
    expect(phone.get_by_label("City")).to_have_value("Гродна 🕊️")
    phone.get_by_label("City").fill("Гродна")
    phone.get_by_label("I have read the text").check()
    phone.get_by_role("button", name="Sign the petition").click()
    confirm(phone, site.mail_to(address))
    expect(phone.locator(".as-shown")).to_contain_text("Гродна")


def test_a_form_that_is_sent_twice_counts_once(site: Site, scripted: Page) -> None:
    path = site.statement()
    address = f"twice@{path[3:]}.example.org"
    fill_in(scripted, site, path, name="Anna Example", email=address)
    scripted.go_back()
    scripted.get_by_label("I have read the text").check()
    scripted.get_by_role("button", name="Sign the petition").click()
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    confirm(scripted, site.mail_to(address, 1))
    site.shown(path, 1)
    scripted.goto(site.mail_to(address, 2))
    scripted.get_by_role("button", name="Yes, I sign").click()
    expect(scripted.get_by_role("heading", level=1)).to_contain_text("signed")
    # Had it counted twice, there would be four.
    site.listed(path, "Somebody Else", "Another One")
    site.shown(path, 3)


def test_a_double_click_on_confirm_signs_once(site: Site, scripted: Page) -> None:
    path = site.statement()
    scripted.goto(site.filled_in(path))
    scripted.get_by_role("button", name="Yes, I sign").dblclick()
    expect(scripted.get_by_role("heading", level=1)).to_contain_text("Your signature is confirmed")
    site.shown(path, 1)


def test_back_after_confirming_shows_that_it_is_done(site: Site, scripted: Page) -> None:
    path = site.statement()
    scripted.goto(site.url + path)
    confirm(scripted, site.filled_in(path))
    scripted.go_back()
    expect(scripted.get_by_role("heading", level=1)).to_contain_text("Your signature is confirmed")
    expect(scripted.get_by_role("button", name="Yes, I sign")).to_have_count(0)


def test_a_session_of_the_team_changes_nothing_for_a_signer(site: Site, scripted: Page) -> None:
    path = site.statement()
    scripted.goto(site.url + path)
    before = scripted.locator("main").inner_html()
    sign_in(scripted, site)
    scripted.goto(site.url + path)
    assert scripted.locator("main").inner_html() == before
    address = f"both@{path[3:]}.example.org"
    fill_in(scripted, site, path, name="Anna Example", email=address)
    confirm(scripted, site.mail_to(address))
    site.shown(path, 1)


@pytest.mark.parametrize("blocked", ["script", "image", "font", "stylesheet"])
def test_with_something_blocked_one_signs_all_the_same(site: Site, chromium: Browser, blocked: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.route(
        "**/*", lambda route: route.abort() if route.request.resource_type == blocked else route.continue_()
    )
    page = context.new_page()
    path = site.statement()
    address = f"{blocked}@{path[3:]}.example.org"
    fill_in(page, site, path, name="Anna Example", email=address)
    confirm(page, site.mail_to(address))
    page.goto(site.url + path)
    assert blocked == "stylesheet" or page.evaluate(FITS)
    context.close()


def test_thirty_organisations_and_three_thousand_people(site: Site, chromium: Browser) -> None:
    path = site.statement(goal=5_000)
    site.listed(
        path,
        *(
            {
                "organisation_name": f"Organisation for Human Rights № {number}",
                "name": "Anna",
                "title": "Chair",
            }
            for number in range(30)
        ),
    )
    site.listed(path, *((f"Signer Number {number}", "Warszawa") for number in range(3_000)))
    for size in ({"width": 320, "height": 640}, {"width": 1280, "height": 900}):
        context = chromium.new_context(viewport=size)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(site.url + path)
        expect(page.locator("#list-title")).to_have_text("Signed by 30 organisations and 3,000 people")
        expect(page.locator("#live-list .register li")).to_have_count(30)
        expect(page.locator("#live-list")).to_contain_text("and 2,940 more people")
        assert page.evaluate(FITS)
        page.get_by_role("link", name="Full list").click()
        page.get_by_role("link", name="Next").click()
        expect(page.locator("[data-signatory]")).to_have_count(100)
        page.get_by_label("Find a name").fill("number 2999")
        page.get_by_role("button", name="Find").click()
        expect(page.locator("[data-signatory]")).to_have_count(1)
        context.close()
