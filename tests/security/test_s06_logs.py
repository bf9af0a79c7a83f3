"""Neither logs nor pages repeat an address, a name or a token, also when something breaks."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.test import TestResponse

from campaign.accounts import operations as accounts
from campaign.core import worker
from campaign.signatures import states
from campaign.signing import confirmation, lost_link_views, signer_actions
from campaign.signing import operations as signing
from tests.support import PASSWORD, csrf_of, form
from tests.world.addresses import House

NAME, ADDRESS, CITY, MESSAGE = (
    "Canary Surname",
    "canary.signer@post.example.org",
    "Canaryville",
    "canary message",
)
CODE = "9876 5432 1098"
WORDS = "bade lomi teru vaga nizo fure"

VALUES = {"name": NAME, "address": ADDRESS, "code": CODE}


def _error(kind: str) -> Exception:
    """An error of ours, of a row that is refused, or of a database that goes away.

    Each repeats what it was given.
    """
    if kind == "ours":
        return LookupError(f"no {VALUES}")
    if kind == "row":
        return IntegrityError(
            "INSERT", VALUES, Exception(f"Key (address)=({ADDRESS}) exists. Failing row contains ({NAME}).")
        )
    return OperationalError("INSERT", VALUES, Exception(f"server closed while it wrote {ADDRESS}"))


@pytest.fixture
def secrets_of(house: House) -> list[str]:
    """What must not appear anywhere: what is typed here, and the tokens of links."""
    tokens = [
        house.values["token"],
        house.pending.rpartition("/")[2],
        house.values["accounts.invitation.token"],
    ]
    return [
        NAME,
        ADDRESS,
        CITY,
        MESSAGE,
        CODE,
        WORDS,
        PASSWORD,
        "canary",
        house.code,
        "pending@post.example.org",
        *tokens,
    ]


def _breaking(house: House, monkeypatch: pytest.MonkeyPatch, kind: str) -> list[TestResponse]:
    """Every kind of form that carries such a value, each meeting the error in the midst of its work."""

    def fail(*_arguments: Any, **_named: Any) -> NoReturn:
        raise _error(kind) from ValueError(repr(VALUES))

    broken = {
        signing: ("submit",),
        confirmation: ("submission_of_code", "confirm"),
        signer_actions: ("correct",),
        states: ("withdraw_by_phrase",),
        lost_link_views: ("request_link",),
    }
    for module, name in ((module, name) for module, names in broken.items() for name in names):
        monkeypatch.setattr(module, name, fail)
    monkeypatch.setattr(accounts, "authenticate", fail)
    typed = form(name=NAME, email=ADDRESS, city=CITY, message=MESSAGE)
    link, token = f"/c/{house.values['token']}", csrf_of(house.stranger.get("/desk/sign-in"))
    return [
        house.stranger.post("/s/free/sign", data=typed),
        house.stranger.post("/be/s/free/sign", data=typed, headers={"Referer": f"http://localhost{link}"}),
        house.stranger.post("/code", data={"code": CODE}),
        house.stranger.post(house.pending, data={"action": "confirm"}),
        house.stranger.post(link, data={"action": "correct", "name": NAME, "city": CITY, "country": "PL"}),
        house.stranger.post("/s/free/lost-link", data={"email": ADDRESS}),
        house.stranger.post("/take-back", data={"words": WORDS}),
        house.stranger.post(
            "/desk/sign-in", data={"email": ADDRESS, "password": PASSWORD, "csrf_token": token}
        ),
    ]


@pytest.mark.parametrize(("kind", "status"), [("ours", 500), ("row", 500), ("outage", 503)])
def test_an_error_in_the_midst_of_a_form_tells_nothing(
    house: House,
    secrets_of: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    kind: str,
    status: int,
) -> None:
    caplog.set_level(logging.INFO)
    caplog.clear()
    answers = _breaking(house, monkeypatch, kind)
    captured = capfd.readouterr()
    logged = (
        caplog.text + "".join(str(vars(record)) for record in caplog.records) + captured.out + captured.err
    )
    assert [answer.status_code for answer in answers] == [status] * len(answers)
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == len(answers)
    told = "".join(answer.text + str(answer.headers) for answer in answers)
    assert [secret for secret in secrets_of if secret.lower() in logged.lower()] == []
    assert [secret for secret in secrets_of if secret.lower() in told.lower()] == []
    assert "Traceback" not in told


def test_the_log_still_says_where_it_broke(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _breaking(house, monkeypatch, "ours")
    assert "unhandled in pages.sign: LookupError: fail " in caplog.text


def test_signing_that_goes_well_logs_nothing_of_it(
    house: House, secrets_of: list[str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    caplog.clear()
    house.stranger.post("/s/free/sign", data=form(name=NAME, email=ADDRESS, city=CITY, message=MESSAGE))
    house.stranger.post("/s/free/sign", data=form(name=NAME, email="canary is no address"))
    house.stranger.post("/code", data={"code": CODE})
    house.stranger.post(house.pending, data={"action": "confirm"})
    house.stranger.post(
        house.pending, data={"action": "correct", "name": NAME, "message": MESSAGE, "country": "PL"}
    )
    house.stranger.post("/s/free/lost-link", data={"email": ADDRESS})
    house.stranger.post("/take-back", data={"words": WORDS})
    worker.run_once(house.app)
    house.stranger.post(house.pending, data={"action": "erase"})
    captured = capfd.readouterr()
    ours = [record for record in caplog.records if record.name != "mail.log"]
    logged = "".join(str(vars(record)) for record in ours) + captured.out + captured.err
    assert [secret for secret in secrets_of if secret.lower() in logged.lower()] == []
