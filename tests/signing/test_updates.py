"""News for those who ask: the address is kept for nothing else, and only a confirmed one."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core.vault import vault
from campaign.extensions import db
from campaign.signatures.models import Signature
from tests.support import Campaign

ADDRESS = "anna@post.example.org"


def _contact(campaign: Campaign) -> str | None:
    with campaign.app.app_context():
        signature = db.session.scalars(select(Signature)).one()
        kept = signature.sealed_contact
        assert signature.wants_updates is (kept is not None)
        return vault().unseal_text(kept, "signatures", "sealed_contact", signature.id) if kept else None


def test_who_asks_afterwards_gives_the_address_again(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email=ADDRESS)
    assert _contact(campaign) is None
    assert (
        client.post(
            link, data={"action": "updates", "updates": "y", "email": "Anna@post.example.org"}
        ).status_code
        == 303
    )
    assert _contact(campaign) == "Anna@post.example.org"
    assert "No more news" in client.get(link).text


def test_no_more_news_deletes_the_address(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email=ADDRESS, updates="y")
    assert _contact(campaign) == ADDRESS
    assert client.post(link, data={"action": "updates"}).status_code == 303
    assert _contact(campaign) is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("other@post.example.org", "not the address that you signed with"),
        ("anna@", "does not look like"),
        ("", "Please give the address"),
    ],
)
def test_no_other_address_is_kept(campaign: Campaign, client: FlaskClient, typed: str, message: str) -> None:
    campaign.statement()
    link = campaign.sign(email=ADDRESS)
    refused = client.post(link, data={"action": "updates", "updates": "y", "email": typed})
    assert refused.status_code == 422
    assert message in refused.text and f'value="{typed}"' in refused.text
    assert _contact(campaign) is None


def test_guessing_addresses_is_slowed_down(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email=ADDRESS)
    answers = [
        client.post(
            link, data={"action": "updates", "updates": "y", "email": f"guess{n}@post.example.org"}
        ).status_code
        for n in range(32)
    ]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert _contact(campaign) is None


def test_after_withdrawing_nobody_gets_news(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email=ADDRESS)
    client.post(link, data={"action": "withdraw"})
    assert client.post(link, data={"action": "updates", "updates": "y", "email": ADDRESS}).status_code == 409
    assert _contact(campaign) is None
