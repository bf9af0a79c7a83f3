"""Signing in and out, and what a cookie is worth."""

from __future__ import annotations

import datetime as dt

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign import create_app
from campaign.accounts import operations, passwords, sign_in_attempts
from campaign.accounts.forms import safe_next
from campaign.accounts.models import TeamMember, TeamSession
from campaign.accounts.queries import member_at
from campaign.config import Settings
from campaign.core import clock
from campaign.core.attempts import Counter
from campaign.core.database import writing
from campaign.extensions import db
from tests.support import PASSWORD, Campaign, csrf, csrf_of

ADDRESS = "colleague@team.example"


# Made by Flask-Security 5.9 with the settings of release 0.1; the password has a ligature, which is one sign
# on no keyboard.
FORMER_PASSWORD = "correct horse \ufb01ve battery"
FORMER_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$jhFirHVOiRECIIQw5nzPuQ$ktybkOgWNmmyplZzlRKNMgTqS0ONgYJWZmHNB+1DIdU"
)


@pytest.fixture
def colleague(app: Flask) -> int:
    """A member who is not signed in anywhere. Returns their id."""
    with app.app_context(), writing() as session:
        return operations.add_member(session, ADDRESS, "A Colleague", "editor", password=PASSWORD).id


def sign_in(
    client: FlaskClient, address: str = ADDRESS, password: str = PASSWORD, **more: str
) -> TestResponse:
    """Fill in the form of the page."""
    page = client.get("/desk/sign-in")
    return client.post(
        "/desk/sign-in", data={"email": address, "password": password, "csrf_token": csrf_of(page)} | more
    )


def keep_hash(app: Flask, stored: str) -> None:
    """Let the colleague have this hash."""
    with app.app_context(), writing():
        member = member_at(ADDRESS)
        assert member is not None
        member.password = stored


def kept_hash(app: Flask) -> str:
    """The hash of the colleague."""
    with app.app_context():
        member = member_at(ADDRESS)
        return (member.password or "") if member else ""


def cookie_of(client: FlaskClient) -> str:
    """The value of the team's cookie."""
    cookie = client.get_cookie("team", "localhost")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """Another browser, into which a cookie was copied."""
    client = app.test_client()
    client.set_cookie("team", value, domain="localhost")
    return client


def test_a_member_signs_in_and_sees_the_dashboard(client: FlaskClient, colleague: int) -> None:
    response = sign_in(client)
    assert response.status_code == 303 and response.location == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_the_address_is_taken_in_any_case(client: FlaskClient, colleague: int) -> None:
    assert sign_in(client, " Colleague@Team.Example ").status_code == 303


@pytest.mark.parametrize(
    ("address", "password"),
    [(ADDRESS, "not the password"), ("nobody@team.example", PASSWORD), ("no address", PASSWORD)],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    client: FlaskClient, colleague: int, address: str, password: str
) -> None:
    response = sign_in(client, address, password)
    assert response.status_code == 422
    assert "We can&#39;t sign you in with this address, password and code." in response.text
    assert client.get("/desk/").status_code == 303


def test_unknown_addresses_cost_a_hash_too(
    client: FlaskClient, colleague: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    genuine = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, stored, typed: checked.append(stored) or genuine(self, stored, typed),
    )
    sign_in(client, "nobody@team.example")
    sign_in(client, ADDRESS, "not the password")
    assert len(checked) == 2 and all(stored.startswith("$argon2") for stored in checked)


def test_a_deactivated_member_can_not_sign_in(app: Flask, client: FlaskClient, colleague: int) -> None:
    with app.app_context(), writing() as session:
        operations.deactivate(session, colleague)
    assert sign_in(client).status_code == 422


def test_signing_in_needs_the_token_of_the_form(client: FlaskClient, colleague: int) -> None:
    assert client.post("/desk/sign-in", data={"email": ADDRESS, "password": PASSWORD}).status_code == 400


def test_a_stranger_is_asked_to_sign_in_and_comes_back(client: FlaskClient, colleague: int) -> None:
    asked = client.get("/desk/sessions?x=1")
    assert asked.status_code == 303
    assert asked.location == "/desk/sign-in?next=/desk/sessions?x%3D1"
    response = sign_in(client, next="/desk/sessions?x=1")
    assert response.location == "/desk/sessions?x=1"


def test_the_language_stays_while_signing_in(client: FlaskClient, colleague: int) -> None:
    assert client.get("/be/desk/sessions").location == "/be/desk/sign-in?next=/desk/sessions"
    token = csrf_of(client.get("/be/desk/sign-in"))
    response = client.post(
        "/be/desk/sign-in",
        data={"email": ADDRESS, "password": PASSWORD, "csrf_token": token, "next": "/desk/sessions"},
    )
    assert response.location == "/be/desk/sessions"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/desk/",
        "//evil.example/desk",
        "/s/free",
        "/desk\\@evil.example",
        "/desk/../s/free",
        "/desk/%2e%2e/s",
        "/desks",
        "",
        None,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(target: str | None) -> None:
    assert safe_next(target) is None


def test_a_session_rotates_at_sign_in_and_the_former_one_ends(
    app: Flask, client: FlaskClient, colleague: int
) -> None:
    client.get("/desk/sign-in")
    before = cookie_of(client)
    sign_in(client)
    first = cookie_of(client)
    sign_in_again = client.post(
        "/desk/sign-in",
        data={"email": ADDRESS, "password": PASSWORD, "csrf_token": csrf_of(client.get("/desk/sessions"))},
    )
    assert sign_in_again.status_code == 303
    assert len({before, first, cookie_of(client)}) == 3
    assert with_cookie(app, first).get("/desk/").status_code == 303
    assert client.get("/desk/").status_code == 200


def test_a_copied_cookie_opens_nothing_after_sign_out(
    app: Flask, client: FlaskClient, colleague: int
) -> None:
    sign_in(client)
    copied = with_cookie(app, cookie_of(client))
    assert copied.get("/desk/").status_code == 200
    response = client.post("/desk/sign-out", data={"csrf_token": csrf(client)})
    assert response.status_code == 303 and '"cache"' in response.headers["Clear-Site-Data"]
    assert copied.get("/desk/").status_code == 303
    assert client.get_cookie("team", "localhost") is None


def test_signing_out_is_no_link(client: FlaskClient, colleague: int) -> None:
    sign_in(client)
    assert client.get("/desk/sign-out").status_code == 405
    assert client.post("/desk/sign-out").status_code == 400
    assert client.get("/desk/").status_code == 200


def test_a_session_is_over_after_twelve_hours(
    app: Flask, client: FlaskClient, colleague: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    later = clock.now() + dt.timedelta(hours=12, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get("/desk/").status_code == 303


def test_the_row_does_not_tell_the_key(app: Flask, client: FlaskClient, colleague: int) -> None:
    sign_in(client)
    with client.session_transaction("/desk/") as held, app.app_context():
        row = db.session.scalars(select(TeamSession)).one()
        assert held["key"] not in (row.digest, str(row.id)) and len(row.digest) == 64
        assert "_id" not in held


def test_one_ends_ones_other_sessions(app: Flask, client: FlaskClient, colleague: int) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    page = client.get("/desk/sessions")
    assert page.text.count('/end"') == 2
    client.post("/desk/sessions/end-others", data={"csrf_token": csrf_of(page)})
    assert other.get("/desk/").status_code == 303
    assert client.get("/desk/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(
    app: Flask, campaign: Campaign, client: FlaskClient, colleague: int
) -> None:
    sign_in(client)
    with app.app_context():
        row = db.session.scalars(select(TeamSession).where(TeamSession.member_id == colleague)).one().id
    stranger = campaign.member("reader@team.example", role="reader")
    stranger.post(f"/desk/sessions/{row}/end", data={"csrf_token": csrf_of(stranger.get("/desk/sessions"))})
    assert client.get("/desk/").status_code == 200
    client.post(f"/desk/sessions/{row}/end", data={"csrf_token": csrf_of(client.get("/desk/sessions"))})
    assert client.get("/desk/").status_code == 303


def test_deactivating_a_member_ends_all_their_sessions(
    app: Flask, client: FlaskClient, colleague: int
) -> None:
    sign_in(client)
    with app.app_context(), writing() as session:
        operations.deactivate(session, colleague)
        operations.activate(session, colleague)
    assert client.get("/desk/").status_code == 303


def test_the_key_of_a_session_opens_nothing_outside_the_cookie(
    app: Flask, client: FlaskClient, colleague: int
) -> None:
    sign_in(client)
    with client.session_transaction("/desk/") as held:
        key = held["key"]
    stranger = app.test_client()
    named = (
        {"Authentication-Token": key},
        {"Authorization": f"Bearer {key}"},
        {"Cookie": f"key={key}"},
        {"Cookie": f"team={key}"},
    )
    answers = [stranger.get("/desk/", headers=header) for header in named]
    answers += [stranger.get(f"/desk/?{name}={key}") for name in ("key", "auth_token", "team")]
    assert {answer.status_code for answer in answers} == {303}


def test_a_member_signs_in_with_a_hash_that_flask_security_made_and_it_is_made_anew(
    app: Flask, client: FlaskClient, colleague: int
) -> None:
    keep_hash(app, FORMER_HASH)
    assert sign_in(client, password="not the password").status_code == 422
    assert kept_hash(app) == FORMER_HASH
    assert sign_in(client, password=FORMER_PASSWORD).status_code == 303
    # Tests hash with less work than the site: to them the former hash is one of other parameters.
    renewed = kept_hash(app)
    assert renewed != FORMER_HASH and renewed.startswith("$argon2id$v=19$m=1024,t=1,")
    assert sign_in(app.test_client(), password=FORMER_PASSWORD).status_code == 303
    assert kept_hash(app) == renewed


def test_the_site_hashes_with_the_work_of_before(
    colleague: int, database_url: str, environment: dict[str, str]
) -> None:
    site = create_app(Settings.from_environment(environment | {"DATABASE_URL": database_url}))
    with site.app_context():
        assert passwords.matches(FORMER_PASSWORD, FORMER_HASH) and not passwords.matches(
            FORMER_PASSWORD[:-1], FORMER_HASH
        )
        assert passwords.renewed(FORMER_PASSWORD, FORMER_HASH) is None


@pytest.mark.parametrize("stored", ["", "nonsense", "$2b$12$abcdefghijklmnopqrstuv"])
def test_what_is_no_hash_lets_nobody_in(app: Flask, client: FlaskClient, colleague: int, stored: str) -> None:
    keep_hash(app, stored)
    assert sign_in(client).status_code == 422


def test_a_new_password_is_not_overwritten_by_an_old_one_hashed_anew(app: Flask, colleague: int) -> None:
    keep_hash(app, "a new one")
    with app.app_context(), writing() as session:
        operations.renew_hash(session, colleague, FORMER_HASH, "the old one anew")
    assert kept_hash(app) == "a new one"


def test_who_was_signed_in_before_flask_security_went_stays_signed_in(
    app: Flask, client: FlaskClient, colleague: int
) -> None:
    with app.app_context(), writing() as session:
        key = operations.sign_in(session, colleague)
    with client.session_transaction("/desk/") as cookie:
        cookie.permanent = True
        cookie |= {
            "_user_id": "0123abcd" * 8,
            "_fresh": True,
            "fs_paa": 1.5,
            "fs_cc": "set",
            "identity.auth_type": None,
            "key": key,
        }
    assert client.get("/desk/").status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host_and_forms_to_our_pages(
    colleague: int, database_url: str, environment: dict[str, str]
) -> None:
    app = create_app(
        Settings.from_environment(
            environment | {"DATABASE_URL": database_url, "SITE_URL": "https://localhost"}
        )
    )
    client = app.test_client()
    page = client.get("/desk/sign-in", base_url="https://localhost")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-team=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(
        cookie.split("; ")
    ) and "Domain" not in cookie
    data = {"email": ADDRESS, "password": PASSWORD, "csrf_token": csrf_of(page)}
    for referrer, status in (
        (None, 400),
        ("https://evil.example/", 400),
        ("https://localhost/desk/sign-in", 303),
    ):
        headers = {"Referer": referrer} if referrer else {}
        assert (
            client.post("/desk/sign-in", base_url="https://localhost", data=data, headers=headers).status_code
            == status
        )


@pytest.mark.parametrize("meanwhile", ["another password", "deactivated"])
def test_a_password_that_was_changed_while_it_was_compared_opens_nothing(
    app: Flask, client: FlaskClient, colleague: int, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    with app.app_context():
        other = passwords.hashed("another horse, another battery")

    counter = sign_in_attempts.counter_of_code

    def changed_meanwhile(member_id: int) -> Counter:
        """What stands between comparing and the transaction."""
        with writing() as session:
            member = session.get_one(TeamMember, colleague)
            if meanwhile == "deactivated":
                member.active = False
            else:
                member.password = other
        return counter(member_id)

    monkeypatch.setattr(sign_in_attempts, "counter_of_code", changed_meanwhile)
    assert sign_in(client).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(TeamSession)).all() == []
