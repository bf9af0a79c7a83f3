"""No number in an address is too large for us: it is not found, or taken for none."""

from __future__ import annotations

import re

import pytest

from tests.database import NIGHT
from tests.support import csrf_of
from tests.world.addresses import READING, House

HUGE = [str(2**31), str(2**63), str(10**30), "9" * 5_000]
# By day each address gets one of them, in turn; at night each gets all.
TURNS = range(len(HUGE) if NIGHT else 1)
# Every name by which a query of ours counts, and those by which one might.
NAMES = ("after", "before", "page", "id", "revision", "v", "text", "q", "country", "check", "next")


def _rules_with_numbers(house: House) -> list[str]:
    return [rule.rule for rule in house.app.url_map.iter_rules() if "<int" in rule.rule]


def test_there_are_such_rules(house: House) -> None:
    assert "/desk/team/<int:member_id>/role" in _rules_with_numbers(house)


@pytest.mark.parametrize("number", HUGE)
def test_a_huge_number_in_a_path_is_not_found(house: House, number: str) -> None:
    token = csrf_of(house.team.get("/desk/team"))
    for rule in _rules_with_numbers(house):
        path = re.sub("<int[^>]*>", number, re.sub("<(?!int)[^>]*>", "x", rule))
        for method in ("GET", "POST"):
            response = house.team.open(
                path,
                method=method,
                data={"csrf_token": token, "role": "reader"} if method == "POST" else None,
            )
            assert response.status_code in (404, 405), (method, rule)


@pytest.mark.parametrize("turn", TURNS)
def test_a_huge_number_in_a_query_breaks_nothing(house: House, turn: int) -> None:
    for place, address in enumerate(house.addresses("GET"), turn):
        number = HUGE[place % len(HUGE)]
        query = "&".join(f"{name}={number}" for name in NAMES if name != "next")
        for each in (query, f"next=/desk/audit?before={number}"):
            with house.browser(address).get(f"{address.path}?{each}") as response:
                assert response.status_code < 500 or address.endpoint == "pages.readyz", address


@pytest.mark.parametrize("turn", TURNS)
def test_a_huge_number_in_a_form_breaks_nothing(house: House, turn: int) -> None:
    token = csrf_of(house.team.get("/desk/team"))
    names = (
        "revision",
        "organisation",
        "other",
        "goal",
        "owners",
        "read",
        "code",
        "draft",
        "state",
        "closes_on",
        "closes_at",
        "dated",
        "seat",
    )
    methods = {method for rule in house.app.url_map.iter_rules() for method in rule.methods or ()} - set(
        READING
    )
    for method in methods:
        for place, address in enumerate(house.addresses(method), turn):
            number = HUGE[place % len(HUGE)]
            if address.endpoint not in ("accounts.sign_out", "accounts.end_session", "team.deactivate"):
                data = dict.fromkeys(names, number) | {"csrf_token": token}
                with house.browser(address).open(address.path, method=method, data=data) as response:
                    assert response.status_code < 500, address


def test_the_log_has_no_page_for_a_number_that_is_none(house: House) -> None:
    for number in HUGE:
        page = house.team.get(f"/desk/audit?before={number}")
        assert page.status_code == 400 and "is not complete" in page.text, number
