"""S20: limits hold for each visitor and the network around, by names that last an hour, and lock nobody out
who shares an address.

That they hold across processes: tests/pages/test_limits.py, with a real Redis.
"""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core import visitors
from campaign.extensions import limiter
from tests.support import Campaign, code_in, form

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")


# Where one is told so in a tenth of the time.
NOWHERE = "nowhere"
ONE, SAME_NETWORK, OTHER = "8.8.4.4", "8.8.4.5", "9.9.9.9"


def wrong_codes(client: FlaskClient, address: str, number: int) -> list[int]:
    """The answers to so many wrong codes."""
    sent = [
        client.post("/code", data={"code": f"{each:012}"}, environ_base={"REMOTE_ADDR": address})
        for each in range(number)
    ]
    return [response.status_code for response in sent]


def names(app: Flask, address: str) -> tuple[str, str]:
    """(visitor, network) of an address."""
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        return visitors.visitor(), visitors.network()


def forms(client: FlaskClient, number: int, address: str = ONE, slug: str = "free") -> list[int]:
    """The answers to so many empty forms: each is counted, whatever it holds and wherever it goes."""
    sent = [
        client.post(f"/s/{slug}/sign", data={}, environ_base={"REMOTE_ADDR": address}) for _ in range(number)
    ]
    return [response.status_code for response in sent]


def test_one_more_than_the_limit_is_refused_once_with_a_time_to_come_again(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    assert forms(client, 61) == [422] * 60 + [429]
    refused = client.post("/s/free/sign", data=form(), environ_base={"REMOTE_ADDR": ONE})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert client.get("/s/free", environ_base={"REMOTE_ADDR": ONE}).status_code == 200
    assert forms(client, 1, OTHER) == [422]


def test_the_network_around_has_a_limit_of_its_own(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    for host in range(4):
        assert set(forms(client, 60, f"8.8.4.{host}", NOWHERE)) == {404}
    assert forms(client, 1, "8.8.4.200") == [429]
    assert forms(client, 1, "8.8.5.1") == [422]


def test_who_comes_by_the_onion_address_is_not_counted_by_the_network(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    assert set(forms(client, 300, "127.0.0.1", NOWHERE)) == {404}
    assert forms(client, 1, "127.0.0.1") == [422]


def test_wrong_codes_of_one_visitor_lock_out_no_other(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.submit()
    code = code_in(campaign.sink.mails[-1])
    assert wrong_codes(client, ONE, 31) == [422] * 30 + [429]
    assert client.post("/code", data={"code": code}, environ_base={"REMOTE_ADDR": OTHER}).status_code == 200


def test_wrong_codes_do_not_lock_out_those_who_share_an_address(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.submit()
    assert set(wrong_codes(client, "127.0.0.1", 100)) == {422}
    assert client.post("/code", data={"code": code_in(campaign.sink.mails[-1])}).status_code == 200


def test_the_answer_never_depends_on_the_mail_address(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    answers = {client.post("/s/free/sign", data=form()).status_code for _ in range(25)}
    assert answers == {303}


def test_an_address_is_nowhere_in_what_is_counted(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    wrong_codes(client, ONE, 3)
    forms(client, 3)
    kept = repr(vars(limiter.storage))
    assert "LIMIT" in kept and ONE not in kept and "8.8.4" not in kept


def test_names_last_an_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    before = names(app, ONE)
    assert before == names(app, ONE)
    assert before[0] != names(app, SAME_NETWORK)[0] and before[1] == names(app, SAME_NETWORK)[1]
    monkeypatch.setattr(visitors.time, "time", lambda: now + 3600)
    assert not set(before) & set(names(app, ONE))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd00::1", "fe80::1%eth0", "", "unix:"]
)
def test_what_tells_nobody_apart_has_one_name(app: Flask, address: str) -> None:
    assert names(app, address) == (visitors.SHARED, visitors.SHARED)


def test_a_phone_can_not_use_up_its_own_addresses(app: Flask) -> None:
    assert names(app, "2a00:1450:4001:81b::1") == names(app, "2a00:1450:4001:81b:ffff::2")
    assert names(app, "2a00:1450:4001:81b::1")[1] == names(app, "2a00:1450:4001:ffff::1")[1]
    assert names(app, f"::ffff:{ONE}") == names(app, ONE)
