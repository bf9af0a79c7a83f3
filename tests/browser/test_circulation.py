"""A coalition signs before the world sees the text: 161 organisations from a pasted list, answers, a
suggestion, publication with a kit.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets

from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import update

from campaign.circulation.models import Invitation
from campaign.core import clock
from campaign.core.database import writing
from campaign.statements import operations
from campaign.statements.models import Kind, Signers
from campaign.statements.operations import StatementText
from tests.browser.acts import narrow_and_wide
from tests.browser.stage import Site, sign_in
from tests.support import BELARUSIAN, ENGLISH

FRENCH = StatementText(
    "fr", "Libérez-les tous", "Ils aidaient les autres.\n\n## Nous demandons\n\n1. Qu’ils soient libérés."
)
COUNTRIES = ("Poland", "Germany", "France", "Lithuania", "Spain")


def draft(site: Site) -> str:
    """A draft in three languages. Returns its address on the site."""
    # In letters: seven digits in a name are a telephone number.
    slug = f"round-{''.join(secrets.choice('abcdefghij') for _letter in range(8))}"
    with site.app.app_context(), writing() as session:
        settings = operations.StatementSettings(
            slug=slug, kind=Kind.JOINT_STATEMENT, signers=Signers.ORGANISATIONS
        )
        operations.create_statement(session, settings, [ENGLISH, BELARUSIAN, FRENCH])
    return slug


def link_to(site: Site, address: str, number: int = 1) -> str:
    """The personal link in the nth mail to an address."""
    return re.sub(r"^https?://[^/]+", site.url, site.mail_to(address, number))


def printed(page: Page, address: str) -> str:
    """The words of a PDF."""
    response = page.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    words = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(response.body())).pages)
    return " ".join(words.replace("\u00ad", "").split())


def start(page: Page, site: Site, slug: str) -> str:
    """Send it round for nine days, so that no reminder goes by itself meanwhile. Returns the address of the drive."""
    drive = f"{site.url}/desk/statements/{slug}/circulation"
    page.goto(drive)
    page.locator("#deadline_on").fill((dt.date.today() + dt.timedelta(days=9)).isoformat())
    page.locator("#inviter").fill("Ina Inviter")
    page.locator("#email").fill("ina@owner.example.org")
    page.get_by_role("button", name="Send for sign-on").click()
    expect(page.get_by_text("The text is open for sign-on. Now invite organisations.")).to_be_visible()
    return drive


def test_a_coalition_signs_before_the_world_sees_it(site: Site, page: Page) -> None:
    slug = draft(site)
    domain = f"{slug}.example.org"
    sign_in(page, site)
    drive = start(page, site, slug)
    page.get_by_role("link", name="Invite organisations").click()
    lines = [
        f"Organisation {n} {slug}; Ola Kos; p{n}@{domain}; {COUNTRIES[n % 5]}; {'be' if n % 3 else 'en'}"
        for n in range(161)
    ]
    page.locator("#pasted").fill("\n".join([*lines, "no address at all"]))
    page.get_by_role("button", name="Check the addresses").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("161 invitations")
    expect(page.get_by_text("There is no e-mail address in this line.")).to_be_visible()
    expect(page.get_by_text("One of these e-mails, as it will be read")).to_be_visible()
    narrow_and_wide(page)
    page.get_by_role("button", name="Invite all 161").click()
    expect(page.get_by_text("161 invitations are on their way.")).to_be_visible()
    narrow_and_wide(page)

    page.goto(link_to(site, f"p0@{domain}"))
    expect(page.get_by_text("Release them.")).to_be_visible()
    expect(page.get_by_text(f"Prepared for Organisation 0 {slug} · p0@{domain}")).to_be_visible()
    narrow_and_wide(page)
    page.get_by_role("button", name="We sign", exact=True).click()
    expect(page.get_by_role("link", name="Please enter your position")).to_be_visible()
    page.locator("#title").fill("Director")
    page.locator("#shown_early").check()
    page.get_by_role("button", name="We sign, and suggest a change").click()
    body = page.locator("#body")
    body.fill(body.input_value().replace("They helped others.", "They helped others for years."))
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.get_by_text("Signed. Thank you")).to_be_visible()
    page.goto(link_to(site, f"p3@{domain}"))
    expect(page.locator(".rows", has_text=f"Organisation 0 {slug}").first).to_be_visible()
    page.locator("summary", has_text="Another answer").click()
    page.get_by_role("button", name="We do not sign").click()
    expect(page.get_by_text("You have declined to sign", exact=True)).to_be_visible()
    page.goto(link_to(site, f"p1@{domain}"))
    expect(page.get_by_role("heading", level=1)).to_have_text(BELARUSIAN.title)

    page.goto(drive)
    page.get_by_role("button", name="Accept into the draft").click()
    page.locator("input[name=change][value=editorial]").check()
    page.get_by_role("button", name="Send for sign-on").click()
    expect(page.get_by_text("Sent for sign-on as text 2.")).to_be_visible()
    page.locator("#by-hand #organisation").fill(f"Hand House {slug}")
    page.locator("#by-hand #person").fill("Hanna Hand")
    page.locator("#by-hand #source").fill("Signal, 18:40")
    page.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_text("Signal, 18:40").first).to_be_visible()
    assert page.request.get(f"{site.url}/s/{slug}").status == 404

    with site.app.app_context(), writing() as session:
        session.execute(update(Invitation).values(created_at=clock.now() - dt.timedelta(days=2)))
    page.goto(drive)
    page.get_by_role("link", name="Remind 159 organisations that have not replied").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("159 reminders")
    narrow_and_wide(page)
    page.get_by_role("button", name="Send 159 reminders").click()
    expect(page.get_by_text("159 reminders are on their way.")).to_be_visible()

    page.get_by_role("link", name="Publish the text and the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish with 2 organisations")
    page.get_by_role("button", name="Publish the text and the list now").click()
    for language, said in (("", "They helped others for years."), ("/be", BELARUSIAN.title)):
        page.goto(f"{site.url}{language}/s/{slug}")
        expect(page.get_by_text(said).first).to_be_visible()
        expect(page.get_by_text(f"Hand House {slug}").first).to_be_visible()
    for language, country, title in (
        ("", "Poland", ENGLISH.title),
        ("/be", "Польшча", BELARUSIAN.title),
        ("/de", "Polen", FRENCH.title),
    ):
        page.goto(f"{site.url}{language}/s/{slug}/signatories?by=country")
        expect(page.get_by_role("heading", level=2).first).to_contain_text(country)
        french = "&text=fr" if language == "/de" else ""
        words = printed(page, f"{site.url}{language}/s/{slug}/statement.pdf?by=country{french}")
        assert title in words and country in words and f"Organisation 0 {slug}" in words
    narrow_and_wide(page)
    page.goto(f"{link_to(site, f'p0@{domain}')}/kit")
    expect(page.locator("#kit-telegram")).to_have_value(re.compile(f"/s/{slug}"))
    narrow_and_wide(page)
