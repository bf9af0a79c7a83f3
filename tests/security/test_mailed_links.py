"""Links with a token as they come back from mails, and nothing else that would pass for one."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.ids import new_id
from campaign.core.mailed_links import token_in
from campaign.core.tokens import Purpose, issue
from tests.world.addresses import House

pytestmark = pytest.mark.databases("sqlite")

BEHIND = [
    *(
        ".",
        ")",
        ">",
        "%20",
        ",",
        ";",
        '"',
        "»",
        "]",
        "*",
        "**",
        "_",
        "__",
        "=",
        "=3D",
        "!",
        "?",
        "…",
        "”",
        "’",
        "'",
        "/",
    ),
    *(
        ").",
        ">.",
        "%3E",
        "%3e",
        "&gt;",
        "&gt",
        "%26gt%3B",
        "%2520",
        "%253E",
        "%0A",
        "%0D%0A",
        "%C2%A0",
        "%E2%80%8B",
    ),
    *(
        "\u200e",
        "\ufeff",
        "=0D=0A",
        ">Confirm</a>",
        "|",
        "`",
        "%22",
        ",%20and%20more",
        "?utm_source=mail",
        ".?fbclid=x",
    ),
    *("#", ":", "}", "）", "。", "،", "। "),
]
BEFORE = ["%20", "<", "%3C", "(", '"', "«", "%E2%80%8B"]
WITHIN = ["=%0D%0A", "=%0A", "%0A", "%20", "=", "%0A%3E%20", "%C2%AD", "%E2%80%8B", "%250A"]
PREFIXES = ("", "/be", "/ru", "/uk", "/pl", "/de")


def _links(house: House) -> list[str]:
    """One address of each kind that a mail carries, or that is pasted from one."""
    wanted = {
        "signing.manage",
        "signing.unsubscribe",
        "circulation.invitation",
        "accounts.invitation",
        "feeds.team_calendar",
        "documents.kit",
    }
    found = [
        address.path
        for address in house.addresses("GET")
        if {"token"} == set(_arguments(house, address.endpoint))
        and not address.path.endswith(("json", "docx"))
    ]
    assert len(found) >= len(wanted), found
    return found


def _arguments(house: House, endpoint: str) -> set[str]:
    return next(rule.arguments for rule in house.app.url_map.iter_rules() if rule.endpoint == endpoint)


def test_row_21_a_link_is_found_with_what_stood_behind_it(house: House) -> None:
    for path in _links(house):
        first = house.stranger.get(path)
        assert first.status_code == 200, path
        for behind in BEHIND:
            if behind == "/" and path.count("/") > 2 and path.startswith("/i/"):
                continue
            for prefix in PREFIXES if behind in (".", "&gt;") else ("",):
                answer = house.stranger.get(prefix + path + behind)
                assert answer.status_code == 200, (path, behind, answer.status_code)


def test_row_21_a_broken_link_is_joined(house: House) -> None:
    token = house.values["token"]
    for path in ("/c/", "/be/c/"):
        for before in BEFORE:
            assert house.stranger.get(f"{path}{before}{token}").status_code == 200, before
        for within in WITHIN:
            for place in (1, 10, 22, 23, 40, 65):
                broken = token[:place] + within + token[place:]
                assert house.stranger.get(path + broken).status_code == 200, (within, place)
        for dot in ("%2E", "%2e", "%252E", "=2E"):
            assert house.stranger.get(path + token.replace(".", dot)).status_code == 200, dot
        assert house.stranger.get(path + quote(quote(token, safe=""), safe="")).status_code == 200


def test_row_21_the_form_of_such_a_link_works_too(house: House) -> None:
    answer = house.stranger.post(f"/c/{house.values['token']}).", data={"action": "withdraw"})
    assert answer.status_code == 303 and not answer.headers["Location"].endswith(").")


@pytest.mark.parametrize(
    "behind", ["A", "AA", "-A", "_b", "0", "x.", "/../desk", "/evil", "./s/free", "//elsewhere.example"]
)
def test_row_21_nothing_else_passes_for_a_token(house: House, behind: str) -> None:
    assert house.stranger.get(f"/c/{house.values['token']}{behind}").status_code == 404


@given(token=st.text(max_size=80), behind=st.text(max_size=10))
def test_row_21_no_made_up_token_opens_anything(client: FlaskClient, token: str, behind: str) -> None:
    assert client.get(f"/c/{quote(token, safe='')}{quote(behind, safe='')}").status_code in (
        308,
        400,
        404,
        405,
    )


def test_row_21_a_token_cut_or_changed_stays_refused(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        token = issue(Purpose.SIGNATURE, new_id())
    assert client.get(f"/c/{token}.").status_code == 410
    for changed in (token[:-1], token[1:], token[:30] + "A" + token[30:], token[:-2] + "."):
        assert client.get(f"/c/{changed}.").status_code == 404, changed
    assert token_in(f"<{token}>.") == token and token_in("no token") == "no token" and token_in("") == ""


def test_row_21_a_members_way_of_signing_in_is_found(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        token = issue(Purpose.TEAM_SIGN_IN, new_id())
    for behind in (".", ")", "%20", "%3E"):
        assert f'value="{token}"' in client.get(f"/desk/sign-in?way={token}{behind}").text
