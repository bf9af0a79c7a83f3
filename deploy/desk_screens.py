"""The team's screens for `make screenshots`, with something in each: rows, reviews, messages, errors, a
conflict.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from deploy.run_local import SAMPLE_ADDRESS

if TYPE_CHECKING:
    from deploy.screenshots import Camera

# The campaign of the sample runs at high safety; the made-up letter shows the usual flow.
CAMPAIGN = "/desk/statements/free-viasna"
LETTER = "/s/keep-the-reading-room-open"
STATEMENT = f"/desk{LETTER.replace('/s/', '/statements/')}"
PEOPLE = (
    ("Ганна Кавалёнак", "Białystok", "Мы з вамі. Нічога не забыта."),
    ("Zbigniew Brzęczyszczykiewicz-Kowalczewski von und zu Hohenlohe-Langenburg", "", ""),
    ("Ales", "Вільня", ""),
)
ORGANISATIONS = (
    "Internationale Gesellschaft für die Menschenrechte und die Freiheit des Wortes in Mittel- und Osteuropa",
    "Узорная ліга",
    "Human Constanta",
)


def signers(camera: Camera, mark: str) -> None:
    """People and organisations who confirm, the organisations from mailboxes that nobody knows yet.

    `mark` keeps their addresses apart.
    """
    for number, (name, city, message) in enumerate(PEOPLE):
        _sign(
            camera,
            kind="person",
            name=name,
            city=city,
            message=message,
            email=f"person{number}.{mark}@post.example.org",
            visibility="public",
        )

    for number, name in enumerate(ORGANISATIONS):
        _sign(
            camera,
            kind="organisation",
            organisation=name,
            name="Anna Example",
            title="Director",
            email=f"anna@league{number}.{mark}.example.org",
        )


def _sign(camera: Camera, **fields: str) -> None:
    """Send the form as the browser would, and confirm from the mail."""
    own = {"Origin": camera.site}
    request = camera.page.context.request
    form = {"country": "PL", "consent": "y", "visibility": "public", "city": "Berlin"} | fields
    request.post(camera.site + LETTER + "/sign", form=form, headers=own).dispose()
    for _try in range(60):
        mail = request.get(f"{camera.site}/mailbox").text()
        newest = re.search(r"/mailbox/[\w.-]+", mail)
        if newest and fields["email"] in mail.split("<main")[1].partition("</li>")[0]:
            break
        time.sleep(0.25)
    else:
        raise SystemExit(f"The mail to {fields['email']} did not come.")

    link = re.search(r"/c/[\w.~-]+", request.get(camera.site + newest.group()).text())
    if not link:
        raise SystemExit("The mail holds no link.")

    request.post(camera.site + link.group(), form={"action": "confirm"}, headers=own).dispose()


def sign_in(camera: Camera, password: str) -> None:
    """The sign-in, at first with a wrong password."""
    page = camera.page
    camera.open("desk-sign-in", "/desk/sign-in")
    page.get_by_label("E-mail", exact=True).fill(SAMPLE_ADDRESS)
    page.get_by_label("Password").fill("not it")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    camera.keep("desk-sign-in-mistake")
    page.get_by_label("E-mail", exact=True).fill(SAMPLE_ADDRESS)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    # A new site leads its owner to setting up.
    page.wait_for_url(f"{camera.site}/desk/site/start")


def screens(camera: Camera) -> None:
    """Every page as it opens."""
    for name, path in (
        ("desk-set-up", "/desk/site/start"),
        ("desk-site", "/desk/site"),
        ("desk", "/desk/"),
        ("desk-be", "/be/desk/"),
        ("desk-statements", "/desk/statements/"),
        ("desk-statement", STATEMENT),
        ("desk-edit", f"{STATEMENT}/edit"),
        ("desk-new", "/desk/statements/new"),
        ("desk-signatures", f"{STATEMENT}/signatures"),
        ("desk-signatures-be", f"/be{STATEMENT}/signatures"),
        ("desk-signatures-none", f"{STATEMENT}/signatures?q=nobody"),
        ("desk-review", "/desk/review"),
        ("desk-names", "/desk/review/flagged"),
        ("desk-name-lists", "/desk/review/names"),
        ("desk-import", f"{STATEMENT}/import"),
        ("desk-circulation", f"{STATEMENT}/circulation"),
        ("desk-campaign", CAMPAIGN),
        ("desk-campaign-people", f"{CAMPAIGN}/people"),
        ("desk-countries-at-risk", "/desk/site/countries-at-risk/"),
        ("desk-country-at-risk", "/desk/site/countries-at-risk/BY"),
        ("desk-people", "/desk/people/"),
        ("desk-person", "/desk/people/marfa-rabkova"),
        ("desk-person-edit", "/desk/people/marfa-rabkova/edit"),
        ("desk-event", "/desk/people/marfa-rabkova/events/new"),
        ("desk-people-sheet", "/desk/people/sheet"),
        ("desk-updates", "/desk/updates/"),
        ("desk-organisations", "/desk/organisations/"),
        ("desk-organisation", "/desk/organisations/human-constanta/edit"),
        ("desk-team", "/desk/team"),
        ("desk-audit", "/desk/audit"),
        ("desk-sessions", "/desk/sessions"),
        ("desk-invitation-cut", "/desk/invitation/cut-off"),
        ("desk-unknown", "/desk/statements/nothing"),
    ):
        camera.open(name, path)


def sheets(camera: Camera) -> None:
    """Menu and filters, open on the phone."""
    page = camera.page
    page.goto(f"{camera.site}{STATEMENT}/signatures")
    for name, button in (("desk-menu", "Menu"), ("desk-filters", "Filters")):
        opener = page.get_by_role("button", name=button, exact=True)
        if opener.is_visible():
            opener.click()
            camera.keep(name, full_page=False)
            page.keyboard.press("Escape")


def mistakes(camera: Camera) -> None:
    """Forms with their error messages."""
    page = camera.page
    page.goto(f"{camera.site}/desk/statements/new")
    page.get_by_label("Title", exact=True).first.fill("Free them")
    page.get_by_label("Goal").fill("many")
    page.get_by_label("Closing day").fill("2020-01-01")
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_load_state()
    camera.keep("desk-new-mistakes")

    for name, path, button in (
        ("desk-team-mistakes", "/desk/team", "Send the invitation"),
        ("desk-organisation-mistakes", "/desk/organisations/new", "Save"),
    ):
        page.goto(camera.site + path)
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state()
        camera.keep(name)


def writing(camera: Camera, mark: str) -> None:
    """A draft from the editor with its live preview to publication, and the page of a conflict."""
    page = camera.page
    page.goto(f"{camera.site}/desk/statements/new")
    page.get_by_label("Title", exact=True).first.fill(f"Let them speak, {mark}")
    page.get_by_label("Text, in Markdown").first.fill(
        "They *helped* others.\n\n## We ask\n\n1. to release them;\n2. to let them work."
    )
    page.locator("#preview em").wait_for()
    camera.keep("desk-new-preview")
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_load_state()
    camera.keep("desk-draft")
    address = page.url
    other = page.context.new_page()
    for tab, title in ((other, "Let them speak now"), (page, "Let them speak today")):
        tab.goto(f"{address}/edit")
        tab.get_by_label("Title", exact=True).first.fill(title)

    for tab in (other, page):
        tab.get_by_role("button", name="Save", exact=True).click()
        tab.wait_for_load_state()

    camera.keep("desk-conflict")
    other.close()


def decisions(camera: Camera) -> None:
    """Rejecting without a reason, then with one, and approving."""
    page = camera.page
    page.goto(f"{camera.site}/desk/review")
    page.locator("summary", has_text="Reject").first.click()
    page.get_by_role("button", name=re.compile("^Reject")).first.click()
    page.wait_for_load_state()
    camera.keep("desk-review-mistake")
    page.get_by_label("Reason").first.fill("Nobody there knows of it")
    page.get_by_role("button", name=re.compile("^Reject")).first.click()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile("^Approve")).first.click()
    page.wait_for_load_state()
    camera.keep("desk-review-approved")
    camera.open("desk-signatures-decided", f"{STATEMENT}/signatures")
    # What is left waits no longer, so that the queue is seen empty.
    while page.goto(f"{camera.site}/desk/review") and page.locator("summary", has_text="Reject").count():
        page.locator("summary", has_text="Reject").first.click()
        page.get_by_label("Reason").first.fill("Only for the picture")
        page.get_by_role("button", name=re.compile("^Reject")).first.click()
        page.wait_for_load_state()

    camera.open("desk-review-empty", "/desk/review")


def desk(camera: Camera, password: str, mark: str) -> None:
    """The team's screens, from the empty queue to the conflict."""
    signers(camera, mark)
    sign_in(camera, password)
    screens(camera)
    sheets(camera)
    mistakes(camera)
    writing(camera, mark)
    decisions(camera)
