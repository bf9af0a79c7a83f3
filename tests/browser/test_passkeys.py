"""A passkey in a real browser: added, used to sign in and to prove who one is, with a virtual device."""

from __future__ import annotations

import secrets

from playwright.sync_api import Page, expect

from campaign.accounts.operations import add_member
from campaign.core.database import writing
from tests.browser.stage import Site
from tests.support import PASSWORD

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_opens_the_desk_alone(scripted: Page, site: Site) -> None:
    page, address = scripted, f"owner-{secrets.token_hex(4)}@team.example"
    with site.app.app_context(), writing() as session:
        add_member(session, address, "Team Member", "owner", PASSWORD)
    # A name and not a number: passkeys are bound to it.
    desk = site.url.replace("127.0.0.1", "localhost") + "/desk"
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    page.goto(f"{desk}/sign-in")
    page.get_by_label("E-mail", exact=True).fill(address)
    password = page.get_by_label("Password", exact=True)
    password.fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: address in (f"{desk}/", f"{desk}/site/start"))

    page.goto(f"{desk}/second-factor")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ways to sign in")
    page.get_by_label("Name of the passkey").fill("My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write down your recovery codes")
    page.goto(f"{desk}/second-factor")
    page.get_by_label("Name of the passkey").last.fill("The same one")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_have_text("This device has a passkey for your account already.")

    page.goto(f"{desk}/prove")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Thank you. You can go on for five minutes")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{desk}/sign-in?out=1")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda address: address in (f"{desk}/", f"{desk}/site/start"))
