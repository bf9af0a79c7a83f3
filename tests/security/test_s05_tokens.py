"""S5: a token serves one purpose, ends with its row, outlives a rotation of keys; what is good once is good
once, the signer's link again and again.

The signatures of tokens alone: tests/core/test_tokens.py.
"""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts import invitations
from campaign.accounts.errors import InvitationUsed
from campaign.accounts.operations import add_member
from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.tokens import Purpose
from tests.support import Campaign
from tests.world.addresses import House


def test_every_address_with_a_token_refuses_those_of_other_purposes(house: House) -> None:
    signature = tokens_of(house)
    found = [
        address for address in house.addresses("GET") if "token" in (_rule(house, address.endpoint) or ())
    ]
    assert len(found) >= 5
    for address in found:
        own = house.values.get(f"{address.endpoint}.token", house.values["token"])
        for purpose, other in signature.items():
            if other != own:
                answer = house.browser(address).get(address.path.replace(own, other))
                assert answer.status_code in (404, 410) or own == other or _serves(address.path, purpose), (
                    address.endpoint,
                    purpose,
                )


def _rule(house: House, endpoint: str) -> set[str] | None:
    return next(
        (rule.arguments for rule in house.app.url_map.iter_rules() if rule.endpoint == endpoint), None
    )


def _serves(path: str, purpose: Purpose) -> bool:
    """An organisation's page is opened by its own and by the shared link."""
    return path.startswith("/i/") and purpose in (Purpose.CIRCULATION, Purpose.SHARED_CIRCULATION)


def tokens_of(house: House) -> dict[Purpose, str]:
    """The same row signed for each purpose."""
    with house.app.app_context():
        row = tokens.read(Purpose.SIGNATURE, house.values["token"])
        return {purpose: tokens.issue(purpose, row) for purpose in Purpose}


def test_the_signers_link_works_again_and_again_and_a_pending_one_ends_with_its_row(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    link = campaign.submit()
    for _each in range(3):
        assert client.post(link, data={"action": "confirm"}, follow_redirects=True).status_code == 200
    pending = campaign.submit(email="b@post.example.org")
    later = clock.now() + dt.timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(link).status_code == 200
    assert client.get(pending).status_code == 410
    assert client.post(pending, data={"action": "confirm"}).status_code == 410


def test_links_in_mails_open_after_a_rotation_and_no_more_when_the_key_is_gone(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.submit()
    old, before = app.extensions["settings"].secret_keys, app.extensions["tokens"]
    try:
        tokens.init_app(app, (*old, "n" * 20 + "ewest key of them all"))
        assert client.get(link).status_code == 200
        tokens.init_app(app, ("n" * 20 + "ewest key of them all",))
        assert client.get(link).status_code == 404
    finally:
        app.extensions["tokens"] = before


def test_an_invitation_to_the_team_is_good_once(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        member = add_member(session, "new@team.example", "New", "reader")
        path = "/desk/" + invitations.invite(session, member.id).partition("/desk/")[2]
        invitations.accept(session, path.rpartition("/")[2], "a hash")
    with app.app_context(), writing() as session, pytest.raises(InvitationUsed):
        invitations.accept(session, path.rpartition("/")[2], "another hash")
    assert client.get(path).status_code == 410
