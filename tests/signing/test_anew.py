"""The demands change: earlier signers are asked anew by mail and on their own page, each once, and never
counted as agreeing before.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.mailing.models import OutboxMail
from campaign.signatures import states
from campaign.signatures.models import AskedAnew, Assent, Signature
from campaign.signatures.queries import revision_signed
from campaign.signing import reassent_job
from campaign.signing.queries import reassent_progress
from campaign.statements import lifecycle
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from campaign.statements.queries import terms_of
from tests.support import BELARUSIAN, ENGLISH, Campaign, link_in, organisation_form, text_of

pytestmark = pytest.mark.databases("sqlite", "postgresql")

NEW_ENGLISH = StatementText(
    "en", "Free them all", "They helped others.\n\n## We ask\n\n1. Release and rehabilitate them."
)
NEW_BELARUSIAN = StatementText("be", "Вызваліць усіх", "Яны дапамагалі іншым. Рэабілітаваць іх.")
NOTE = "We also ask that they be rehabilitated."


def change(campaign: Campaign, how: Change = Change.MATERIAL) -> int:
    """Publish a second text and let the worker work. Returns its id."""
    revision_id = campaign.published(how, NEW_ENGLISH, NEW_BELARUSIAN, note=NOTE)
    work(campaign)
    return revision_id


def work(campaign: Campaign) -> None:
    """Ask, then send."""
    campaign.work()
    campaign.work()


def mailed(campaign: Campaign, address: str) -> int:
    """How many mails beside the confirmation came."""
    return len(campaign.sink.to(address)) - 1


def signed_text(campaign: Campaign, link: str) -> int | None:
    """The number of the newest text that a signature was given to."""
    with campaign.app.app_context():
        return revision_signed(campaign.signature(link).id, db.session())


def test_who_left_an_address_is_asked_once_by_a_neutral_mail_in_their_language(campaign: Campaign) -> None:
    campaign.statement(texts=(ENGLISH, BELARUSIAN))
    link = campaign.sign(email="a@post.example.org", updates="y")
    campaign.app.test_client().post("/be/s/free/sign", data={**_form("b@post.example.org"), "updates": "y"})
    campaign.work()
    campaign.app.test_client().post(
        link_in(campaign.sink.to("b@post.example.org")[0]), data={"action": "confirm"}
    )
    campaign.work()
    silent = campaign.sign(email="c@post.example.org")
    change(campaign)
    assert [mailed(campaign, f"{who}@post.example.org") for who in "abc"] == [1, 1, 0]
    mail, belarusian = campaign.sink.to("a@post.example.org")[1], campaign.sink.to("b@post.example.org")[1]
    assert link_in(mail) == link and link_in(belarusian).startswith("/be/c/")
    for letter in (mail, belarusian):
        whole = letter.as_string() + text_of(letter) + str(letter["Subject"])
        assert not [
            word for word in (ENGLISH.title, BELARUSIAN.title, NOTE, "rehabilitate", "free") if word in whole
        ]
    assert signed_text(campaign, silent) == 1


def _form(email: str) -> dict[str, str]:
    return {
        "kind": "person",
        "name": "Ганна",
        "email": email,
        "country": "PL",
        "visibility": "public",
        "consent": "y",
    }


def test_a_change_of_wording_asks_nobody(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email="a@post.example.org", updates="y")
    change(campaign, Change.EDITORIAL)
    assert mailed(campaign, "a@post.example.org") == 0
    assert "Do you agree to the new ones too?" not in client.get(link).text


def test_who_withdrew_or_is_hidden_is_not_written_to(campaign: Campaign, app: Flask) -> None:
    campaign.statement()
    hidden = campaign.signature(campaign.sign(email="a@post.example.org", updates="y")).id
    withdrawn = campaign.sign(name="Borys", email="b@post.example.org", updates="y")
    campaign.sign(**organisation_form(email="c@post.example.org", updates="y"))
    app.test_client().post(withdrawn, data={"action": "withdraw"})
    with app.app_context(), writing() as session:
        states.hide(session, session.get_one(Signature, hidden))
    change(campaign)
    assert [mailed(campaign, f"{who}@post.example.org") for who in "abc"] == [0, 0, 1]


def test_a_closed_statement_asks_nobody(campaign: Campaign, app: Flask, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email="a@post.example.org", updates="y")
    campaign.published(Change.MATERIAL, NEW_ENGLISH, NEW_BELARUSIAN, note=NOTE)
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.scalars(select(Statement)).one(), clock.now() - dt.timedelta(days=2))
    work(campaign)
    assert mailed(campaign, "a@post.example.org") == 0
    assert "Do you agree to the new ones too?" not in client.get(link).text
    assert client.post(link, data={"action": "agree", "revision": "2"}).status_code == 409
    assert signed_text(campaign, link) == 1


def test_batches_and_a_new_worker_between_them_leave_nobody_out_and_ask_nobody_twice(
    campaign: Campaign, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassent_job, "BATCH", 2)
    campaign.statement()
    for number in range(5):
        campaign.sign(name=f"Anna {chr(65 + number)}", email=f"{number}@post.example.org", updates="y")
    campaign.published(Change.MATERIAL, NEW_ENGLISH)
    with app.app_context():
        assert reassent_job.ask_anew() is True
        forget_all(app)
        assert reassent_job.ask_anew() is True
        assert db.session.scalar(select(func.count()).select_from(AskedAnew)) == 4
        progress = reassent_progress(terms_of(db.session(), db.session.scalars(select(Statement.id)).one()))
        assert (progress.asked, progress.waiting, progress.agreed) == (4, 1, 0)
    work(campaign)
    forget_all(app)
    work(campaign)
    assert [mailed(campaign, f"{number}@post.example.org") for number in range(5)] == [1] * 5


def test_a_crash_in_a_batch_leaves_neither_mark_nor_mail(
    campaign: Campaign, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    for number in range(2):
        campaign.sign(name=f"Anna {chr(65 + number)}", email=f"{number}@post.example.org", updates="y")
    campaign.published(Change.MATERIAL, NEW_ENGLISH)
    send, sent = reassent_job.send_to, []

    def crash_at_the_second(*arguments: Any) -> uuid.UUID:
        mail = send(*arguments)
        sent.append(1)
        if len(sent) == 2:
            raise MemoryError
        return mail

    monkeypatch.setattr(reassent_job, "send_to", crash_at_the_second)
    with app.app_context(), pytest.raises(MemoryError):
        before = db.session.scalar(select(func.count()).select_from(OutboxMail))
        reassent_job.ask_anew()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AskedAnew)) == 0
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == before
    monkeypatch.setattr(reassent_job, "send_to", send)
    work(campaign)
    assert [mailed(campaign, f"{number}@post.example.org") for number in range(2)] == [1, 1]


def test_a_mail_server_that_is_away_only_delays(campaign: Campaign) -> None:
    campaign.statement()
    campaign.sign(email="a@post.example.org", updates="y")
    campaign.sink.reply = lambda _recipient: "451 Later"
    change(campaign)
    assert mailed(campaign, "a@post.example.org") == 0
    campaign.sink.reply = lambda _recipient: None
    with time_machine.travel(clock.now() + dt.timedelta(minutes=5), tick=False):
        campaign.work()
    assert mailed(campaign, "a@post.example.org") == 1


def test_who_leaves_an_address_later_is_asked_later(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email="a@post.example.org")
    change(campaign)
    client.post(link, data={"action": "updates", "updates": "y", "email": "a@post.example.org"})
    work(campaign)
    assert mailed(campaign, "a@post.example.org") == 0
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11), tick=False):
        work(campaign)
    assert mailed(campaign, "a@post.example.org") == 1


def test_the_own_page_shows_what_has_changed_and_takes_the_new_assent(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.sign()
    change(campaign)
    page = client.get(link).text
    assert "Do you agree to the new ones too?" in page and NOTE in page and "<ins>and rehabilitate" in page
    assert client.post(link, data={"action": "agree", "revision": "2"}).status_code == 303
    campaign.work()
    assert signed_text(campaign, link) == 2
    assert client.post(link, data={"action": "agree", "revision": "2"}).status_code == 303
    page = client.get(link).text
    assert "Do you agree to the new ones too?" not in page and "Signed text 2." in page
    assert campaign.counts() == (1, 0)


@pytest.mark.parametrize("read", ["1", "", "x", "3"])
def test_agreeing_to_a_text_that_was_not_shown_is_refused(
    campaign: Campaign, client: FlaskClient, read: str
) -> None:
    campaign.statement()
    link = campaign.sign()
    change(campaign)
    response = client.post(link, data={"action": "agree", "revision": read})
    assert response.status_code == 409 and "Do you agree to the new ones too?" in response.text
    assert signed_text(campaign, link) == 1


def test_who_withdrew_agrees_to_nothing(campaign: Campaign, client: FlaskClient, app: Flask) -> None:
    campaign.statement()
    link = campaign.sign()
    change(campaign)
    client.post(link, data={"action": "withdraw"})
    assert client.post(link, data={"action": "agree", "revision": "2"}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Assent)).all() == []


def test_signing_again_with_the_form_agrees_too(campaign: Campaign) -> None:
    campaign.statement()
    first = campaign.sign(email="a@post.example.org", updates="y")
    campaign.published(Change.MATERIAL, NEW_ENGLISH)
    forget_all(campaign.app)
    campaign.signed(email="a@post.example.org")
    assert signed_text(campaign, first) == 2
    assert campaign.counts() == (1, 0)


def test_who_agreed_before_the_worker_came_is_not_asked(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(email="a@post.example.org", updates="y")
    campaign.published(Change.MATERIAL, NEW_ENGLISH)
    client.post(link, data={"action": "agree", "revision": "2"})
    work(campaign)
    assert mailed(campaign, "a@post.example.org") == 0
