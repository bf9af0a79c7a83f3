"""A campaign as a campaign lead sets it up: each click and each field counts as one, and forty are enough."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Site, sign_in
from tests.world.pictures import picture

MOST = 40


@dataclass
class Hand:
    """A hand that counts what it does. Texts are pasted: a field is one step, however long it is."""

    page: Page
    steps: list[str] = field(default_factory=list)

    def click(self, target: Locator) -> None:
        """One click."""
        self.steps.append(f"click  {(target.text_content() or '').strip()[:60]}")
        target.click()

    def paste(self, name: str, text: str) -> None:
        """One field, filled."""
        self.steps.append(f"field  {name}")
        self.page.locator(f"#{name}").fill(text)

    def choose(self, name: str, value: str) -> None:
        """One list, or one of several answers."""
        self.steps.append(f"choose {name}: {value}")
        if self.page.locator(f"select#{name}").count():
            self.page.locator(f"#{name}").select_option(value)
        else:
            self.page.locator(f"input[name={name}][value={value}]").check()

    def attach(self, name: str, file: Path) -> None:
        """One file."""
        self.steps.append(f"file   {name}")
        self.page.locator(f"#{name}").set_input_files(file)

    def tab(self, name: str) -> None:
        """One tab of the statement."""
        bar = self.page.get_by_role("navigation", name="This statement")
        self.click(bar.get_by_role("link", name=name, exact=True))
        expect(bar.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")

    def button(self, name: str) -> None:
        """One button."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        """One link."""
        self.click(self.page.get_by_role("link", name=name, exact=True))


def write_it(hand: Hand, mark: str) -> None:
    """In two languages, to a minister who is not in the book yet, with an address for the press."""
    hand.link("Statements")
    hand.link("Write a statement")
    hand.choose("kind", "release campaign")
    hand.paste("title_en", f"Free the three {mark}")
    hand.paste("body_en", "They helped others.\n\n## We ask\n\n1. Release them.")
    hand.click(hand.page.locator(".text-of > summary", has_text="Беларуская"))
    hand.paste("title_be", f"Вызваліце траіх {mark}")
    hand.paste("body_be", "Яны дапамагалі іншым.\n\n## Мы патрабуем\n\n1. Вызваліць іх.")
    hand.click(hand.page.locator("summary", has_text="Somebody who is not in the address book yet"))
    hand.paste("name_en", f"Minister Example {mark}")
    hand.paste("role_en", "Minister of Justice")
    hand.paste("press_email", "press@league.example.org")
    hand.button("Save as a draft")


def enter_people(hand: Hand, mark: str, portrait: Path) -> None:
    """Three people with portraits: the second and the third have a case like the first."""
    hand.tab("People")
    hand.link("Add a person")
    hand.paste("name_en", f"Jana Example {mark}")
    hand.paste("name_be", f"Яна Прыклад {mark}")
    hand.paste("role_en", "volunteer")
    hand.attach("picture", portrait)
    hand.paste("arrested", "2021-07-14")
    hand.choose("wish", "full")
    hand.paste("said_by", "the family, by phone")
    hand.button("Save")
    for english, belarusian in (("Lev Sample", "Леў Узор"), ("Ina Instance", "Іна Прыкладная")):
        row = hand.page.get_by_role("row").filter(has_text=f"Jana Example {mark}")
        hand.click(row.get_by_role("link", name=re.compile("^Duplicate")))
        hand.paste("name_en", f"{english} {mark}")
        hand.paste("name_be", f"{belarusian} {mark}")
        hand.attach("picture", portrait)
        hand.choose("wish", "full")
        hand.paste("said_by", "the family, by phone")
        hand.button("Save")


def test_a_campaign_with_three_people_is_published_in_forty_clicks(
    site: Site, scripted: Page, tmp_path: Path
) -> None:
    mark = secrets.token_hex(3)
    portrait = tmp_path / "portrait.png"
    portrait.write_bytes(picture())
    sign_in(scripted, site)
    scripted.goto(f"{site.url}/desk/")
    hand = Hand(scripted)

    write_it(hand, mark)
    expect(scripted.locator(".checklist")).to_contain_text("Nobody yet: please add the people")
    enter_people(hand, mark, portrait)
    hand.link("Check and publish")
    expect(scripted.locator(".checklist")).not_to_contain_text("missing")
    hand.button("Publish and open for signatures")
    expect(scripted.get_by_text("Published. Everyone can read it now.")).to_be_visible()

    print(*(f"{number:2}  {step}" for number, step in enumerate(hand.steps, 1)), sep="\n")
    print(f"A campaign with three people, two languages, addressee and portraits: {len(hand.steps)} clicks.")
    assert len(hand.steps) <= MOST

    for prefix, title, name in (("", "Free the three", "Lev Sample"), ("/be", "Вызваліце траіх", "Леў Узор")):
        scripted.goto(f"{site.url}{prefix}/s/free-the-three-{mark}")
        expect(scripted.get_by_role("heading", level=1)).to_have_text(f"{title} {mark}")
        expect(scripted.locator(".its-people .person")).to_have_count(3)
        expect(scripted.locator(".its-people .person img")).to_have_count(3)
        expect(scripted.locator(".its-people")).to_contain_text(f"{name} {mark}")
    scripted.goto(f"{site.url}/s/free-the-three-{mark}")
    expect(scripted.locator(".to")).to_contain_text(f"Minister Example {mark}")
