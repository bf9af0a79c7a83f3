"""S16: nothing that is typed becomes a script or breaks the policy.

S21, S25: attack protection in a browser with scripts, and in one without.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatures.models import HeldFor, Signature, State
from campaign.signing import mail_turns
from campaign.signing.attack_protection import protect
from campaign.signing.models import ProtectionLevel
from campaign.statements.models import Statement
from tests.browser.acts import WITHIN, confirm, fill_in
from tests.browser.stage import Site
from tests.support import StatementText

WATCH = """
window.seen = [];
document.addEventListener("securitypolicyviolation", (event) => seen.push(event.violatedDirective + " " + event.blockedURI));
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => seen.push(name);
"""
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></textarea><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<a href=javascript&colon;alert(1)>click</a>",
    "\u2028<math><mtext><script>alert(1)</script>",
    "<style>@import 'http://elsewhere.example/x.css'</style>",
]
BODY = "\n\n".join(
    [
        *PAYLOADS,
        "[a](javascript:alert(1))",
        "[b](data:text/html,<script>alert(1)</script>)",
        "![c](http://elsewhere.example/c.png)",
    ]
)


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Page]:
    """A browser with scripts that notes every breach of the policy, and everything that a script from
    outside would do.
    """
    context = chromium.new_context()
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def test_no_name_place_or_text_becomes_a_script(site: Site, watched: Page) -> None:
    path = site.statement(StatementText("en", PAYLOADS[0], BODY), source=PAYLOADS[1])
    site.listed(path, *((f"Name {payload}", payload) for payload in PAYLOADS))
    asked: list[str] = []
    watched.on("request", lambda request: asked.append(request.url))
    for address in (
        path,
        f"{path}/signatories",
        f"{path}/signatories?q=%3Cscript%3Ealert(1)%3C/script%3E",
        f"{path}/report?q=Name",
        "/",
        f"/be{path}",
    ):
        watched.goto(site.url + address)
        watched.wait_for_load_state("networkidle")
        assert watched.evaluate("seen") == [], address
        assert (
            watched.evaluate(
                "[...document.querySelectorAll('script')].filter(each => !each.src && each.type !=="
                " 'application/ld+json').length"
            )
            == 0
        )
        assert (
            watched.evaluate(
                "[...document.querySelectorAll('*')].some(each => [...each.attributes].some(a =>"
                " a.name.startsWith('on')))"
            )
            is False
        )
        assert watched.evaluate(
            "[...document.links].every(each => /^(https?:|mailto:|xmpp:)/.test(each.href))"
        ), address
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []


def raised(site: Site, path: str) -> None:
    """Attack protection of a statement, raised as the desk does."""
    with site.app.app_context(), writing() as session:
        protect(
            session,
            session.scalars(select(Statement.id).where(Statement.slug == path[3:])).one(),
            ProtectionLevel.PROOF,
        )


def signature(site: Site, path: str) -> Signature:
    """The one of a statement."""
    with site.app.app_context():
        return db.session.scalars(
            select(Signature)
            .join(Statement, Statement.id == Signature.statement_id)
            .where(Statement.slug == path[3:])
        ).one()


def test_a_browser_with_scripts_solves_it_by_itself(site: Site, watched: Page) -> None:
    path = site.statement()
    raised(site, path)
    fill_in(watched, site, path, name="Anna Solves", email=f"a@{path[3:]}.example.org")
    assert watched.evaluate("seen") == []
    confirm(watched, site.mail_to(f"a@{path[3:]}.example.org"))
    held = signature(site, path)
    assert (held.held_for, held.state in (State.CONFIRMED, State.LISTED)) == (None, True)


def test_the_calculation_is_said_and_not_asked(site: Site, watched: Page) -> None:
    path = site.statement()
    raised(site, path)
    watched.goto(site.url + path)
    expect(watched.locator("#proof")).to_contain_text("will review your signature")
    watched.get_by_label("E-mail", exact=True).focus()
    expect(watched.locator("#proof")).to_contain_text("Ready", timeout=WITHIN)
    assert (
        watched.locator("#reference").is_visible() is False
        or watched.evaluate("document.getElementById('reference').tabIndex") == -1
    )


def test_a_browser_without_scripts_signs_all_the_same_and_a_person_looks(
    site: Site, chromium: Browser
) -> None:
    path = site.statement()
    raised(site, path)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    fill_in(page, site, path, name="Boris Plain", email=f"b@{path[3:]}.example.org")
    expect(page.get_by_text("Your signature will be reviewed", exact=True)).to_be_visible()
    expect(page.get_by_text("The e-mail comes later", exact=True)).to_be_visible()
    with site.app.app_context(), writing() as session:
        slug = Statement.slug == path[3:]
        assert mail_turns.let_go(session, session.scalars(select(Statement).where(slug)).one()) == 1
    page.goto(site.mail_to(f"b@{path[3:]}.example.org"))
    page.get_by_role("button", name="Yes, I sign").click()
    held = signature(site, path)
    assert (held.state, held.held_for) == (State.QUARANTINED, HeldFor.NO_PROOF)
    context.close()
