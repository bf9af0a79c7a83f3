"""Signers get no cookie, and no public answer depends on one: every address, also in the browser of the
team.
"""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.support import form, organisation_form
from tests.world.addresses import READING, House, Walk

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")


def _cookies_in(response: TestResponse) -> list[str]:
    """What in the headers speaks of cookies."""
    named = [
        value
        for header in ("Vary", "Access-Control-Allow-Credentials")
        for value in response.headers.getlist(header)
    ]
    return response.headers.getlist("Set-Cookie") + [
        value for value in named if "cookie" in value.lower() or value in ("*", "true")
    ]


def test_no_public_address_sets_or_varies_on_a_cookie(walked: Walk) -> None:
    public = [answer for answer in walked.answers if not answer.path.startswith("/desk")]
    for method in READING:
        assert len({answer.path for answer in public if answer.method == method}) > 25
    for answer in public:
        assert _cookies_in(answer.response) == [], answer.path


@pytest.mark.parametrize("who", ["team", "stranger"])
def test_no_step_of_signing_sets_or_varies_on_a_cookie(house: House, who: str) -> None:
    browser = house.team if who == "team" else house.stranger
    steps = [
        ("/s/free/sign", form(email="one@post.example.org"), 303),
        ("/s/free/sign", organisation_form(email="two@post.example.org"), 303),
        ("/s/free/sign", form(name=""), 422),
        ("/s/old/sign", form(), 409),
        ("/s/nowhere/sign", form(), 404),
        ("/code", {"code": "1"}, 422),
        ("/code", {"code": house.code}, 200),
        (house.pending, {"action": "confirm"}, 303),
        (house.pending, {"action": "visibility", "visibility": "wrong"}, 422),
        (house.pending, {"action": "correct", "name": "Another Name", "country": "PL"}, 303),
        (house.pending, {"action": "withdraw"}, 303),
        ("/c/forged", {"action": "confirm"}, 404),
        ("/", {}, 405),
    ]
    for path, data, status in steps:
        response = browser.post(path, data=data)
        assert (response.status_code, _cookies_in(response)) == (status, []), path
        assert _cookies_in(browser.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})) == [], (
            path
        )
