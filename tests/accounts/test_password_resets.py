"""A forgotten password: the answer is the same for every address, and the link opens once and soon."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.accounts import invitations, operations, password_resets
from campaign.accounts.models import PasswordReset
from campaign.accounts.queries import member_at
from campaign.accounts.two_people import may_be_second
from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.extensions import db
from tests.support import PASSWORD, Campaign, csrf_of, text_of
from tests.world.authenticators import Authenticator, add_passkey

ADDRESS, NEW = "editor@team.example", "seven wild geese over Braslau"


def ask(campaign: Campaign, address: str) -> tuple[int, str]:
    """Ask for a link: status and address of the answer."""
    browser = campaign.app.test_client()
    data = {"email": address, "csrf_token": csrf_of(browser.get("/desk/forgotten"))}
    answer = browser.post("/desk/forgotten", data=data)
    return answer.status_code, answer.headers.get("Location", "")


def link(campaign: Campaign, address: str = ADDRESS) -> str:
    """The path of the link that comes by mail."""
    ask(campaign, address)
    campaign.work()
    found = re.search(r"http\S+/desk/new-password/\S+", text_of(campaign.sink.to(address)[-1]))
    assert found
    return urlsplit(found.group()).path


def send(browser: FlaskClient, path: str, password: str = NEW) -> int:
    """Choose a password on the page of the link."""
    token = csrf_of(browser.get("/desk/sign-in"))
    return browser.post(path, data={"password": password, "csrf_token": token}).status_code


def sign_in(app: Flask, password: str) -> int:
    """The status of a sign-in with the password alone."""
    browser = app.test_client()
    token = csrf_of(browser.get("/desk/sign-in"))
    return browser.post(
        "/desk/sign-in", data={"email": ADDRESS, "password": password, "csrf_token": token}
    ).status_code


def test_a_member_sets_a_new_password_and_all_sessions_end(app: Flask, campaign: Campaign) -> None:
    browser = campaign.member(ADDRESS, role="editor")
    path = link(campaign)
    stranger = app.test_client()
    assert ADDRESS in stranger.get(path).text
    assert [send(stranger, path, weak) for weak in ("", "short", "password1234", ADDRESS)] == [422] * 4
    assert browser.get("/desk/").status_code == 200, "nothing has changed yet"
    assert send(stranger, path) == 303
    assert stranger.get("/desk/").status_code == 303, "one signs in with it afterwards"
    assert "Your new password is set" in stranger.get("/desk/sign-in?set=1").text
    assert browser.get("/desk/").status_code == 303
    assert [sign_in(app, PASSWORD), sign_in(app, NEW)] == [422, 303]
    used = stranger.get(path)
    assert used.status_code == 410 and "This link no longer works" in used.text
    assert send(stranger, path, "another long password here") == 410


def test_the_answer_is_the_same_for_every_address_and_only_members_get_a_mail(
    app: Flask, campaign: Campaign
) -> None:
    campaign.member(ADDRESS, role="editor")
    campaign.member("gone@team.example", role="editor")
    with app.app_context(), writing() as session:
        gone = member_at("gone@team.example")
        assert gone is not None
        operations.deactivate(session, gone.id)
        invited = operations.add_member(session, "invited@team.example", "Newcomer", "reader")
        invitations.invite(session, invited.id)
    asked = (
        ADDRESS,
        "Editor@Team.Example",
        "gone@team.example",
        "invited@team.example",
        "nobody@else.example",
    )
    assert {ask(campaign, each) for each in asked} == {(303, "/desk/forgotten/sent")}
    with app.app_context():
        kept = db.session.scalars(select(PasswordReset)).all()
        assert [(row.member_id, row.used_at) for row in kept] == [(None, None)] * len(asked)
        assert not any(b"example" in (row.sealed or b"") for row in kept)
    assert ask(campaign, "no address")[0] == ask(campaign, "")[0] == 422
    campaign.work()
    assert [str(mail["To"]) for mail in campaign.sink.mails] == [ADDRESS, ADDRESS]
    with app.app_context():
        assert len(db.session.scalars(select(PasswordReset)).all()) == 2


def test_nobody_gets_more_than_three_mails_a_day(campaign: Campaign) -> None:
    campaign.member(ADDRESS, role="editor")
    for _time in range(5):
        ask(campaign, ADDRESS)
    campaign.work()
    assert len(campaign.sink.to(ADDRESS)) == 3


def test_a_link_is_over_after_an_hour_and_with_another_one(
    app: Flask, campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.member(ADDRESS, role="editor")
    first, second = link(campaign), link(campaign)
    assert client.get(first).status_code == client.get(second).status_code == 200, "asking ends none"
    assert send(client, second) == 303
    assert client.get(first).status_code == 410
    third = link(campaign)
    later = clock.now() + password_resets.LASTS
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(third).status_code == send(client, third) == 410
    later += dt.timedelta(seconds=1)
    with app.app_context(), writing():
        password_resets.purge()
        assert db.session.scalars(select(PasswordReset)).all() == []
    assert client.get(third).status_code == 410


def test_forged_and_foreign_tokens_open_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        foreign = tokens.issue(tokens.Purpose.TEAM_INVITATION, new_id())
        gone = tokens.issue(tokens.Purpose.PASSWORD_RESET, new_id())
    for token, status in (("forged", 404), (foreign, 404), (gone, 410)):
        assert client.get(f"/desk/new-password/{token}").status_code == status
        assert send(client, f"/desk/new-password/{token}") == status


def test_the_second_factor_is_still_asked_for(app: Flask, campaign: Campaign) -> None:
    device = Authenticator()
    add_passkey(campaign.member(ADDRESS, role="editor"), device)
    assert send(app.test_client(), link(campaign)) == 303
    assert sign_in(app, NEW) == 422


def test_who_has_just_set_a_new_password_is_no_second_person(app: Flask, campaign: Campaign) -> None:
    campaign.member(ADDRESS, role="editor")
    with app.app_context():
        member = member_at(ADDRESS)
        assert member is not None
        assert may_be_second(db.session(), member.id)
    send(app.test_client(), link(campaign))
    with app.app_context():
        assert not may_be_second(db.session(), member.id)
