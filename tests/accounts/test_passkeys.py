"""Passkeys: what they open, on which address, and what opens nothing."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign import create_app
from campaign.accounts import invitations, operations, passkeys, second_factor_rule
from campaign.accounts.models import AuditEntry, Passkey, PasskeyChallenge, RecoveryCode, TeamSession
from campaign.accounts.queries import member_at
from campaign.config import Settings
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.extensions import db
from tests.support import PASSWORD, Campaign, csrf_of
from tests.world.authenticators import Authenticator, add_passkey, challenge, sign_in_by

ADDRESS = "owner@team.example"
SIGN_IN, PROVE = "/desk/sign-in/passkey/challenge", "/desk/prove/passkey/challenge"


@pytest.fixture
def required(app: Flask, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A site on which a second factor is required, as it is where the setting says nothing."""
    said = {name: value for name, value in environment.items() if name != "SECOND_FACTOR_REQUIRED"}
    url = app.extensions["settings"].database_url
    monkeypatch.setitem(app.extensions, "settings", Settings.from_environment(said | {"DATABASE_URL": url}))


@pytest.fixture
def device(team: FlaskClient) -> Authenticator:
    """A device of the owner."""
    made = Authenticator()
    added = add_passkey(team, made)
    assert added.status_code == 200 and "Write down your recovery codes" in added.text
    return made


def answer(browser: FlaskClient, credential: str, path: str = "/desk/sign-in", **typed: str) -> int:
    """The status of a form with this answer of a device."""
    token = csrf_of(browser.get(path))
    data = {"csrf_token": token, "credential": credential} | typed
    return browser.post(path, data=data).status_code


def test_a_passkey_that_asks_for_a_pin_is_both_factors(client: FlaskClient, device: Authenticator) -> None:
    asked = challenge(client, SIGN_IN)
    assert asked["rpId"] == "localhost" and not asked.get("allowCredentials"), "nobody is named yet"
    assert sign_in_by(client, device, next="/desk/sessions").location == "/desk/sessions"
    assert client.get("/desk/").status_code == 200


def test_without_a_pin_the_password_stands_beside_it(
    app: Flask, client: FlaskClient, team: FlaskClient, campaign: Campaign
) -> None:
    device = Authenticator(verifies=False)
    add_passkey(team, device)
    campaign.member("other@team.example", role="reader")
    for typed in (
        {},
        {"email": ADDRESS, "password": "wrong"},
        {"email": "other@team.example", "password": PASSWORD},
    ):
        refused = sign_in_by(client, device, **typed)
        assert refused.status_code == 422 and "did not ask for a PIN" in refused.text
    assert client.get("/desk/").status_code == 303
    assert sign_in_by(client, device, email=ADDRESS, password=PASSWORD).status_code == 303


def test_with_a_passkey_the_password_alone_opens_nothing_and_a_recovery_code_stands_for_it(
    app: Flask, client: FlaskClient, team: FlaskClient
) -> None:
    codes = add_passkey(team, Authenticator()).text.partition('<ul class="mono">')[2].partition("</ul>")[0]
    code = codes.partition("<li>")[2].partition("</li>")[0]

    def typed(second: str) -> int:
        client = app.test_client()
        data = {
            "email": ADDRESS,
            "password": PASSWORD,
            "code": second,
            "csrf_token": csrf_of(client.get("/desk/sign-in")),
        }
        return client.post("/desk/sign-in", data=data).status_code

    assert [typed(each) for each in ("", "000000", code, code)] == [422, 422, 303, 422]


def test_an_answer_opens_once_soon_here_and_for_its_purpose(
    app: Flask, client: FlaskClient, team: FlaskClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = device.signed(challenge(client, SIGN_IN))
    assert answer(client, used) == 303
    stranger = app.test_client()
    assert answer(stranger, used) == 422, "without a challenge of its own"
    challenge(stranger, SIGN_IN)
    assert answer(stranger, used) == 422, "for another challenge"

    # A copied cookie brings the challenge back, which is gone all the same.
    options = challenge(stranger, SIGN_IN)
    copied = app.test_client()
    cookie = stranger.get_cookie("team", "localhost")
    assert cookie is not None
    copied.set_cookie("team", cookie.value, domain="localhost")
    first, second = device.signed(options), device.signed(options)
    assert [answer(stranger, first), answer(copied, second)] == [303, 422]

    # Each for its use.
    proof = device.signed(challenge(team, PROVE))
    with team.session_transaction("/desk/") as held, copied.session_transaction("/desk/") as other:
        other["challenge"] = held["challenge"]
    assert answer(copied, proof) == 422

    late = device.signed(challenge(copied, SIGN_IN))
    later = clock.now() + passkeys.CHALLENGE_LASTS
    monkeypatch.setattr(clock, "now", lambda: later)
    assert answer(copied, late) == 422
    with app.app_context(), writing():
        passkeys.purge_challenges()
        assert db.session.scalars(select(PasskeyChallenge)).all() == []


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "https://localhost"},
        {"origin": "http://localhost.evil.example"},
        {"rp_id": "evil.example"},
        {"key": Authenticator().key},
        {"credential_id": b"another key, nobody's"},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_what_comes_from_elsewhere_opens_nothing(
    client: FlaskClient, device: Authenticator, forged: dict[str, object]
) -> None:
    for name, value in forged.items():
        setattr(device, name, value)
    refused = sign_in_by(client, device)
    assert refused.status_code == 422 and "This passkey does not open an account here" in refused.text


def test_whatever_is_sent_in_place_of_an_answer_is_refused(
    client: FlaskClient, device: Authenticator
) -> None:
    genuine = json.loads(device.signed(challenge(client, SIGN_IN)))
    nonsense: list[object] = ["x", "{}", "[]", "null", '{"id": 1}', "[" * 5000, "\x00", "9" * 400]
    for part in ("id", "rawId", "type", "response"):
        for value in (None, "", "é", 7, [], {}, "A" * 30_000):
            nonsense.append(json.dumps(genuine | {part: value}))
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for value in (None, "", "!", "AAAA", 7, "A" * 3_000):
            nonsense.append(json.dumps(genuine | {"response": genuine["response"] | {part: value}}))
    for sent in nonsense:
        challenge(client, SIGN_IN)
        assert answer(client, str(sent)) == 422, str(sent)[:80]


def test_a_copied_device_is_refused_and_recorded(
    app: Flask, client: FlaskClient, device: Authenticator
) -> None:
    assert sign_in_by(client, device).status_code == 303
    device.count -= 1
    assert sign_in_by(app.test_client(), device).status_code == 422
    with app.app_context():
        found = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "passkey counted back")
        ).all()
        assert [entry.member_id for entry in found] == [None]
    device.count += 5
    assert sign_in_by(app.test_client(), device).status_code == 303


def test_a_device_that_counts_nothing_opens_again_and_again(app: Flask, team: FlaskClient) -> None:
    device = Authenticator(counts=False)
    add_passkey(team, device)
    assert [sign_in_by(app.test_client(), device).status_code for _time in range(2)] == [303, 303]


def test_a_member_who_may_not_sign_in_gets_the_same_answer(
    app: Flask, client: FlaskClient, team: FlaskClient, campaign: Campaign
) -> None:
    editor, device = campaign.member("editor@team.example", role="editor"), Authenticator()
    add_passkey(editor, device)
    with app.app_context(), writing() as session:
        member = session.scalars(select(Passkey.member_id)).one()
        operations.deactivate(session, member)
    assert sign_in_by(client, device).status_code == 422


def test_a_passkey_makes_a_session_fresh_again_only_for_its_member(
    app: Flask,
    campaign: Campaign,
    team: FlaskClient,
    device: Authenticator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other, weak = campaign.member("other@team.example"), Authenticator(verifies=False)
    add_passkey(other, weak)
    later = clock.now() + dt.timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)

    def leads_to_proof(browser: FlaskClient) -> bool:
        data = {"csrf_token": csrf_of(browser.get("/desk/team")), "name": ""}
        return "/desk/prove" in browser.post("/desk/team", data=data).headers.get("Location", "")

    assert leads_to_proof(team) and leads_to_proof(other)
    assert answer(other, device.signed(challenge(other, PROVE)), "/desk/prove") == 422
    assert answer(other, weak.signed(challenge(other, PROVE)), "/desk/prove") == 422
    assert leads_to_proof(other)
    assert answer(other, weak.signed(challenge(other, PROVE)), "/desk/prove", password=PASSWORD) == 303
    assert not leads_to_proof(other)
    assert answer(team, device.signed(challenge(team, PROVE)), "/desk/prove") == 303
    assert not leads_to_proof(team)


def test_adding_and_removing_need_a_fresh_sign_in(
    app: Flask, team: FlaskClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        held = db.session.scalars(select(Passkey.id)).one()
    token = {"csrf_token": csrf_of(team.get("/desk/second-factor"))}
    later = clock.now() + dt.timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert team.post("/desk/second-factor/passkeys/challenge", data=token).status_code == 403
    for path in ("passkeys", f"passkeys/{held}/remove", "recovery-codes"):
        assert "/desk/prove" in team.post(f"/desk/second-factor/{path}", data=token).location
    with app.app_context():
        assert db.session.scalars(select(Passkey.id)).all() == [held]


def test_passkeys_are_named_and_removed_by_their_member_alone(
    app: Flask, campaign: Campaign, team: FlaskClient, device: Authenticator
) -> None:
    other = campaign.member("other@team.example")
    with app.app_context():
        key = db.session.scalars(select(Passkey)).one()
        path = f"/desk/second-factor/passkeys/{key.id}"
        assert b"My key" not in key.sealed_name
    for browser, name, shown in (
        (other, "Stolen", "My key"),
        (team, "  The blue   one ", "The blue one"),
    ):
        token = {"csrf_token": csrf_of(browser.get("/desk/second-factor"))}
        assert browser.post(f"{path}/name", data=token | {"name": name}).status_code == 303
        assert f'value="{shown}"' in team.get("/desk/second-factor").text
    token = {"csrf_token": csrf_of(team.get("/desk/second-factor"))}
    for bad in ("", " ", "x" * 61, "a\u202eb"):
        team.post(f"{path}/name", data=token | {"name": bad})
        assert 'value="The blue one"' in team.get("/desk/second-factor").text
    other.post(f"{path}/remove", data={"csrf_token": csrf_of(other.get("/desk/second-factor"))})
    assert "The blue one" in team.get("/desk/second-factor").text
    for _twice in range(2):
        assert team.post(f"{path}/remove", data=token).status_code == 303
    with app.app_context():
        assert (
            db.session.scalars(select(Passkey)).all() == db.session.scalars(select(RecoveryCode)).all() == []
        )


def test_one_device_is_added_once(team: FlaskClient, device: Authenticator) -> None:
    options = challenge(team, "/desk/second-factor/passkeys/challenge")
    assert [len(options["excludeCredentials"]), options["attestation"]] == [1, "none"]
    add_passkey(team, device)
    page = team.get("/desk/second-factor").text
    assert "did not understand each other" in page and page.count("/remove") == 1


def test_an_owners_invitation_is_the_way_back(
    app: Flask, client: FlaskClient, team: FlaskClient, device: Authenticator
) -> None:
    with app.app_context(), writing() as session:
        member = session.scalars(select(Passkey.member_id)).one()
        path = "/desk/invitation/" + invitations.invite(session, member).rpartition("/")[2]
    data = {"password": "seven wild geese over Braslau", "csrf_token": csrf_of(client.get(path))}
    assert client.post(path, data=data).status_code == 303
    assert sign_in_by(app.test_client(), device).status_code == 422


def test_an_onion_address_is_another_one(
    app: Flask, team: FlaskClient, device: Authenticator, environment: dict[str, str], database_url: str
) -> None:
    onion = f"http://{'a' * 56}.onion"
    more = {"ONION_URL": onion, "DATABASE_URL": database_url}
    both = create_app(Settings.from_environment(environment | more))
    name = onion.removeprefix("http://")
    for base, place in (
        (onion, passkeys.Place(name, onion)),
        ("http://localhost", passkeys.Place("localhost", "http://localhost")),
        ("http://127.0.0.1", None),
    ):
        with both.test_request_context("/desk/sign-in", base_url=base):
            assert passkeys.place_of_request() == place, base
    page = both.test_client().get("/desk/sign-in", base_url="http://127.0.0.1").text
    assert "data-challenge" not in page
    # Under one address the passkey of the other opens nothing.
    visitor = both.test_client()
    page = visitor.get("/desk/sign-in", base_url=onion)
    token = {"csrf_token": csrf_of(page)}
    asked = visitor.post("/desk/sign-in/passkey/challenge", data=token, base_url=onion).get_json()
    assert asked["rpId"] == name
    device.origin, device.rp_id = onion, name
    sent = token | {"credential": device.signed(asked)}
    assert visitor.post("/desk/sign-in", data=sent, base_url=onion).status_code == 422
    assert "localhost" in team.get("/desk/second-factor").text
    with both.app_context():
        db.engine.dispose()


def test_from_the_eighth_day_who_lacks_a_second_factor_sees_its_set_up_alone(
    app: Flask, campaign: Campaign, team: FlaskClient, required: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    editor = campaign.member("editor@team.example", role="editor")
    begun = clock.now()

    def on_day(day: int) -> None:
        moment = begun + dt.timedelta(days=day)
        monkeypatch.setattr(clock, "now", lambda: moment)
        with app.app_context(), writing() as session:
            for held in session.scalars(select(TeamSession)):
                held.begun_at, held.expires_at = clock.now(), clock.now() + dt.timedelta(hours=12)

    last = second_factor_rule.REQUIRED_AFTER_DAYS
    on_day(last - 1)
    assert "a passkey or an app is needed here" in editor.get("/desk/").text
    on_day(last)
    for path in ("/desk/", "/desk/statements/", "/desk/statements/free", "/desk/team", "/desk/sessions"):
        for browser in (team, editor):
            assert browser.get(path).location == "/desk/second-factor", path
    assert editor.get("/be/desk/").location == "/be/desk/second-factor"
    page = editor.get("/desk/second-factor")
    assert "One step before you go on" in page.text and "/desk/statements/" not in page.text
    refused = editor.post("/desk/statements/free/export", data={"csrf_token": csrf_of(page), "format": "csv"})
    assert refused.location == "/desk/second-factor"
    add_passkey(editor, Authenticator())
    assert editor.get("/desk/statements/free").status_code == 200
    assert team.get("/desk/").status_code == 303
    out = team.post("/desk/sign-out", data={"csrf_token": csrf_of(team.get("/desk/second-factor"))})
    assert "/desk/sign-in" in out.location


def test_the_week_does_not_begin_anew_when_the_first_owner_gets_another_role(
    app: Flask, campaign: Campaign, team: FlaskClient, required: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = clock.now()
    later = begun + dt.timedelta(days=second_factor_rule.REQUIRED_AFTER_DAYS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    campaign.member("successor@team.example")
    with app.app_context():
        with writing() as session:
            first = member_at("owner@team.example")
            assert first is not None
            operations.change_role(session, first.id, "reader")
        forget_all(app)
        due = begun.date() + dt.timedelta(days=second_factor_rule.REQUIRED_AFTER_DAYS)
        assert second_factor_rule.required_from() == due


def test_the_rule_is_a_setting(
    app: Flask, team: FlaskClient, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    bare = {name: value for name, value in environment.items() if name != "SECOND_FACTOR_REQUIRED"}
    for written, required in ((None, True), ("", True), ("0", False), ("on", True)):
        said = {} if written is None else {"SECOND_FACTOR_REQUIRED": written}
        assert Settings.from_environment(bare | said).second_factor_required is required
    later = clock.now() + dt.timedelta(days=100)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context():
        assert second_factor_rule.required_from() is None
