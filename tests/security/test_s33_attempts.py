"""S33: what can be guessed is counted for the thing itself; no bucket that strangers share locks out the team,
the code, the report or the way back.
"""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts import common_passwords, desk, passwords, second_factor, sign_in_attempts
from campaign.accounts.common_passwords import is_common
from campaign.accounts.forms import PasswordForm
from campaign.accounts.models import AuditEntry, TeamMember
from campaign.accounts.operations import add_member
from campaign.circulation import views as circulation_views
from campaign.core.attempts import Pace
from campaign.core.database import writing
from campaign.extensions import db
from tests.support import PASSWORD, Campaign, code_in, csrf_of, text_of
from tests.world.addresses import House

ADDRESS, WRONG = "colleague@team.example", "not the password"
# Nobody waits in a test: a turn that is taken comes again after it.
FEW = Pace(free=3, first=600, longest=600)


@pytest.fixture
def colleague(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """A member who is not signed in anywhere, and counters that let few failures pass. Returns their key."""
    for pace in ("PASSWORD", "CODE", "PROOF"):
        monkeypatch.setattr(sign_in_attempts, pace, FEW)
    with app.app_context(), writing() as session:
        return add_member(session, ADDRESS, "A Colleague", "editor", password=PASSWORD).id


def sign_in(
    app: Flask, typed: str = WRONG, email: str = ADDRESS, at: str = "127.0.0.1", **more: str
) -> TestResponse:
    """Fill in the form of the page (`more`: `way`, `code`), at an address of the network."""
    browser = app.test_client()
    place = {"REMOTE_ADDR": at}
    page = browser.get("/desk/sign-in", environ_base=place)
    data = {"email": email, "password": typed, "csrf_token": csrf_of(page)} | more
    return browser.post("/desk/sign-in", data=data, environ_base=place)


def test_wrong_passwords_are_counted_for_the_account_wherever_they_come_from(
    app: Flask, colleague: int
) -> None:
    places = [f"2a00:1450:4001:{each:x}::1" for each in range(5)]
    answers = [sign_in(app, at=place).status_code for place in places]
    assert answers == [422] * 4 + [429], "the fourth takes the turn, the fifth waits"
    refused = sign_in(app, PASSWORD, at="9.9.9.9")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0


def test_the_answer_is_the_same_for_addresses_that_nobody_has(app: Flask, colleague: int) -> None:
    known = [sign_in(app, email=ADDRESS).status_code for _try in range(5)]
    assert known == [sign_in(app, email="nobody@team.example").status_code for _try in range(5)]


def test_thirty_networks_of_one_provider_are_one(app: Flask, colleague: int) -> None:
    answers = [
        sign_in(app, email=f"{each}@team.example", at=f"2a00:1450:4001:{each:x}::1").status_code
        for each in range(22)
    ]
    assert answers == [422] * 21 + [429]
    assert sign_in(app, PASSWORD, at="9.9.9.9").status_code == 303


def test_strangers_who_share_an_address_lock_nobody_out(app: Flask, colleague: int) -> None:
    for each in range(40):
        assert sign_in(app, email=f"{each}@team.example").status_code == 422
    assert sign_in(app, PASSWORD).status_code == 303


def test_member_and_owner_are_told_and_the_link_leads_past_the_wait(
    app: Flask, campaign: Campaign, colleague: int
) -> None:
    owner = campaign.member("owner@team.example")
    for _try in range(6):
        sign_in(app)
    campaign.work()
    mails = campaign.sink.to(ADDRESS)
    assert len(mails) == 1, "once"
    way = text_of(mails[0]).partition("?way=")[2].split()[0]
    assert sign_in(app, PASSWORD).status_code == 429
    # The last character of base64 may carry bits that nobody reads: the one in the middle is changed.
    middle = len(way) // 2
    forged = way[:middle] + ("A" if way[middle] != "A" else "B") + way[middle + 1 :]
    assert sign_in(app, PASSWORD, way=forged).status_code == 429
    assert sign_in(app, way=way).status_code == 422, "it opens nothing"
    assert sign_in(app, PASSWORD, email="owner@team.example", way=way).status_code == 303
    assert sign_in(app, PASSWORD, way=way).status_code == 303
    assert "A Colleague" in owner.get("/desk/").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "wrong passwords")).one()
        assert (entry.member_id, entry.subject) == (None, f"member {colleague}")


def second_factor_of(app: Flask, member_id: int) -> tuple[str, list[str]]:
    secret = second_factor.new_secret()
    with app.app_context(), writing() as session:
        codes = second_factor.switch_on(session, member_id, secret)
        session.get_one(TeamMember, member_id).second_factor_step = None
    return secret, codes


def test_codes_of_the_second_factor_are_counted_for_the_member(
    app: Flask, campaign: Campaign, colleague: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_attempts, "PASSWORD", Pace(free=100, first=2, longest=60))
    secret, recovery = second_factor_of(app, colleague)
    for wrong in ("000000", "aaaaa-bbbbb-ccccc", "123456", "654321"):
        assert sign_in(app, PASSWORD, code=wrong).status_code == 422
    assert sign_in(app, PASSWORD, code=pyotp.TOTP(secret).now()).status_code == 422
    assert sign_in(app, PASSWORD, code=recovery[0]).status_code == 422, "the turn is taken for both"
    campaign.work()
    (mail,) = campaign.sink.to(ADDRESS)
    assert "knows your password" in str(mail["Subject"])


def test_nothing_slow_happens_before_the_second_factor_is_shown(
    app: Flask, colleague: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _secret, recovery = second_factor_of(app, colleague)
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "renewed", lambda password, stored: hashed.append(stored))
    assert sign_in(app, PASSWORD, code="000000").status_code == 422
    assert hashed == []
    assert sign_in(app, PASSWORD, code=recovery[0]).status_code == 303
    assert len(hashed) == 1


def test_right_and_wrong_passwords_without_the_code_go_through_one_transaction(
    app: Flask, colleague: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_factor_of(app, colleague)
    begun: list[int] = []
    monkeypatch.setattr(desk, "writing", lambda: begun.append(1) or writing())
    numbers = []
    for password in (PASSWORD, "not the password"):
        begun.clear()
        assert sign_in(app, password, code="000000").status_code == 422
        numbers.append(len(begun))
    assert numbers[0] == numbers[1]


def test_the_password_asked_for_once_more_is_counted_for_the_member(
    app: Flask, campaign: Campaign, colleague: int
) -> None:
    browsers = [campaign.member(f"{name}@team.example") for name in ("one", "two")]

    def prove(browser: FlaskClient, password: str) -> int:
        token = csrf_of(browser.get("/desk/prove"))
        return browser.post("/desk/prove", data={"password": password, "csrf_token": token}).status_code

    assert [prove(browsers[0], "not the password") for _try in range(5)] == [422] * 4 + [429]
    assert prove(browsers[0], PASSWORD) == 429
    assert prove(browsers[1], PASSWORD) == 303


def test_codes_of_an_invitation_are_counted_for_the_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circulation_views, "_CODE_PACE", FEW)
    tried: list[str] = []
    monkeypatch.setattr(
        circulation_views.answers, "take_code", lambda _session, _id, typed: tried.append(typed) or False
    )
    path = f"/i/{house.values['circulation.answer.token']}"
    for each in range(6):
        house.stranger.post(path, data={"action": "code", "code": f"{each:08}"})
    assert len(tried) == 4, "after three wrong ones there is one turn at a time"


def test_nobody_closes_the_way_back_the_report_or_the_code_for_those_who_share_an_address(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.submit()
    code = code_in(campaign.sink.mails[-1])
    assert link
    for address, typed in (
        ("/take-back", {"words": "abcd efgh ijkl mnop qrst uvwx"}),
        ("/s/free/report", {"position": "7"}),
        ("/code", {"code": "123456789012"}),
    ):
        answers = {client.post(address, data=typed).status_code for _try in range(320)}
        assert answers == {422}, address
    assert client.post("/code", data={"code": code}).status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "P@ssw0rd2026", "qwertyuiop12", "йцукенгшщзхъ", "пароль123456", "sunshinedragon",
        "abcabcabcabc", "123456789012", "Undersigned2026!", "a.colleague2026", "Colleague-team-1",
    ],
)  # fmt: skip
def test_passwords_that_everybody_tries_are_refused(app: Flask, password: str) -> None:
    with app.test_request_context("/desk/", method="POST", data={"password": password}):
        form = PasswordForm(passwords.known_to_all(ADDRESS, "A Colleague"))
        assert not form.validate() and "too easy to guess" in str(form.password.errors)


@pytest.mark.parametrize(
    "password", [PASSWORD, "wombat-lantern-73-kite", "Xk29fjw03mqp", "кот ходит ночью сам"]
)
def test_others_are_not(password: str) -> None:
    assert not is_common(password, [ADDRESS, "A Colleague", "Undersigned"])


def test_the_list_says_where_it_is_from_and_has_some_thousands() -> None:
    assert len(common_passwords._common()) > 10_000
    assert "zxcvbn" in common_passwords._LIST.read_text("utf-8").splitlines()[1]
