"""Every answer carries the security headers, each once and with values that mean what they should (threats
S9, S10).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from campaign.signatories import queries
from tests.support import form
from tests.world.addresses import House, Walk

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

# A mail as its program would show it carries its own style, and nothing else.
OWN_STYLE = "/mailbox/1-mail/html"
# What pages of ours show in their own frames, and those pages.
PREVIEWED = re.compile(r"(?:/\w\w)?/desk/statements/[^/]+/preview$")
FRAMING = re.compile(r"(?:/\w\w)?/desk/statements/[^/]+/preview/[^/]+$")
EMBEDDED = re.compile(r"(?:/\w\w)?/embed/")
SAME = {"'self'"}
LOCAL = SAME | {"http://localhost"}
FETCHED = {"script-src", "style-src", "img-src", "font-src", "connect-src", "worker-src"}


def _policy(headers: Headers) -> dict[str, set[str]]:
    """The directives of the Content-Security-Policy.

    A directive named twice fails: browsers take the first.
    """
    directives = [
        part.split() for part in _only(headers, "Content-Security-Policy").split(";") if part.strip()
    ]
    names = [name.lower() for name, *_values in directives]
    assert len(names) == len(set(names)), names
    return {name.lower(): set(values) for name, *values in directives}


def _only(headers: Headers, name: str) -> str:
    values = headers.getlist(name)
    assert len(values) == 1, (name, values)
    return values[0]


def _check(response: TestResponse, origins: set[str] = LOCAL, *, https: bool = False) -> None:
    headers, policy = response.headers, _policy(response.headers)
    own_style = response.request.path == OWN_STYLE and response.request.method != "OPTIONS"
    # What partners show within their pages has neither form nor script.
    embedded = (
        EMBEDDED.match(response.request.path)
        and response.request.method != "OPTIONS"
        and response.status_code < 400
    )
    shown = response.status_code == 200 and response.request.method in ("GET", "HEAD")
    previewed = shown and PREVIEWED.match(response.request.path)
    framing = shown and FRAMING.match(response.request.path)
    assert policy.pop("default-src") == {"'none'"}
    assert policy.pop("frame-ancestors") == ({"*"} if embedded else SAME if previewed else {"'none'"})
    assert policy.pop("base-uri") == {"'none'"}
    assert policy.pop("form-action") == ({"'none'"} if own_style or embedded or previewed else origins)
    assert policy.pop("frame-src", None) == (SAME if framing else None)
    fetched = FETCHED - {"script-src", "connect-src", "worker-src"} if embedded or previewed else FETCHED
    assert policy == ({"style-src": {"'unsafe-inline'"}} if own_style else dict.fromkeys(fetched, SAME))
    assert _only(headers, "X-Content-Type-Options") == "nosniff"
    assert _only(headers, "Referrer-Policy") == "same-origin"
    assert _only(headers, "Cross-Origin-Opener-Policy") == "same-origin"
    assert _only(headers, "Cross-Origin-Resource-Policy") == "same-origin"
    features = dict(part.strip().split("=") for part in _only(headers, "Permissions-Policy").split(","))
    assert {"camera", "geolocation", "microphone", "payment"} <= set(features) and set(features.values()) == {
        "()"
    }
    transport = headers.getlist("Strict-Transport-Security")
    if https:
        age = re.fullmatch(r"max-age=(\d+); includeSubDomains", transport[0])
        assert len(transport) == 1 and age and int(age[1]) >= 365 * 24 * 3600
    else:
        assert transport == []
    for telling in ("Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        assert telling not in headers


def test_every_address_carries_them(walked: Walk) -> None:
    for answer in walked.answers:
        _check(answer.response)
    assert {200, 302, 308, 404, 503} <= {answer.response.status_code for answer in walked.answers}


def _answers(house: House, break_something: Callable[[], None]) -> dict[int, TestResponse]:
    """An answer of each status that is not among the addresses."""
    browser, large = house.stranger, "x" * 1_100_000
    etag = browser.get("/s/free").headers["ETag"]
    answers = [
        browser.get("/s/free", headers={"If-None-Match": etag}),
        browser.get("/s/free/signatories?q=%00"),
        browser.post("/s/free/sign", data=form(), headers={"Sec-Fetch-Site": "cross-site"}),
        browser.post("/"),
        browser.post("/s/old/sign", data=form()),
        browser.post("/s/free/sign", data=form(city=large)),
        browser.post("/s/free/sign", data=form(name="")),
        browser.post("/s/free/sign", data=form()),
    ]
    answers += [
        browser.post("/code", data={"code": "1"}, environ_base={"REMOTE_ADDR": "8.8.4.4"})
        for _try in range(31)
    ][-1:]
    break_something()
    answers.append(browser.get("/s/free/signatories"))
    return {response.status_code: response for response in answers}


def test_every_refusal_and_failure_carries_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise LookupError

    answers = _answers(house, lambda: monkeypatch.setattr(queries, "browse", fail))
    assert set(answers) == {303, 304, 400, 403, 405, 409, 413, 422, 429, 500}
    for response in answers.values():
        _check(response)


@pytest.mark.parametrize("path", ["/about", "/static/css/base.css", "/nowhere", "/desk/", "/healthz"])
def test_behind_https_browsers_stay_with_https_and_forms_lead_on_to_the_host_of_the_links(
    secure_app: Flask, path: str
) -> None:
    client: FlaskClient = secure_app.test_client()
    origins = SAME | {"https://sign.league.example", "https://post.neutral.example"}
    _check(client.get(path, base_url="https://sign.league.example"), origins, https=True)


def test_pages_of_the_team_and_behind_links_from_mails_are_never_stored(house: House, walked: Walk) -> None:
    neutral = ["/check-your-mail", "/code", "/c/forged", "/be/c/forged", "/desk/nowhere", house.pending]
    found = [(path, browser.get(path)) for path in neutral for browser in (house.stranger, house.team)]
    mapped = [answer for answer in walked.answers if answer.method == "GET" and answer.endpoint]
    personal = [answer for answer in mapped if answer.path.startswith(("/desk/", "/c/", "/mailbox"))]
    assert len({answer.path for answer in personal}) > 15
    for path, response in found + [(answer.path, answer.response) for answer in personal]:
        assert _only(response.headers, "Cache-Control") == "no-store", path
