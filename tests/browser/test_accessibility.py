"""Every page in every state: axe finds nothing, nothing scrolls sideways, targets are large, type is
legible, forced colours keep their marks.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from campaign.signatures.models import Visibility
from campaign.statements.models import Safety
from campaign.statements.operations import StatementText
from tests.browser.stage import Site, sign_in
from tests.database import NIGHT
from tests.support import code_in

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
NARROW, ZOOMED, WIDE = (
    {"width": 320, "height": 640},
    {"width": 640, "height": 450},
    {"width": 1280, "height": 900},
)
SMALLEST_TYPE = 13
SMALLEST_HINT = 16
SMALLEST_TARGET = 44

TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter(part => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest(".visually-hidden, table, .skip"))
  .map(part => `${part.tagName} ${part.className} ${part.textContent.trim().slice(0, 40)}`).concat("the page scrolls sideways").slice(0, 5)"""

TOO_SMALL = """least => [...new Set([...document.querySelectorAll("body *")]
  .filter(part => [...part.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .filter(part => part.checkVisibility({visibilityProperty: true}) && !part.closest(".visually-hidden, option, noscript"))
  .filter(part => parseFloat(getComputedStyle(part).fontSize) < least)
  .map(part => `${part.tagName}.${part.className} ${getComputedStyle(part).fontSize} ${part.textContent.trim().slice(0, 30)}`))].slice(0, 9)"""

# How far up and down, left and right of its middle a target takes the pointer. Links in running text are as
# high as their line.
TOO_TIGHT = """least => {
  const running = link => {
    if (getComputedStyle(link).display !== "inline") return false;
    const block = link.closest("p, li, dd, dt, td, th, div, h1, h2, h3, h4, small, label, caption");
    const own = [...block.querySelectorAll("a")].map(other => other.textContent).join("");
    const said = text => text.replace(/[\\s,.·:]/g, "");
    return said(block.textContent).length > said(own).length || block.querySelectorAll("a").length > 1;
  };
  const takes = (target, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (target.contains(hit) || hit.closest("label")?.control === target);
  };
  const reach = (target, x, y, dx, dy) => {
    let far = 0;
    while (far < least && takes(target, x + dx * (far + 1), y + dy * (far + 1))) far += 1;
    return far;
  };
  const found = [];
  for (const target of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")) {
    if (!target.checkVisibility({visibilityProperty: true}) || target.closest(".skip, .visually-hidden, .trap")) continue;
    if (target.matches("a") && running(target)) continue;
    target.scrollIntoView({block: "center", behavior: "instant"});
    const box = target.getClientRects()[0];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const high = reach(target, x, y, 0, -1) + reach(target, x, y, 0, 1) + 1;
    const wide = reach(target, x, y, -1, 0) + reach(target, x, y, 1, 0) + 1;
    if (high < least || wide < least) found.push(`${target.tagName} ${target.id || target.textContent.trim().slice(0, 40)}: ${wide} × ${high}`);
  }
  return found;
}"""


@dataclass
class Stage:
    """What the pages show: one statement of each state, and links of signers in each state."""

    site: Site
    empty: str
    full: str
    closed: str
    foreign: str
    topic: str
    # A text that goes round: its drive, a personal link, and the shared one.
    drive: str
    asked: str
    shared: str
    # A release campaign, and one of its people.
    campaign: str
    person: str
    told: int
    # Of high safety.
    guarded: str = ""

    @property
    def states(self) -> dict[str, str]:
        """What stands in addresses: its fields, and the same things on the desk. `told` is the news of the
        campaign.
        """
        desks = {
            "desk_full": f"/statements{self.full[2:]}",
            "desk_campaign": f"/statements{self.campaign[2:]}",
            "desk_person": f"/people{self.person[2:]}",
            "desk_guarded": f"/statements{self.guarded[2:]}",
        }
        return vars(self) | desks

    def open(self, page: Page, path: str) -> None:
        """Open a page by its path or address."""
        page.goto(path if path.startswith("http") else self.site.url + path)


@pytest.fixture(scope="module")
def stage(site: Site) -> Stage:
    """Statements empty, full, closed, and in a language that the interface lacks."""
    topic, topic_id = site.topic()
    full = site.statement(goal=1_000, topics=(topic_id,))
    site.told(full, "They are free")
    site.listed(full, *({"organisation_name": f"Ліга № {number}", "name": "Anna", "title": "Director", "website": "https://league.example.org"}
                        for number in range(30)))  # fmt: skip
    site.listed(full, *((f"Signer Number {number}", "Warszawa") for number in range(3_000)))
    site.signed(full, visibility=Visibility.TEAM)
    site.listed(full, "From Elsewhere", country="DE")
    words = site.signed(full, name="Says Something", message="We are with you.")
    site.message_shown(words)
    closed = site.statement(close=True)
    site.kept_mail("Hello\n\nhttp://127.0.0.1/c/something\n")
    site.shown(full, 3_033)
    foreign = site.statement(StatementText("fr", "Libérez-les", "Ils ont aidé."))
    site.listed(
        foreign,
        {"organisation_name": "Ліга", "name": "Anna", "title": "Director", "website": ""},
        ("Jan Przykład", "Warszawa"),
    )
    site.listed(foreign, {"organisation_name": "Bund", "name": "", "title": "", "website": ""}, country="DE")
    return Stage(
        site,
        site.statement(),
        full,
        closed,
        foreign,
        topic,
        *site.going_round(),
        *site.campaign(),
        guarded=site.statement(safety=Safety.HIGH),
    )


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Page]:
    """One page for all states."""
    context = chromium.new_context(viewport=NARROW, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def at(path: str) -> Callable[[Stage, Page], None]:
    """A state that is an address, with the stage's statements by name."""
    return lambda stage, page: stage.open(page, path.format(**stage.states))


def mistakes(kind: str) -> Callable[[Stage, Page], None]:
    """The form, sent with hardly anything in it."""

    def state(stage: Stage, page: Page) -> None:
        stage.open(page, stage.empty)
        page.locator(f"#kind-{kind}").check()
        page.get_by_label("E-mail", exact=True).fill("no address")
        page.get_by_role("button", name="Sign the petition").click()
        page.wait_for_selector(".error-summary")

    return state


def second_page(stage: Stage, page: Page) -> None:
    stage.open(page, f"{stage.full}/signatories")
    page.locator("a[rel=next]").click()
    page.locator("a[rel=prev]").wait_for()


def with_code(stage: Stage, page: Page) -> None:
    stage.open(page, "/check-your-mail")
    page.get_by_label("Code from the e-mail").fill("12")
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_selector(".error-summary")


def confirming(**typed: Any) -> Callable[[Stage, Page], None]:
    """The page with the one button."""
    return lambda stage, page: stage.open(page, stage.site.filled_in(stage.empty, **typed))


def asked(press: str = "") -> Callable[[Stage, Page], None]:
    """The page behind a personal link with every part of it open, after a button was pressed."""

    def state(stage: Stage, page: Page) -> None:
        stage.open(page, stage.asked)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        if press:
            page.get_by_role("button", name=press, exact=True).click()
            page.locator(".error-summary, .notice-note").first.wait_for()

    return state


def managing(**typed: Any) -> Callable[[Stage, Page], None]:
    """The signer's page with every part of it open."""

    def state(stage: Stage, page: Page) -> None:
        stage.open(page, stage.site.signed(stage.foreign, **typed))
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")

    return state


def closed_while_reading(stage: Stage, page: Page) -> None:
    path = stage.site.statement()
    stage.open(page, path)
    stage.site.close(path)
    page.wait_for_timeout(600)  # until the web process asks anew whether it is open
    page.get_by_role("button", name="Sign the petition").click()
    page.wait_for_selector("h1:text('Closed for signatures')")


def closed_before_the_mail_came(stage: Stage, page: Page) -> None:
    path = stage.site.statement()
    link = stage.site.filled_in(path)
    stage.site.close(path)
    stage.open(page, link)
    page.get_by_role("button", name="Yes, I sign").click()
    page.wait_for_selector("h1:text('Closed for signatures')")


def closed_after_signing(stage: Stage, page: Page) -> None:
    path = stage.site.statement()
    link = stage.site.signed(path)
    stage.site.close(path)
    stage.open(page, link)


def expired(stage: Stage, page: Page) -> None:
    link = stage.site.filled_in(stage.empty)
    stage.site.expire(link)
    stage.open(page, link)
    page.wait_for_selector("h1:text('This link no longer works')")


def mistaken_news(stage: Stage, page: Page) -> None:
    stage.open(page, stage.site.signed(stage.foreign))
    page.get_by_label("E-mail", exact=True).fill("other@post.example.org")
    page.get_by_role("button", name="Send me news").click()
    page.wait_for_selector(".error")


def mistaken_name(stage: Stage, page: Page) -> None:
    stage.open(page, stage.site.signed(stage.foreign))
    page.get_by_text("Correct it").click()
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".error")


def signed_before(stage: Stage, page: Page) -> None:
    stage.site.signed(stage.foreign, email="twice@post.example.org")
    stage.open(page, stage.site.filled_in(stage.foreign, email="twice@post.example.org", city="Gdańsk"))
    page.get_by_role("button", name="Yes, I sign").click()
    page.wait_for_selector("#yours")


def withdrawn(stage: Stage, page: Page) -> None:
    stage.open(page, stage.site.signed(stage.foreign))
    page.get_by_text("Withdraw the signature", exact=True).click()
    page.get_by_role("button", name="Withdraw it now").click()
    page.wait_for_selector("h1:text('Withdrawn')")


def by_code(stage: Stage, page: Page) -> None:
    address = f"{secrets.token_hex(4)}@post.example.org"
    stage.site.filled_in(stage.foreign, email=address)
    stage.site.mail_to(address)
    stage.open(page, "/check-your-mail")
    page.get_by_label("Code from the e-mail").fill(code_in(stage.site.sink.to(address)[0]))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_selector("h1:text('Confirmed')")


def guarded_confirm(stage: Stage, page: Page) -> None:
    stage.open(page, stage.site.filled_in(stage.guarded))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")


def guarded_taken(stage: Stage, page: Page) -> None:
    guarded_confirm(stage, page)
    page.get_by_role("button", name="Yes, I sign").click()
    page.wait_for_selector(".words")


def unknown_words(stage: Stage, page: Page) -> None:
    stage.open(page, "/take-back")
    page.get_by_label("Your six words").fill("bade lomi")
    page.get_by_role("button", name="Withdraw it now").click()
    page.wait_for_selector(".error-summary")


def erased(stage: Stage, page: Page) -> None:
    stage.open(page, stage.site.signed(stage.foreign))
    page.get_by_text("Erase everything", exact=True).click()
    page.get_by_role("button", name="Erase everything now").click()
    page.wait_for_selector("h1:text('erased')")


def mailbox_mail(stage: Stage, page: Page) -> None:
    stage.open(page, "/mailbox")
    page.locator("main a").first.click()
    page.wait_for_selector(".mail-text")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")


STATES: dict[str, Callable[[Stage, Page], None]] = {
    "home": at("/"),
    "home in German": at("/de/"),
    "statements": at("/s/"),
    "statement, empty": at("{empty}"),
    "statement, full": at("{full}"),
    "statement, full, in Belarusian": at("/be{full}"),
    "statement, closed": at("{closed}"),
    "statement in another language": at("{foreign}"),
    "form with mistakes": mistakes("person"),
    "form with mistakes of an organisation": mistakes("organisation"),
    "topic": at("{topic}"),
    "topic, in Belarusian": at("/be{topic}"),
    "versions": at("{full}/versions"),
    "version": at("{full}/versions/1"),
    "how the list was made": at("{full}/how-this-list-was-made"),
    "list": at("{full}/signatories"),
    "list, second page": second_page,
    "list, found": at("{full}/signatories?q=number+7"),
    "list, nothing found": at("{full}/signatories?q=zzzz"),
    "list, empty": at("{empty}/signatories"),
    "list by country": at("{foreign}/signatories?by=country"),
    "report of a name": at("{full}/report"),
    "asked to sign": asked(),
    "asked to sign, with mistakes": asked(press="We sign"),
    "asked to sign, declined": asked(press="We do not sign"),
    "suggesting a change": at("{asked}/suggest"),
    "asked by the shared link": at("{shared}"),
    "campaign": at("{campaign}"),
    "campaign, in Belarusian": at("/be{campaign}"),
    "people of a campaign": at("{campaign}/people"),
    "timeline of a campaign": at("{campaign}/timeline"),
    "letters to addressees": at("{campaign}/write"),
    "people": at("/p/"),
    "people, nobody found": at("/p/?q=zzzz"),
    "person": at("{person}"),
    "letter to a person": at("{person}/letter"),
    "about": at("/about"),
    "privacy": at("/privacy"),
    "signing safely": at("/safety"),
    "signing safely, in Belarusian": at("/be/safety"),
    "unknown address": at("/nothing"),
    "check your mail": at("/check-your-mail"),
    "check your mail, code refused": with_code,
    "confirm": confirming(message="We are with you."),
    "confirm, organisation": confirming(kind="organisation", organisation="Ліга", title="Director"),
    "confirm, only counted": confirming(visibility=Visibility.COUNTED, name=""),
    "manage": managing(),
    "manage, with news": managing(updates=True, message="We are with you."),
    "manage, for the team": managing(visibility=Visibility.TEAM),
    "manage, only counted": managing(visibility=Visibility.COUNTED, name=""),
    "manage, waiting": managing(kind="organisation", organisation="New League", title="Director"),
    "manage, mistaken news": mistaken_news,
    "manage, mistaken name": mistaken_name,
    "manage, signed before": signed_before,
    "confirmed by the code": by_code,
    "withdrawn": withdrawn,
    "cut link": at("/c/cut-off"),
    "expired": expired,
    "closed while reading": closed_while_reading,
    "closed before the mail came": closed_before_the_mail_came,
    "manage, closed": closed_after_signing,
    "high safety": at("{guarded}"),
    "high safety, confirm": guarded_confirm,
    "high safety, confirmed": guarded_taken,
    "withdraw": at("/take-back"),
    "take back, unknown words": unknown_words,
    "lost link": at("{full}/lost-link"),
    "lost link, high safety": at("{guarded}/lost-link"),
    "link sent": at("/link-sent"),
    "erased": erased,
    "mailbox": at("/mailbox"),
    "mail": mailbox_mail,
}  # fmt: skip

DESK = {
    "sign in": "/desk/sign-in",
    "dashboard": "/desk/",
    "statements": "/desk/statements/",
    "statement": "/desk{desk_full}",
    "settings of a statement": "/desk{desk_full}/settings",
    "a tab that waits": "/desk{desk_full}/not-yet/circulation",
    "preview": "/desk{desk_full}/preview/en",
    "new statement": "/desk/statements/new",
    "editor": "/desk{desk_full}/edit",
    "translation": "/desk{desk_full}/translate/be",
    "signatures": "/desk{desk_full}/signatures",
    "review": "/desk/review",
    "names to look at": "/desk/review/flagged",
    "lists of names": "/desk/review/names",
    "importing": "/desk{desk_full}/import",
    "drive": "{drive}",
    "inviting": "{drive}/invite",
    "reminding": "{drive}/remind",
    "publishing": "{drive}/publish",
    "case files": "/desk/people/",
    "case file": "/desk{desk_person}",
    "changing a case file": "/desk{desk_person}/edit",
    "new case file": "/desk/people/new",
    "entering an event": "/desk{desk_person}/events/new",
    "case files as a sheet": "/desk/people/sheet",
    "people of a campaign": "/desk{desk_campaign}/people",
    "adding a person": "/desk{desk_campaign}/people/new",
    "recording a release": "/desk{desk_person}/release",
    "updates": "/desk/updates/",
    "mailing an update": "/desk/updates/{told}/mail",
    "organisations": "/desk/organisations/",
    "registry as a sheet": "/desk/organisations/sheet",
    "addressees": "/desk/addressees/",
    "new addressee": "/desk/addressees/new",
    "handovers": "/desk{desk_full}/handovers",
    "topics": "/desk/topics/",
    "new topic": "/desk/topics/new",
    "new update": "/desk/updates/new",
    "team": "/desk/team",
    "log": "/desk/audit",
    "sessions": "/desk/sessions",
    "second factor": "/desk/second-factor",
    "asked again": "/desk/prove",
    "complete export": "/desk{desk_full}/complete-export",
}


def axe(page: Page, *, only: list[str] | None = None) -> list[str]:
    """What axe finds on the page as it stands."""
    chosen = {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)",
        {"runOnly": chosen, "resultTypes": ["violations"]},
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


def axe_everywhere(page: Page, name: str) -> list[str]:
    """All rules: every other page narrow in light, the rest wide in dark.

    At night each in both, and colours and sizes the other way round.
    """
    page.evaluate(AXE_SCRIPT)
    found = []
    looks: list[tuple[dict[str, int], str, list[str] | None]] = [
        (NARROW, "light", None),
        (WIDE, "dark", None),
    ]
    if NIGHT:
        looks += [(NARROW, "dark", ["color-contrast"]), (WIDE, "light", ["color-contrast", "target-size"])]
    else:
        looks = [looks[zlib.crc32(name.encode()) % 2]]
    for viewport, scheme, only in looks:
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{viewport['width']} {scheme} {line}" for line in axe(page, only=only)]
    return found


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_used_by_everyone(stage: Stage, reader: Page, state: str) -> None:
    """Nothing too wide, too small or too tight on a phone; nothing that axe finds."""
    reader.set_viewport_size(NARROW)  # type: ignore[arg-type]
    reader.emulate_media(color_scheme="light")
    STATES[state](stage, reader)
    found = reader.evaluate(TOO_WIDE)
    found += reader.evaluate(TOO_SMALL, SMALLEST_TYPE)
    found += reader.evaluate(TOO_TIGHT, SMALLEST_TARGET)
    reader.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    found += reader.evaluate(TOO_WIDE)
    assert found == []
    assert axe_everywhere(reader, state) == []


@pytest.fixture(scope="module")
def member(stage: Stage, chromium: Browser) -> Iterator[Page]:
    """A page in which a member of the team is signed in."""
    context = chromium.new_context(viewport=NARROW, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, stage.site)
    yield page
    context.close()


@pytest.mark.parametrize("screen", DESK)
def test_axe_finds_nothing_on_the_desk(stage: Stage, member: Page, reader: Page, screen: str) -> None:
    page = reader if screen == "sign in" else member
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    response = page.goto(stage.site.url + DESK[screen].format(**stage.states))
    assert response is not None
    assert response.status == 200
    assert page.evaluate(TOO_WIDE) + page.evaluate(TOO_SMALL, SMALLEST_TYPE) == []
    assert axe_everywhere(page, screen) == []
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    assert page.evaluate(TOO_WIDE) == []


def test_hints_on_check_your_mail_are_large(stage: Stage, reader: Page) -> None:
    for state in ("check your mail", "check your mail, code refused"):
        for viewport in (NARROW, WIDE):
            reader.set_viewport_size(viewport)  # type: ignore[arg-type]
            STATES[state](stage, reader)
            assert [
                line
                for line in reader.evaluate(TOO_SMALL, SMALLEST_HINT)
                if "main" in line or "hint" in line or "error" in line
            ] == []
            sizes = reader.locator("main").evaluate(
                "main => [...main.querySelectorAll('*')].map(part =>"
                " parseFloat(getComputedStyle(part).fontSize))"
            )
            assert min(sizes) >= SMALLEST_HINT


def test_forced_colours_keep_choice_and_focus_visible(stage: Stage, chromium: Browser) -> None:
    context = chromium.new_context(forced_colors="active", viewport=NARROW)
    page = context.new_page()
    stage.open(page, stage.empty)
    look = "one => { const style = getComputedStyle(one); return [style.backgroundColor, style.color, style.borderTopColor, style.outlineStyle] }"
    chosen, other = (
        page.locator(f"label[for=kind-{kind}]").evaluate(look) for kind in ("person", "organisation")
    )
    assert chosen[0] != other[0], "the chosen segment looks like the other"
    chosen, other = (
        page.locator(f".choice:has(#visibility-{value})").evaluate(look) for value in ("public", "team")
    )
    assert chosen != other, "the chosen row looks like the others"
    page.locator("#kind-person").focus()
    page.keyboard.press("ArrowRight")
    ring = "element => { const style = getComputedStyle(element); return [style.outlineStyle, parseFloat(style.outlineWidth)] }"
    assert page.locator("label[for=kind-organisation]").evaluate(ring) == ["solid", 3]
    for target in ("#name", "#country", "#consent", "form#sign button[type=submit]", ".bar a.site"):
        page.locator(target).focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        style, width = page.locator(target).evaluate(ring)
        assert style != "none", target
        assert width >= 2, target
    context.close()
