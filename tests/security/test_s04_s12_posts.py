"""Nothing changes by reading, and nothing by a form that another site sends: every address of the map."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.support import Campaign, csrf, csrf_of, form
from tests.world.addresses import READING, Address, House, Walk, rows

# It is decided before any database is asked; whatever might be written is seen on either.
pytestmark = pytest.mark.databases("sqlite")

# What a browser says of a form on another site; None leaves out the header that our test client sends by
# itself.
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": None, "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": None, "Origin": "http://localhost.elsewhere.example"},
    {"Sec-Fetch-Site": None, "Origin": "https://localhost"},
    {"Sec-Fetch-Site": None, "Origin": "null"},
    {"Sec-Fetch-Site": None},
    {"Sec-Fetch-Site": None, "Referer": ""},
    {"Sec-Fetch-Site": None, "Referer": "https://localhost/s/free"},
    {"Sec-Fetch-Site": None, "Referer": "http://localhost.elsewhere.example/s/free"},
    {"Sec-Fetch-Site": None, "Referer": "http://localhost@elsewhere.example/s/free"},
    {"Sec-Fetch-Site": None, "Referer": "http://localhost:8001/s/free"},
    {"Sec-Fetch-Site": None, "Referer": "http://elsewhere.example/?http://localhost/"},
    {"Sec-Fetch-Site": None, "Origin": "null", "Referer": "http://localhost/s/free"},
    {"Sec-Fetch-Site": None, "Origin": "", "Referer": "http://localhost/s/free"},
    {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/s/free"},
]
# Good values for the forms of the team.
FILLED = {
    "role": "reader",
    "format": "csv",
    "reason": "Reason",
    "organisation": "new",
    "decision": "show",
    "change": "material",
}

_OVER = {"moderation.send_report", "circulation.answer", "circulation.suggested", "signing.send_phrase"}


def _writing(house: House, *, of_team: bool) -> list[tuple[str, Address]]:
    """(method, address) of all that may change something.

    Sign-out comes last, and no member is off while invited.
    """
    methods = {method for rule in house.app.url_map.iter_rules() for method in rule.methods or ()} - set(
        READING
    )
    found = [
        (method, address)
        for method in methods
        for address in house.addresses(method)
        if address.of_team is of_team
    ]
    assert found
    return sorted(
        found, key=lambda each: (each[1].endpoint != "accounts.sign_out", each[1].endpoint), reverse=True
    )


def _good(house: House, address: Address) -> dict[str, str]:
    good = {
        "pages.sign": form(),
        "signing.code": {"code": house.code},
        "signing.send_link": {"email": "anna@post.example.org"},
    }
    return good.get(address.endpoint, {"action": "withdraw"})


def _is_one_click(house: House, address: Address) -> bool:
    return getattr(house.app.view_functions[address.endpoint], "is_one_click", False)


def test_no_public_form_of_another_site_is_taken(house: House) -> None:
    before = rows(house.app)
    taken = [
        address.endpoint
        for _method, address in _writing(house, of_team=False)
        if _is_one_click(house, address)
    ]
    assert taken == ["signing.unsubscribe_now"], "only what RFC 8058 asks for is taken from elsewhere"
    for method, address in _writing(house, of_team=False):
        if address.endpoint in taken:
            continue
        for headers in FOREIGN:
            for browser in (house.stranger, house.team):
                response = browser.open(
                    address.path, method=method, data=_good(house, address), headers=headers
                )
                assert response.status_code == 403, (address, headers)
    assert {
        name: (set(before[name]) ^ set(now)) for name, now in rows(house.app).items() if now != before[name]
    } == {}


@pytest.mark.parametrize("base", ["http://localhost", "https://site.example:8443", "http://word.onion"])
def test_row_20_a_text_browser_signs_with_the_referer_of_our_own_page(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    campaign.statement()
    settings = replace(
        app.extensions["settings"], **({"onion_url": base} if "onion" in base else {"site_url": base})
    )
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.extensions, "hosts", settings.hosts)
    client = app.test_client()
    for path, data, status in (("/s/free/sign", form(), 303), ("/code", {"code": "1"}, 422)):
        for referer, expected in (
            (f"{base}/be/s/free?x=y", status),
            (base, status),
            ("https://elsewhere.example/", 403),
        ):
            headers = {"Sec-Fetch-Site": None, "Referer": referer}
            assert client.post(path, base_url=base, data=data, headers=headers).status_code == expected


def test_the_same_public_forms_of_our_own_are_taken(house: House) -> None:
    for method, address in _writing(house, of_team=False):
        for headers in (
            {},
            {"Sec-Fetch-Site": None, "Origin": "http://localhost"},
            {"Sec-Fetch-Site": None, "Referer": "http://localhost/be/s/free?after=x"},
        ):
            response = house.stranger.open(
                address.path, method=method, data=_good(house, address), headers=headers
            )
            # The only name of the house has been withdrawn by then, and nobody was shown words: taken, and
            # answered.
            gone = (422,) if address.endpoint in _OVER else ()
            # What is good once was taken with the other headers.
            gone += (410,) if _is_one_click(house, address) else ()
            assert response.status_code in (200, 303, *gone), address


def test_no_form_of_the_team_is_taken_without_the_token_of_its_session(house: House) -> None:
    of_another_session = csrf_of(house.stranger.get("/desk/sign-in"))
    before = rows(house.app)
    for method, address in _writing(house, of_team=True):
        for token in (None, "forged", of_another_session):
            data = FILLED | ({"csrf_token": token} if token else {})
            with house.team.open(address.path, method=method, data=data) as response:
                assert response.status_code == 400, (address, token)
    assert {
        name: (set(before[name]) ^ set(now)) for name, now in rows(house.app).items() if now != before[name]
    } == {}


def test_the_same_forms_of_the_team_are_taken_with_it(house: House) -> None:
    data = FILLED | {"csrf_token": csrf(house.team)}
    for method, address in _writing(house, of_team=True):
        with house.team.open(address.path, method=method, data=data) as response:
            # 204: text that was kept for its writer.
            assert response.status_code in (200, 204, 303, 409, 410, 422), address


def test_reading_changes_no_row(walked: Walk) -> None:
    assert all(
        walked.before[table]
        for table in ("statements", "signatures", "submissions", "outbox", "team_sessions")
    )
    assert {answer.method for answer in walked.answers} == set(READING) and len(walked.answers) > 300
    for answer in walked.answers:
        assert answer.response.status_code < 500 or answer.path == "/readyz", answer.path
    assert {
        name: (set(rows) ^ set(walked.after[name]))
        for name, rows in walked.before.items()
        if walked.after[name] != rows
    } == {}
