"""Roles, invitations and the owner's pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.accounts import invitations, operations
from campaign.accounts.errors import AddressTaken, LastOwner
from campaign.accounts.models import TeamInvitation, TeamMember, TeamSession
from campaign.accounts.queries import member_at
from campaign.accounts.retention import purge_invitations, purge_sessions
from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.core.tokens import Purpose
from campaign.extensions import db
from tests.support import PASSWORD, Campaign, Sink, csrf, csrf_of, text_of

NEW = "new@team.example"
OWN_PASSWORD = "seven wild geese over Braslau"


def invited(app: Flask) -> tuple[int, str]:
    """Someone with an open invitation: key and path of the link."""
    with app.app_context(), writing() as session:
        member = operations.add_member(session, NEW, "Newcomer", "moderator")
        return member.id, urlsplit(invitations.invite(session, member.id)).path


def accept(client: FlaskClient, path: str, password: str = OWN_PASSWORD) -> int:
    """Choose a password on the page of the link."""
    return client.post(path, data={"password": password, "csrf_token": csrf_of(client.get(path))}).status_code


def key_of(app: Flask, address: str) -> int:
    """The key of a member."""
    with app.app_context():
        member = member_at(address)
        assert member is not None
        return member.id


@pytest.mark.parametrize(
    ("role", "team_page"), [("owner", 200), ("editor", 403), ("moderator", 403), ("reader", 403)]
)
def test_only_owners_see_the_team(campaign: Campaign, role: str, team_page: int) -> None:
    browser = campaign.member(f"{role}@team.example", role=role)
    assert browser.get("/desk/").status_code == 200
    for path in ("/desk/team", "/desk/audit"):
        response = browser.get(path)
        assert response.status_code == team_page
        assert ("Your role in the team does not allow this." in response.text) == (team_page == 403)


@pytest.mark.parametrize(
    "path",
    [
        "/desk/team",
        "/desk/team/1/role",
        "/desk/team/1/deactivate",
        "/desk/team/1/activate",
        "/desk/team/1/invitation",
    ],
)
def test_only_owners_change_the_team(campaign: Campaign, client: FlaskClient, path: str) -> None:
    editor = campaign.member("editor@team.example", role="editor")
    assert editor.post(path, data={"csrf_token": csrf(editor)}).status_code == 403
    assert editor.post(path).status_code == 400
    assert (
        client.post(path, data={"csrf_token": csrf_of(client.get("/desk/sign-in"))}).location
        == "/desk/sign-in"
    )


def test_an_owner_invites_by_mail_and_the_newcomer_comes_in(
    team: FlaskClient, client: FlaskClient, sink: Sink, work: Callable[[], None]
) -> None:
    data = {
        "name": "Newcomer",
        "email": "New@team.example",
        "role": "moderator",
        "csrf_token": csrf_of(team.get("/desk/team")),
    }
    assert team.post("/desk/team", data=data).status_code == 303
    work()
    found = re.search(r"http\S+/desk/invitation/\S+", text_of(sink.to(NEW)[0]))
    assert found
    assert accept(client, urlsplit(found.group()).path) == 303
    assert client.get("/desk/").status_code == 200
    assert client.get("/desk/team").status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Please enter a name."),
        ("email", "nobody", "This is not a complete e-mail address"),
        ("email", "owner@team.example", "Somebody on the team already has this address."),
    ],
)
def test_a_bad_invitation_is_refused_and_kept(
    team: FlaskClient, field: str, value: str, message: str
) -> None:
    data = {
        "name": "Newcomer",
        "email": NEW,
        "role": "reader",
        "csrf_token": csrf_of(team.get("/desk/team")),
    } | {field: value}
    response = team.post("/desk/team", data=data)
    assert response.status_code == 422
    assert message in response.text
    assert (NEW if field == "name" else "Newcomer") in response.text


def test_an_invitation_is_good_once(app: Flask, client: FlaskClient) -> None:
    _member, path = invited(app)
    assert accept(client, path) == 303
    again = app.test_client().get(path)
    assert again.status_code == 410 and "This invitation has been used" in again.text
    other = app.test_client()
    assert (
        other.post(
            path, data={"password": OWN_PASSWORD, "csrf_token": csrf_of(other.get("/desk/sign-in"))}
        ).status_code
        == 410
    )


def test_looking_at_an_invitation_does_not_use_it(app: Flask, client: FlaskClient) -> None:
    _member, path = invited(app)
    for _look in range(3):
        assert client.get(path).status_code == 200
    assert accept(client, path) == 303


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "Please choose a password."),
        ("eleven char", "This has 11 characters."),
        ("aaaaaaaaaaaaaa", "too easy"),
        (NEW, "too easy"),
    ],
)
def test_a_weak_password_is_refused(app: Flask, client: FlaskClient, password: str, message: str) -> None:
    _member, path = invited(app)
    response = client.post(path, data={"password": password, "csrf_token": csrf_of(client.get(path))})
    assert response.status_code == 422 and message in response.text
    assert accept(client, path) == 303


def test_an_invitation_is_over_after_seven_days(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _member, path = invited(app)
    later = clock.now() + dt.timedelta(days=7, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    response = client.get(path)
    assert response.status_code == 410 and "This invitation has expired" in response.text


def test_whoever_has_an_expired_invitation_asks_for_another_one(
    app: Flask, client: FlaskClient, campaign: Campaign, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id, path = invited(app)
    token = {"csrf_token": csrf_of(client.get(path))}
    assert client.post(f"{path}/again", data=token).status_code == 303
    later = clock.now() + dt.timedelta(days=7, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    owner = campaign.member("owner@team.example")
    assert "asks for a new invitation" not in owner.get("/desk/team").text, "it was still valid"
    assert "Ask for a new invitation" in client.get(path).text
    for _twice in range(2):
        asked = client.post(f"{path}/again", data=token, follow_redirects=True)
        assert "We have told the team" in asked.text
    campaign.work()
    assert sink.to(NEW) == [], "nothing goes to a mailbox that somebody else may read now"
    assert "asks for a new invitation" in owner.get("/desk/team").text
    owner.post(f"/desk/team/{member_id}/invitation", data={"csrf_token": csrf_of(owner.get("/desk/team"))})
    assert "asks for a new invitation" not in owner.get("/desk/team").text
    client.post(f"{path}/again", data=token)
    assert "asks for a new invitation" not in owner.get("/desk/team").text, "a newer one is on its way"
    assert client.post("/desk/invitation/forged/again", data=token).status_code == 404


def test_forged_and_foreign_tokens_open_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        foreign, unknown = (
            tokens.issue(Purpose.SIGNATURE, new_id()),
            tokens.issue(Purpose.TEAM_INVITATION, new_id()),
        )
    for token in ("forged", foreign, unknown):
        response = client.get(f"/desk/invitation/{token}")
        assert response.status_code == 404 and "This invitation link is not complete" in response.text


def test_a_new_invitation_replaces_the_old_one_and_the_password(app: Flask, client: FlaskClient) -> None:
    member_id, first = invited(app)
    with app.app_context(), writing() as session:
        second = urlsplit(invitations.invite(session, member_id)).path
    assert client.get(first).status_code == 410
    assert accept(client, second) == 303
    with app.app_context(), writing() as session:
        third = urlsplit(invitations.invite(session, member_id)).path
    assert client.get("/desk/").status_code == 200
    assert accept(app.test_client(), third, "another long password") == 303
    assert client.get("/desk/").status_code == 303


def test_the_invitation_of_a_deactivated_member_is_over(app: Flask, client: FlaskClient) -> None:
    member_id, path = invited(app)
    with app.app_context(), writing() as session:
        operations.deactivate(session, member_id)
    assert client.get(path).status_code == 410


def test_a_changed_role_holds_at_once(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    editor = campaign.member("editor@team.example", role="editor")
    token = csrf_of(team.get("/desk/team"))
    path = f"/desk/team/{key_of(app, 'editor@team.example')}/role"
    assert team.post(path, data={"role": "owner", "csrf_token": token}).status_code == 303
    assert editor.get("/desk/team").status_code == 200
    assert team.post(path, data={"role": "emperor", "csrf_token": token}).status_code == 400


def test_an_owner_deactivates_and_activates_a_member(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    editor = campaign.member("editor@team.example", role="editor")
    path = f"/desk/team/{key_of(app, 'editor@team.example')}"
    token = {"csrf_token": csrf_of(team.get("/desk/team"))}
    team.post(f"{path}/deactivate", data=token)
    assert editor.get("/desk/").status_code == 303
    assert team.post(f"{path}/invitation", data=token).status_code == 400
    team.post(f"{path}/activate", data=token)
    assert "account is switched on again" in team.get("/desk/team").text


def test_the_last_owner_stays(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    owner = key_of(app, "owner@team.example")
    administrator = campaign.member("second@team.example", role="owner")
    token = {"csrf_token": csrf_of(administrator.get("/desk/team"))}
    assert administrator.post(f"/desk/team/{owner}/deactivate", data=token).status_code == 303
    last = key_of(app, "second@team.example")
    for role in (None, "reader", "administrator"):
        with app.app_context(), pytest.raises(LastOwner), writing() as session:
            if role is None:
                operations.deactivate(session, last)
            else:
                operations.change_role(session, last, role)


def test_an_address_belongs_to_one_member(app: Flask) -> None:
    invited(app)
    with app.app_context(), pytest.raises(AddressTaken), writing() as session:
        operations.add_member(session, NEW.upper(), "Twin", "reader")


def test_the_command_adds_a_member_and_prints_the_link(app: Flask, client: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(
        args=["campaign", "team", "add", NEW, "--name", "Newcomer", "--role", "owner"]
    )
    assert result.exit_code == 0, result.output
    assert accept(client, urlsplit(result.output.strip()).path) == 303
    assert client.get("/desk/team").status_code == 200


def test_the_command_takes_a_password_and_refuses_a_short_one(app: Flask) -> None:
    command = ["campaign", "team", "add", NEW, "--name", "Newcomer", "--role", "owner", "--password-stdin"]
    assert "at least 12" in app.test_cli_runner().invoke(args=command, input="short\n").output
    assert app.test_cli_runner().invoke(args=command, input=PASSWORD + "\n").exit_code == 0
    assert "already" in app.test_cli_runner().invoke(args=command, input=PASSWORD + "\n").output
    with app.app_context():
        assert operations.authenticate(NEW, PASSWORD) is not None
        stored = db.session.scalars(select(TeamMember.password)).one()
        assert stored is not None and stored.startswith("$argon2id$")


def test_old_sessions_and_invitations_are_deleted(
    app: Flask, team: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(app)
    later = clock.now() + dt.timedelta(days=38)
    with app.app_context(), writing():
        assert (purge_sessions(), purge_invitations()) == (0, 0)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context(), writing():
        assert (purge_sessions(), purge_invitations()) == (1, 1)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TeamSession)) == 0
        assert db.session.scalar(select(func.count()).select_from(TeamInvitation)) == 0
