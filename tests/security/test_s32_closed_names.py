"""S32: names that are not public are opened one at a time, by who moderates, recorded; at high safety by two
people, of whom the second is not new.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaign.accounts import two_people
from campaign.accounts.models import AuditEntry, Membership, TeamMember
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.imports import operations as imports
from campaign.imports.models import Import
from campaign.imports.operations import Order, Origin
from campaign.moderation import closed_names
from campaign.moderation import operations as moderation
from campaign.moderation.models import NameLook
from campaign.sheets.readers import read_lines
from campaign.signatures.models import UNDOABLE, Signature, State, Visibility
from campaign.signatures.states import withdraw
from campaign.signing.signer_actions import change_visibility
from campaign.statements.models import Safety, Statement
from tests.support import Campaign, csrf_of, organisation_form
from tests.world.addresses import House

CANARY = "Zanarina"
# Editors see what owners see, but for the team.
ROLES = ("reader", "moderator", "owner")
# What a member does to their own account and to the team would end the walk.
LEAVES = ("accounts.", "team.", "memberships_desk.", "site_desk.", "closed_names_desk.")


def hide_names(campaign: Campaign) -> list[uuid.UUID]:
    """Names that only the team may see, in each state that a member of the team meets."""
    made = []
    for number, state in enumerate((None, State.QUARANTINED, State.HIDDEN, State.INVALIDATED)):
        link = campaign.signed(
            name=f"{CANARY} Person{number}",
            email=f"p{number}@{CANARY.lower()}.example.org",
            city=f"{CANARY}grad",
            visibility="team",
        )
        made.append((campaign.affiliate(link, f"{CANARY} University"), state))
    for number, state in enumerate((None, State.REJECTED)):
        claim = organisation_form(
            organisation=f"{CANARY} League {number}",
            name=f"{CANARY} Chair",
            email=f"o{number}@{CANARY.lower()}{number}.example.org",
            website=f"https://{CANARY.lower()}.example.org",
            visibility="team",
        )
        made.append((campaign.signature(campaign.signed(**claim)).id, state))
    with campaign.app.app_context(), writing() as session:
        for key, state in made:
            if state is not None:
                ended = clock.today() if state in UNDOABLE else None
                values = {"state": state, "ended_on": ended, "folded": True}
                session.execute(update(Signature).where(Signature.id == key).values(values))
    return [key for key, _state in made]


def guard(campaign: Campaign, safety: Safety) -> None:
    with campaign.app.app_context(), writing() as session:
        session.execute(update(Statement).values(safety=safety))


def member_named(session: Session, address: str) -> TeamMember:
    """The member with this address, to be changed in this session."""
    return next(member for member in session.scalars(select(TeamMember)) if member.email == address)


def said_by(response: TestResponse) -> str:
    """All that an answer says, also within a packed file."""
    body = response.get_data()
    if body[:2] == b"PK":
        packed = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(packed.read(name) for name in packed.namelist())
    return (body + str(response.headers).encode()).decode("utf-8", "replace").casefold()


def post(browser: FlaskClient, path: str, **data: str) -> TestResponse:
    token = csrf_of(browser.get("/desk/sessions"))
    return browser.post(path, data=data | {"csrf_token": token})


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("safety", list(Safety))
@pytest.mark.parametrize(
    "role", [*ROLES[:2], *(pytest.param(role, marks=pytest.mark.night) for role in ROLES[2:])]
)
def test_no_screen_file_or_refusal_of_the_desk_tells_a_closed_name(
    house: House, campaign: Campaign, role: str, safety: Safety
) -> None:
    hidden = hide_names(campaign)
    guard(campaign, safety)
    browser = campaign.member(f"{role}@walk.example", role)
    token = csrf_of(browser.get("/desk/sessions"))
    table = "/desk/statements/free/signatures"
    more = [f"{table}?{query}" for query in ("visibility=team", f"q={CANARY}", f"q={CANARY}&visibility=team")]
    more += [f"{table}?state={state}" for state in State] + [f"/desk/signatures/{key}/name" for key in hidden]
    told = [
        path
        for path in more
        if CANARY.casefold()
        in said_by(browser.get(path))
        .replace(f"q={CANARY.casefold()}", "")
        .replace(f'value="{CANARY.casefold()}"', "")
    ]
    typed: dict[str, Any] = {
        "csrf_token": token,
        "signature": [str(key) for key in hidden],
        "action": "approve",
        "format": "csv",
        "organisation": "new",
    }
    for method in ("GET", "POST"):
        for address in house.addresses(method):
            if address.of_team and not address.endpoint.startswith(LEAVES if method == "POST" else ("-",)):
                data = typed if method == "POST" else None
                answer = browser.open(address.path, method=method, data=data)
                if CANARY.casefold() in said_by(answer):
                    told.append(f"{method} {address.endpoint}")
    for action in ("approve", "reject", "accept", "invalidate"):
        if CANARY.casefold() in said_by(
            browser.post("/desk/review/together", data=typed | {"action": action})
        ):
            told.append(action)
    for key in hidden:
        for deed in ("approve", "reject", "ask", "name", "hide", "show", "undo", "message"):
            answer = browser.post(f"/desk/signatures/{key}/{deed}", data=typed)
            if CANARY.casefold() in said_by(answer):
                told.append(deed)
    assert told == []


def test_names_that_are_not_listed_are_for_who_moderates(campaign: Campaign) -> None:
    campaign.statement()
    key = campaign.signature(campaign.signed(name=f"{CANARY} Held")).id
    with campaign.app.app_context(), writing() as session:
        moderation.hide(session, session.get_one(Signature, key))
    campaign.work()
    reader, moderator = (campaign.member(f"{role}@t.example", role) for role in ("reader", "moderator"))
    table = "/desk/statements/free/signatures"
    assert CANARY in moderator.get(table).text
    assert CANARY not in reader.get(table).text
    for browser in (reader, moderator):
        assert str(key) not in browser.get(f"{table}?q={CANARY}").text, "sealed: no search finds it"


def test_one_name_is_opened_at_a_time_and_each_look_is_recorded(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    one, other = hide_names(campaign)[:2]
    moderator, colleague = (campaign.member(f"{name}@t.example", "moderator") for name in ("m", "c"))
    assert CANARY not in moderator.get(f"/desk/signatures/{one}/name").text
    assert post(moderator, f"/desk/signatures/{one}/name").status_code == 303
    assert f"{CANARY} Person0" in moderator.get(f"/desk/signatures/{one}/name").text
    assert CANARY not in moderator.get(f"/desk/signatures/{other}/name").text
    assert CANARY not in colleague.get(f"/desk/signatures/{one}/name").text
    with campaign.app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None and (entry.action, entry.subject) == (
            "closed name opened",
            f"signature:{one}",
        )
    later = clock.now() + closed_names.OPEN_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    assert CANARY not in moderator.get(f"/desk/signatures/{one}/name").text


def test_readers_open_none(campaign: Campaign) -> None:
    campaign.statement()
    one = hide_names(campaign)[0]
    reader = campaign.member("r@t.example", "reader")
    assert reader.get(f"/desk/signatures/{one}/name").status_code == 403
    assert post(reader, f"/desk/signatures/{one}/name").status_code == 403
    with campaign.app.app_context():
        assert db.session.scalars(select(NameLook)).all() == []


def test_at_high_safety_it_takes_two_of_whom_the_second_is_not_new(campaign: Campaign) -> None:
    campaign.statement()
    one = hide_names(campaign)[0]
    guard(campaign, Safety.HIGH)
    first, second, new = (campaign.member(f"{name}@t.example", "moderator") for name in ("a", "b", "n"))
    with campaign.app.app_context(), writing() as session:
        joined = clock.now() - dt.timedelta(days=13)
        member_named(session, "n@t.example").created_at = joined
    page = f"/desk/signatures/{one}/name"
    post(first, page)
    assert CANARY not in first.get(page).text
    with campaign.app.app_context():
        look = f"{page}/{db.session.scalars(select(NameLook.id)).one()}"
    for queue in ("review", "review/flagged"):
        assert f"{page}" in second.get(f"/desk/{queue}").text, "the second finds the request"
    post(first, f"{look}/open")
    post(first, f"{look}/decide", decision="grant")
    post(new, f"{look}/decide", decision="grant")
    post(first, f"{look}/open")
    assert CANARY not in first.get(page).text + second.get(page).text + new.get(page).text
    post(second, f"{look}/decide", decision="grant")
    assert CANARY not in first.get(page).text + second.get(page).text, "granted is not opened"
    post(second, f"{look}/open")
    assert CANARY not in second.get(page).text
    post(first, f"{look}/open")
    assert CANARY in first.get(page).text
    assert CANARY not in second.get(page).text
    with campaign.app.app_context():
        actions = db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == f"signature:{one}").order_by(AuditEntry.id)
        ).all()
    assert list(actions) == ["closed name asked", "closed name granted", "closed name opened"]


def test_a_new_member_does_not_let_the_confidential_export_out(campaign: Campaign) -> None:
    campaign.statement()
    first, new = campaign.member("a@t.example", "editor"), campaign.member("n@t.example", "editor")
    with campaign.app.app_context(), writing() as session:
        member_named(session, "n@t.example").created_at = clock.now()
    page = "/desk/statements/free/complete-export"
    key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    assert post(first, page, why="To thank them", recipient=key).status_code == 303
    text = new.get(page).text
    assert "second person" in text and 'value="grant"' not in text
    look = text.partition("/complete-export/")[2].partition("/decide")[0]
    post(new, f"{page}/{look}/decide", decision="grant")
    assert "/file" not in first.get(page).text


def test_whoever_gets_a_role_or_an_account_anew_is_new(campaign: Campaign) -> None:
    campaign.statement()
    one = hide_names(campaign)[0]
    guard(campaign, Safety.HIGH)
    first, second, owner = (
        campaign.member("a@t.example", "moderator"),
        campaign.member("b@t.example", "reader"),
        campaign.member("o@t.example"),
    )
    with campaign.app.app_context():
        member = member_named(db.session(), "b@t.example").id
    assert post(owner, f"/desk/team/{member}/role", role="moderator").status_code == 303
    post(first, f"/desk/signatures/{one}/name")
    with campaign.app.app_context():
        look = db.session.scalars(select(NameLook.id)).one()
    post(second, f"/desk/signatures/{one}/name/{look}/decide", decision="grant")
    with campaign.app.app_context():
        assert db.session.get_one(NameLook, look).granted is None


def test_nobody_opens_more_names_in_an_hour_than_review_needs(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closed_names, "MOST_AN_HOUR", 2)
    campaign.statement()
    hidden = hide_names(campaign)[:3]
    moderator = campaign.member("m@t.example", "moderator")
    for key in hidden:
        post(moderator, f"/desk/signatures/{key}/name")
    seen = [CANARY in moderator.get(f"/desk/signatures/{key}/name").text for key in hidden]
    assert seen == [True, True, False]


def test_an_organisation_is_approved_after_a_look(campaign: Campaign) -> None:
    campaign.statement()
    claim = hide_names(campaign)[4]
    moderator = campaign.member("m@t.example", "moderator")
    unseen = post(moderator, f"/desk/signatures/{claim}/approve", organisation="new")
    assert unseen.headers["Location"].endswith(f"/desk/signatures/{claim}/name")
    post(moderator, f"/desk/signatures/{claim}/name")
    page = moderator.get(f"/desk/signatures/{claim}/name").text
    assert f"{CANARY} League 0" in page and "/approve" in page
    wrong = post(moderator, f"/desk/signatures/{claim}/approve", organisation="other", other="nowhere")
    assert wrong.status_code == 422 and "no organisation at this address" in wrong.text
    assert post(moderator, f"/desk/signatures/{claim}/approve", organisation="new").status_code == 303
    with campaign.app.app_context():
        assert db.session.get_one(Signature, claim).state == State.CONFIRMED


def test_a_merge_tells_nothing_of_signatures_that_are_not_public(campaign: Campaign) -> None:
    goes, _stays = campaign.organisation(f"{CANARY} Gone"), campaign.organisation("Stays League")
    campaign.statement()
    claim = organisation_form(
        organisation=f"{CANARY} Gone", email="x@anywhere.example.org", visibility="team"
    )
    key = campaign.signature(campaign.signed(**claim)).id
    owner = campaign.member("o@t.example")
    post(owner, f"/desk/signatures/{key}/name")
    post(owner, f"/desk/signatures/{key}/approve", organisation=str(goes))
    with campaign.app.app_context():
        assert db.session.get_one(Signature, key).state == State.CONFIRMED
    preview = owner.get("/desk/organisations/zanarina-gone/merge?into=stays-league")
    assert preview.status_code == 200 and "/desk/statements/free" not in preview.text
    assert (
        post(owner, "/desk/organisations/zanarina-gone/merge", into="stays-league", sure="y").status_code
        == 303
    )
    with campaign.app.app_context():
        merged = db.session.scalars(
            select(AuditEntry.details).where(AuditEntry.action == "organisations merged")
        ).all()
        assert all('"moved": 0' in details for details in merged)


def test_the_check_of_an_import_tells_nothing_of_signatures_that_are_not_public(campaign: Campaign) -> None:
    unseen, seen = campaign.organisation(f"{CANARY} Unseen"), campaign.organisation(f"{CANARY} Seen")
    campaign.statement()
    owner = campaign.member("o@t.example")
    for number, (key, visibility) in enumerate(((unseen, "team"), (seen, "public"))):
        claim = organisation_form(
            organisation=f"{CANARY} {('Unseen', 'Seen')[number]}",
            email=f"x{number}@anywhere.example.org",
            visibility=visibility,
        )
        signature = campaign.signature(campaign.signed(**claim)).id
        post(owner, f"/desk/signatures/{signature}/name")
        assert post(owner, f"/desk/signatures/{signature}/approve", organisation=str(key)).status_code == 303
    campaign.signed(name="Anna Unseen", email="anna.unseen@post.example.org", visibility="team")
    sheet = (
        "kind,name,organisation,email,updates\n"
        f"organisation,,{CANARY} Unseen,,\norganisation,,{CANARY} Seen,,\n"
        "person,Anna Other,,anna.unseen@post.example.org,yes\n"
    )
    with campaign.app.app_context():
        statement = db.session.scalars(select(Statement)).one()
        found = imports.receive(statement, read_lines(sheet), Origin("signed on paper"))
        imports.check(found)
        findings = imports.findings_of(db.session.get_one(Import, found))
        assert findings is not None
        assert [problem.code for problem in (*findings.problems, *findings.doubles)] == ["signed"]
        imports.tell(found, Order(leave_problems=True))
        imports.carry_out(found)
        done = db.session.get_one(Import, found, populate_existing=True)
        assert (done.people, done.organisations) == (0, 0)


def test_a_refused_approval_is_recorded(campaign: Campaign) -> None:
    league = campaign.organisation("Test League")
    campaign.statement()
    moderator = campaign.member("m@t.example", "moderator")
    first, second = (
        campaign.signature(
            campaign.signed(**organisation_form(organisation="Test League", email=f"x{number}@a.example.org"))
        ).id
        for number in range(2)
    )
    assert post(moderator, f"/desk/signatures/{first}/approve", organisation=str(league)).status_code == 303
    assert post(moderator, f"/desk/signatures/{second}/approve", organisation=str(league)).status_code == 422
    with campaign.app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None and (last.action, last.subject) == ("approval refused", f"signature:{second}")


def test_a_reader_sees_neither_a_message_that_waits_nor_what_the_team_wrote(campaign: Campaign) -> None:
    campaign.statement()
    campaign.signed(name="Anna Listed", message=f"{CANARY} is behind this")
    counted = campaign.signature(
        campaign.signed(name="X", email="x@post.example.org", visibility="counted")
    ).id
    with campaign.app.app_context(), writing() as session:
        moderation.invalidate(session, session.get_one(Signature, counted), f"{CANARY} wrote this one, too")
    reader, moderator = (campaign.member(f"{role}@t.example", role) for role in ("reader", "moderator"))
    table = "/desk/statements/free/signatures"
    assert moderator.get(table).text.count(CANARY) == 2
    shown = reader.get(table).text
    assert "Anna Listed" in shown and CANARY not in shown


def test_an_approval_that_is_refused_among_others_is_recorded(campaign: Campaign) -> None:
    league = campaign.organisation("Test League")
    campaign.statement()
    moderator = campaign.member("m@t.example", "moderator")
    first, second = (
        campaign.signature(
            campaign.signed(**organisation_form(organisation="Test League", email=f"x{number}@a.example.org"))
        ).id
        for number in range(2)
    )
    assert post(moderator, f"/desk/signatures/{first}/approve", organisation=str(league)).status_code == 303
    post(moderator, "/desk/review/together", action="approve", signature=str(second), sure="y")
    with campaign.app.app_context():
        assert db.session.get_one(Signature, second).state == State.REVIEW
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None and (last.action, last.subject) == ("approval refused", f"signature:{second}")


def test_members_whose_organisation_was_merged_are_new(campaign: Campaign) -> None:
    goes, stays = campaign.organisation("Gone League"), campaign.organisation("Stays League")
    for name in "gs":
        campaign.member(f"{name}@t.example", "moderator")
    owner = campaign.member("o@t.example")
    with campaign.app.app_context(), writing() as session:
        ids = [member_named(session, f"{name}@t.example").id for name in "gs"]
        for member_id, organisation in zip(ids, (goes, stays), strict=True):
            session.add(Membership(member_id=member_id, organisation_id=organisation))
    with campaign.app.app_context():
        assert [two_people.may_be_second(db.session(), one) for one in ids] == [True, True]
    answer = post(owner, "/desk/organisations/gone-league/merge", into="stays-league", sure="y")
    assert answer.status_code == 303
    with campaign.app.app_context():
        assert [two_people.may_be_second(db.session(), one) for one in ids] == [False, False]


def test_what_a_report_says_is_shown_with_the_name_it_is_about(campaign: Campaign) -> None:
    campaign.statement()
    link = campaign.signed(name=f"{CANARY} Person")
    typed = {"position": "1", "note": f"I am {CANARY}", "email": f"{CANARY}@post.example.org"}
    campaign.app.test_client().post("/s/free/report", data=typed)
    key = campaign.signature(link).id
    with campaign.app.app_context(), writing() as session:
        change_visibility(session, session.get_one(Signature, key), Visibility.TEAM)
    moderator = campaign.member("m@t.example", "moderator")
    queue = moderator.get("/desk/review/flagged").text
    assert f"/desk/signatures/{key}/name" in queue and CANARY.casefold() not in queue.casefold()
    post(moderator, f"/desk/signatures/{key}/name")
    assert f"I am {CANARY}" in moderator.get(f"/desk/signatures/{key}/name").text


@pytest.mark.databases("sqlite")
def test_no_page_of_the_desk_tells_a_reader_a_public_name_that_left_the_list(
    house: House, campaign: Campaign
) -> None:
    made = []
    for number in range(4):
        fields = {"name": f"{CANARY} Person{number}", "email": f"p{number}@post.example.org"}
        link = campaign.signed(**fields, city=f"{CANARY}grad", message=CANARY)
        made.append(campaign.affiliate(link, f"{CANARY} University"))
    for number in range(2):
        claim = organisation_form(organisation=f"{CANARY} League {number}", email=f"o{number}@a.example.org")
        made.append(campaign.signature(campaign.signed(**claim)).id)
    campaign.work()
    with campaign.app.app_context(), writing() as session:
        moderation.hide(session, session.get_one(Signature, made[0]))
        moderation.invalidate(session, session.get_one(Signature, made[1]), f"{CANARY} is no name")
        moderation.reject(session, session.get_one(Signature, made[4]), f"{CANARY} is no league")
        change_visibility(session, session.get_one(Signature, made[2]), Visibility.TEAM)
        withdraw(session, session.get_one(Signature, made[3]))
    campaign.work()
    campaign.app.extensions["page_cache"].clear()
    reader = campaign.member("reader@walk.example", "reader")
    pages = [address.path for address in house.addresses("GET") if address.of_team]
    pages += [f"/desk/statements/free/signatures?state={state}" for state in State]
    assert [path for path in pages if CANARY.casefold() in said_by(reader.get(path))] == []
