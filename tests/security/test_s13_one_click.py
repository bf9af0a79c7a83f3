"""S13: who asked for news ends it by one click in their mail program (RFC 8058).

Taken from mails as an SMTP server received them.
"""

from __future__ import annotations

import re
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.signatures.models import Signature, State, Visibility
from campaign.signatures.names import names_of, write_names
from campaign.statements.models import Change
from campaign.statements.operations import StatementText
from tests.support import Campaign, text_of

# As a mail provider sends it: no browser, no cookie, no page before it.
PROVIDER = {"Sec-Fetch-Site": None, "Origin": None}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def news(campaign: Campaign) -> EmailMessage:
    """A mail to a signer who asked for news: the demands have changed."""
    campaign.statement()
    campaign.sign(updates="y")
    campaign.sign(email="b@post.example.org")
    campaign.sink.clear()
    campaign.published(Change.MATERIAL, StatementText("en", "Free them all", "Now."), note="More.")
    campaign.work()
    campaign.work()
    assert len(campaign.sink.mails) == 1
    return campaign.sink.mails[0]


def address_in(mail: EmailMessage) -> str:
    """The path that its header names."""
    found = re.fullmatch(r"<(http://localhost/\S+)>", str(mail["List-Unsubscribe"]))
    assert found, str(mail["List-Unsubscribe"])
    return urlsplit(found[1]).path


def test_the_headers_are_those_of_the_standard(campaign: Campaign, news: EmailMessage) -> None:
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address_in(news).startswith("/u/")
    # One of each, and no line that a server would have to break; the address stands in the text, too.
    assert (
        len(news.get_all("List-Unsubscribe") or []) == len(news.get_all("List-Unsubscribe-Post") or []) == 1
    )
    lines = campaign.sink.raw[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line for line in lines if line.startswith(b"List-Unsubscribe")] == [
        f"List-Unsubscribe: <http://localhost{address_in(news)}>".encode(),
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    assert address_in(news) in text_of(news)


def test_one_post_of_a_mail_provider_ends_it_and_a_replay_is_refused(
    campaign: Campaign, client: FlaskClient, news: EmailMessage
) -> None:
    path = address_in(news)
    answer = client.post(path, data=ONE_CLICK, headers=PROVIDER)
    assert (
        answer.status_code == 200 and "Location" not in answer.headers and "Set-Cookie" not in answer.headers
    )
    assert client.post(path, data=ONE_CLICK, headers=PROVIDER).status_code == 410
    assert client.get(path).status_code == 410
    link = re.search(r"/c/\S+", text_of(news))
    assert link
    signature = campaign.signature(link[0])
    assert (signature.wants_updates, signature.sealed_contact, signature.name) == (
        False,
        None,
        "Anna Example",
    )
    campaign.sink.clear()
    campaign.published(Change.MATERIAL, StatementText("en", "Free them all", "At once."), note="Even more.")
    forget_all(campaign.app)
    campaign.work()
    campaign.work()
    assert campaign.sink.mails == []


def test_opening_the_address_changes_nothing(
    campaign: Campaign, client: FlaskClient, news: EmailMessage
) -> None:
    path = address_in(news)
    for method in ("GET", "HEAD", "OPTIONS"):
        client.open(path, method=method, headers=PROVIDER)
    page = client.get(path)
    assert page.status_code == 200 and f'action="{path}"' in page.text
    # Neutral: whoever looks over a shoulder does not learn what was signed.
    assert "Free them" not in page.text and "Anna" not in page.text
    assert client.post(path).status_code == 200


def test_only_its_own_token_serves(campaign: Campaign, client: FlaskClient, news: EmailMessage) -> None:
    link = re.search(r"/c/(\S+)", text_of(news))
    assert link
    assert client.post(f"/u/{link[1]}", data=ONE_CLICK, headers=PROVIDER).status_code == 404
    assert client.get(f"/c/{address_in(news).rpartition('/')[2]}").status_code == 404
    with campaign.app.app_context():
        stranger = tokens.issue(tokens.Purpose.UNSUBSCRIBE, new_id())
    assert client.post(f"/u/{stranger}", data=ONE_CLICK, headers=PROVIDER).status_code == 410


def test_mails_that_were_asked_for_just_now_have_no_such_header(campaign: Campaign) -> None:
    campaign.statement()
    campaign.submit()
    assert campaign.sink.mails[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize("end", [State.REJECTED, State.INVALIDATED])
def test_it_works_also_when_the_team_has_ended_the_signature(
    campaign: Campaign, client: FlaskClient, news: EmailMessage, end: State
) -> None:
    with campaign.app.app_context(), writing() as session:
        signature = session.scalars(select(Signature).where(Signature.wants_updates)).one()
        names = names_of(signature)
        signature.state, signature.ended_on, signature.folded = end, clock.today(), False
        write_names(signature, names, Visibility.PUBLIC)
    assert client.post(address_in(news), data=ONE_CLICK, headers=PROVIDER).status_code == 200
    with campaign.app.app_context():
        assert not db.session.scalars(
            select(Signature).where(Signature.wants_updates | Signature.sealed_contact.is_not(None))
        ).all()
