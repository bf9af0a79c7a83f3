"""Who may do what: one table of roles, walked over every page and every form of the desk."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from campaign.accounts import operations
from campaign.accounts.errors import LastOwner
from campaign.accounts.grants import ROLES
from campaign.accounts.models import Membership, StatementRole
from campaign.accounts.queries import active_owners, member_at
from campaign.core.database import writing
from campaign.extensions import db
from tests.support import Campaign, csrf_of
from tests.world.addresses import House, rows

OWN, READ = "own account", "read"
WRITE, MODERATE, EXPORT = "write statements", "moderate", "export"
TEAM, SITE = "manage team", "manage site"
# Written out here a second time, so that nobody widens a role by the way.
MAY = {
    "owner": {OWN, READ, WRITE, MODERATE, EXPORT, TEAM, SITE},
    "administrator": {OWN, TEAM, SITE},
    "editor": {OWN, READ, WRITE, MODERATE, EXPORT},
    "moderator": {OWN, READ, MODERATE},
    "exporter": {OWN, READ, EXPORT},
    "reader": {OWN, READ},
}
REFUSED = "Your role in the team does not allow this."


def permission_of(app: Flask, endpoint: str) -> str | None:
    """What a page of the desk needs; None for those that are open before signing in."""
    permission = getattr(app.view_functions[endpoint], "permission", None)
    return str(permission) if permission else None


def member_id(app: Flask, address: str) -> int:
    """The id of a member."""
    with app.app_context():
        member = member_at(address)
        assert member is not None
        return member.id


def test_the_table_of_roles_is_this_one() -> None:
    assert {role: {str(each) for each in allowed} for role, allowed in ROLES.items()} == MAY


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("role", [role for role in MAY if role != "owner"])
def test_every_page_and_form_is_open_to_the_roles_of_the_table_alone(
    house: House, campaign: Campaign, role: str
) -> None:
    browser = campaign.member(f"{role}-tried@team.example", role=role)
    token = csrf_of(browser.get("/desk/sessions"))
    before, seen = rows(house.app), 0
    for method in ("GET", "POST"):
        for address in house.addresses(method):
            needed = permission_of(house.app, address.endpoint)
            if not address.of_team or needed is None:
                continue
            allowed = needed in MAY[role]
            if allowed and method == "POST":
                # What they may change is tried where it is changed.
                continue
            data = {"csrf_token": token} if method == "POST" else None
            answer = browser.open(address.path, method=method, data=data)
            assert (answer.status_code == 403 and REFUSED in answer.text) is not allowed, (method, address)
            seen += not allowed
    assert seen > 5
    assert rows(house.app) == before


@pytest.mark.databases("sqlite")
def test_an_administrator_opens_the_team_and_the_own_account_and_nothing_else(house: House) -> None:
    open_to_them = {
        address.endpoint
        for method in ("GET", "POST")
        for address in house.addresses(method)
        if permission_of(house.app, address.endpoint) in MAY["administrator"]
    }
    rooms = {endpoint.partition(".")[0] for endpoint in open_to_them}
    # What a further room lets an administrator see belongs here, and must show no signer and no contact.
    of_site = {"site_desk", "countries_at_risk_desk", "sample_desk"}
    assert rooms <= {"accounts", "team", "memberships_desk", "desk"} | of_site
    assert {each for each in open_to_them if each.startswith("desk.")} <= {"desk.dashboard"}


def post(browser: FlaskClient, path: str, **data: str) -> str:
    """Send a form of the team page, and read what it says then."""
    token = csrf_of(browser.get("/desk/team"))
    return browser.post(path, data=data | {"csrf_token": token}, follow_redirects=True).text


def test_an_administrator_makes_nobody_an_owner_and_takes_over_no_owner(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    administrator = campaign.member("administrator@team.example", role="administrator")
    campaign.member("editor@team.example", role="editor")
    assert administrator.get("/desk/").location == "/desk/team"
    owner, editor = (member_id(app, f"{each}@team.example") for each in ("owner", "editor"))
    before = rows(app)
    for path, data in (
        (f"/desk/team/{editor}/role", {"role": "owner"}),
        (f"/desk/team/{owner}/role", {"role": "reader"}),
        (f"/desk/team/{owner}/deactivate", {}),
        (f"/desk/team/{owner}/activate", {}),
        (f"/desk/team/{owner}/invitation", {}),
    ):
        assert "Only an owner adds owners" in post(administrator, path, **data), path
    new = {"name": "Second Self", "email": "self@elsewhere.example", "role": "owner"}
    assert 'value="owner"' not in post(administrator, "/desk/team", **new)
    assert rows(app) == before
    assert "The role was changed." in post(administrator, f"/desk/team/{editor}/role", role="exporter")
    assert post(team, f"/desk/team/{editor}/role", role="owner")
    assert member_id(app, "editor@team.example") in owners(app)


def owners(app: Flask) -> list[int]:
    """The ids of the active owners."""
    with app.app_context(), writing() as session:
        return active_owners(session)


def test_nobody_changes_their_own_role_or_leaves_by_their_own_hand(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.member("second@team.example")
    own = member_id(app, "owner@team.example")
    for path, data in ((f"/desk/team/{own}/role", {"role": "reader"}), (f"/desk/team/{own}/deactivate", {})):
        assert "Please ask somebody else who manages the team." in post(team, path, **data)
    assert own in owners(app)
    assert f'action="/desk/team/{own}/role"' not in team.get("/desk/team").text


@pytest.fixture
def parts(campaign: Campaign, team: FlaskClient) -> FlaskClient:
    """A reader for one organisation, who is editor for another and exporter on one statement of a third; the
    statements are `read`, `edited` and `exported`, and there is one more.
    """
    app, owners_of = campaign.app, {}
    for slug, name in (
        ("read", "Aaa League"),
        ("edited", "Bbb Union"),
        ("exported", "Ccc Club"),
        ("others", "Ddd House"),
    ):
        owners_of[slug] = campaign.organisation(name)
        owners_of[f"/{slug}"] = campaign.statement(slug, owners=(owners_of[slug],))
        campaign.signed(slug)
    browser = campaign.member("parts@team.example", role="reader")
    path = f"/desk/team/{member_id(app, 'parts@team.example')}/organisations"
    chosen = {
        "organisations": [owners_of["read"], owners_of["edited"]],
        f"role-{owners_of['edited']}": "editor",
        f"role-{owners_of['others']}": "editor",
        f"statement-{owners_of['/exported']}": "exporter",
        f"statement-{owners_of['/others']}": "owner",
    }
    token = csrf_of(team.get(path))
    assert team.post(path, data=chosen | {"csrf_token": token}).status_code == 303
    return browser


def test_a_role_holds_where_it_was_given(campaign: Campaign, team: FlaskClient, parts: FlaskClient) -> None:
    token = csrf_of(parts.get("/desk/sessions"))
    answers = {}
    for slug in ("read", "edited", "exported", "others"):
        page = parts.get(f"/desk/statements/{slug}")
        edit = parts.get(f"/desk/statements/{slug}/edit")
        export = parts.post(f"/desk/statements/{slug}/export", data={"csrf_token": token, "format": "csv"})
        close = parts.post(f"/desk/statements/{slug}/close", data={"csrf_token": token})
        answers[slug] = (page.status_code, edit.status_code, export.status_code, close.status_code)
        assert (f"/desk/statements/{slug}/edit" in page.text) is (slug == "edited")
        assert (REFUSED in edit.text) is (slug in {"read", "exported"})
    assert answers == {
        "read": (200, 403, 403, 403),
        "edited": (200, 200, 200, 303),
        "exported": (200, 403, 200, 403),
        "others": (404, 404, 404, 404),
    }
    listed = parts.get("/desk/statements/").text
    assert [f"/desk/statements/{slug}" in listed for slug in answers] == [True, True, True, False]
    for path in ("/desk/topics/", "/desk/team", "/desk/audit", "/desk/organisations/ddd-house/edit"):
        assert parts.get(path).status_code in {403, 404}, path
    assert parts.get("/desk/organisations/bbb-union/edit").status_code == 200
    assert parts.get("/desk/organisations/aaa-league/edit").status_code == 403
    shown = team.get("/desk/team").text
    assert "Aaa League, Bbb Union (Editor), Free them all (Exporter)" in shown


def test_nothing_that_is_deleted_widens_rights(campaign: Campaign, parts: FlaskClient) -> None:
    member = member_id(campaign.app, "parts@team.example")
    with campaign.app.app_context(), writing() as session:
        session.execute(delete(Membership).where(Membership.member_id == member))
        session.execute(delete(StatementRole).where(StatementRole.member_id == member))
    assert parts.get("/desk/").status_code == 200
    for slug in ("read", "edited", "exported", "others"):
        assert parts.get(f"/desk/statements/{slug}").status_code == 404
    assert "/desk/statements/read" not in parts.get("/desk/statements/").text


@pytest.mark.databases("sqlite", "postgresql")
def test_of_two_owners_who_are_removed_at_once_one_stays(app: Flask, campaign: Campaign) -> None:
    both = []
    for name in ("one", "two"):
        campaign.member(f"{name}@team.example")
        both.append(member_id(app, f"{name}@team.example"))
    start, refused = threading.Barrier(2), []

    def remove(owner: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with writing() as session:
                    operations.deactivate(session, owner)
            except LastOwner:
                refused.append(owner)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=remove, args=(each,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1 and owners(app) == refused


def test_the_team_page_says_in_words_what_each_role_may_do(team: FlaskClient) -> None:
    said: Any = team.get("/desk/team").text.partition("What each role may do")[2].partition("</details>")[0]
    parts = dict(part.split("</dt>", 1) for part in said.split("<dt>")[1:])
    assert [name.strip() for name in parts] == [
        "Owner", "Administrator", "Editor", "Moderator", "Exporter", "Reader"
    ]  # fmt: skip
    assert {name: part.count("<li>") for name, part in parts.items()} == {
        role.title(): len(allowed) for role, allowed in MAY.items()
    }
