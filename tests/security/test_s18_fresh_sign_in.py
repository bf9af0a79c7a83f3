"""S18: a second factor; and for exports and the rights of others a sign-in of the last five minutes. With
a moved clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts import second_factor
from campaign.accounts.grants import Permission
from campaign.accounts.models import RecoveryCode, TeamMember
from campaign.core import clock
from campaign.extensions import db, limiter
from tests.support import PASSWORD, Campaign, csrf_of
from tests.world.addresses import House

START = dt.datetime(2027, 3, 4, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.timedelta], None]:
    """Sets the clock to so long after the start."""

    def move(after: dt.timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: START + after)

    move(dt.timedelta())
    return move


def send(browser: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send a form of the team."""
    return browser.post(path, data=data | {"csrf_token": csrf_of(browser.get("/desk/sessions"))})


def wants_proof(response: TestResponse) -> bool:
    """True when the answer leads to the page that asks for the password."""
    return response.status_code == 303 and "/desk/prove" in response.headers["Location"]


def test_every_form_of_exports_and_of_the_team_asks_again_after_five_minutes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    needing = {Permission.EXPORT, Permission.MANAGE_TEAM}
    found = [
        address
        for address in house.addresses("POST")
        if getattr(house.app.view_functions[address.endpoint], "permission", None) in needing
    ]
    assert {
        "exports_desk.export",
        "documents_desk.handed_over",
        "team.change_role",
        "team.invite",
        "exports_desk.fetch_complete",
    } <= {one.endpoint for one in found}
    token = csrf_of(house.team.get("/desk/sessions"))
    begun = clock.now()
    monkeypatch.setattr(clock, "now", lambda: begun + dt.timedelta(minutes=6))
    for address in found:
        assert wants_proof(
            house.team.post(address.path, data={"csrf_token": token, "role": "owner", "format": "csv"})
        ), address
    # All else goes on.
    assert house.team.get("/desk/statements/free").status_code == 200


def test_the_password_makes_it_fresh_again_for_five_minutes(
    campaign: Campaign, at: Callable[[dt.timedelta], None]
) -> None:
    campaign.statement()
    campaign.signed()
    owner = campaign.member("owner@team.example")
    at(dt.timedelta(minutes=4, seconds=59))
    assert send(owner, "/desk/statements/free/export", format="csv").status_code == 200
    at(dt.timedelta(minutes=5))
    assert wants_proof(send(owner, "/desk/statements/free/export", format="csv"))
    wrong = send(owner, "/desk/prove", password="not this one, surely")
    assert wrong.status_code == 422
    assert wants_proof(send(owner, "/desk/statements/free/export", format="csv"))
    assert (
        send(owner, "/desk/prove", password=PASSWORD, next="/desk/statements/free").headers["Location"]
        == "/desk/statements/free"
    )
    assert send(owner, "/desk/statements/free/export", format="csv").status_code == 200
    at(dt.timedelta(minutes=10))
    assert wants_proof(send(owner, "/desk/statements/free/export", format="csv"))


def test_one_is_led_back_to_the_page_and_nowhere_else(
    campaign: Campaign, at: Callable[[dt.timedelta], None]
) -> None:
    campaign.statement()
    owner = campaign.member("owner@team.example")
    at(dt.timedelta(minutes=6))
    token = csrf_of(owner.get("/desk/sessions"))
    for came, wanted in (
        ("http://localhost/desk/statements/free?x=1", "/desk/statements/free"),
        ("https://elsewhere.example/desk/", None),
    ):
        answer = owner.post(
            "/desk/statements/free/complete-export", data={"csrf_token": token}, headers={"Referer": came}
        )
        page = owner.get(answer.headers["Location"])
        assert page.status_code == 200 and (f'value="{wanted}"' in page.text) is (wanted is not None)
    assert (
        send(owner, "/desk/prove", password=PASSWORD, next="https://elsewhere.example/").headers["Location"]
        == "/desk/"
    )


def test_codes_are_those_of_the_standard(at: Callable[[dt.timedelta], None]) -> None:
    # RFC 6238, appendix B (the last six of its eight digits).
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    moments = {
        59: "287082",
        1111111109: "081804",
        1111111111: "050471",
        1234567890: "005924",
        2000000000: "279037",
        20000000000: "353130",
    }
    for moment, code in moments.items():
        at(dt.datetime.fromtimestamp(moment, dt.UTC) - START)
        assert second_factor.is_shown_by(secret, code) and not second_factor.is_shown_by(
            secret, code[::-1]
        ), moment


def switched_on(browser: FlaskClient) -> tuple[str, list[str]]:
    """(secret, recovery codes) of a member who has set it up."""
    page = browser.get("/desk/second-factor")
    found = re.search(r'name="secret"[^>]*value="([A-Z2-7]{32})"', page.text)
    assert found and "<svg" in page.text
    code = pyotp.TOTP(found[1]).at(clock.now())
    done = send(browser, "/desk/second-factor", secret=found[1], code=code)
    codes = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{5})</li>", done.text)
    assert len(codes) == 8
    return found[1], codes


def sign_in(campaign: Campaign, code: str = "") -> int:
    """The status of a sign-in in a new browser."""
    browser = campaign.app.test_client()
    page = browser.get("/desk/sign-in")
    data = {"email": "owner@team.example", "password": PASSWORD, "code": code, "csrf_token": csrf_of(page)}
    return browser.post("/desk/sign-in", data=data).status_code


def test_with_a_second_factor_the_password_alone_opens_nothing(
    campaign: Campaign, at: Callable[[dt.timedelta], None]
) -> None:
    owner = campaign.member("owner@team.example")
    secret, recovery = switched_on(owner)

    def code(after: dt.timedelta) -> str:
        return pyotp.TOTP(secret).at(START + after)

    hour = dt.timedelta(hours=1)
    at(hour)
    assert [sign_in(campaign, typed) for typed in ("", "000000", recovery[0][:-1], code(-hour))] == [422] * 4
    assert sign_in(campaign, code(hour)) == 303
    assert sign_in(campaign, code(hour)) == 422, "each code is good once"
    at(hour + dt.timedelta(seconds=60))
    assert sign_in(campaign, code(hour + dt.timedelta(seconds=60)).replace("", " ")) == 303
    # A recovery code, in capital letters, once.
    assert [sign_in(campaign, recovery[0].upper()), sign_in(campaign, recovery[0])] == [303, 422]
    # To be fresh again it is asked for, too.
    assert send(owner, "/desk/prove", password=PASSWORD).status_code == 422
    at(hour + dt.timedelta(seconds=120))
    assert (
        send(owner, "/desk/prove", password=PASSWORD, code=code(hour + dt.timedelta(seconds=120))).status_code
        == 303
    )
    assert send(owner, "/desk/second-factor", off="y").status_code == 303
    with campaign.app.app_context():
        limiter.reset()
    assert sign_in(campaign) == 303
    with campaign.app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []


def test_switching_it_on_or_off_needs_a_fresh_sign_in_and_a_right_code(
    campaign: Campaign, at: Callable[[dt.timedelta], None]
) -> None:
    owner = campaign.member("owner@team.example")
    secret = second_factor.new_secret()
    for typed in ("", "000000", "abc", "１２３４５６"):
        assert send(owner, "/desk/second-factor", secret=secret, code=typed).status_code == 422
    for forged in ("", "A" * 31, "a" * 32, "'" * 32):
        assert send(owner, "/desk/second-factor", secret=forged, code="000000").status_code == 422
    at(dt.timedelta(minutes=6))
    assert wants_proof(send(owner, "/desk/second-factor", off="y"))
    assert wants_proof(send(owner, "/desk/second-factor", secret=secret, code="000000"))


def test_the_secret_is_sealed_and_recovery_codes_are_not_kept(
    campaign: Campaign, at: Callable[[dt.timedelta], None]
) -> None:
    owner = campaign.member("owner@team.example")
    secret, recovery = switched_on(owner)
    with campaign.app.app_context():
        member = db.session.scalars(select(TeamMember)).one()
        assert member.sealed_second_factor is not None and secret.encode() not in member.sealed_second_factor
        kept = set(db.session.scalars(select(RecoveryCode.digest)))
        assert len(kept) == 8 and not kept & set(recovery)
