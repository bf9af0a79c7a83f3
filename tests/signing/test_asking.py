"""After a change of demands: who is written to, once, and who has agreed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatories.agreement import Agreement, AgreementTally, agreement_of, reassent_progress_of
from campaign.signatures.models import AskedAnew
from campaign.signing.queries import ReassentProgress
from campaign.statements import lifecycle, operations
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from tests.support import Campaign, link_in, text_of


def change(
    app: Flask, statement_id: int, kind: Change = Change.MATERIAL, title: str = "Free every one of them"
) -> None:
    """Publish a later text. Its mails are promised in one round of the worker, and sent in the next."""
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        operations.save_draft(session, statement, [StatementText("en", title, "New demands.")])
        operations.publish(session, statement, kind, "What is asked for is different.")


@pytest.fixture
def signed(campaign: Campaign) -> int:
    """One who wants news, one who does not, one who withdrew."""
    statement_id = campaign.statement()
    campaign.sign(email="news@post.example.org", name="Anna News", updates="y")
    campaign.sign(email="quiet@post.example.org", name="Boris Quiet")
    gone = campaign.sign(email="gone@post.example.org", name="Gone Again", updates="y")
    campaign.app.test_client().post(gone, data={"action": "withdraw"})
    campaign.work()
    campaign.sink.clear()
    return statement_id


def test_who_left_an_address_is_written_to_once(campaign: Campaign, app: Flask, signed: int) -> None:
    change(app, signed)
    campaign.work()
    campaign.work()
    (mail,) = campaign.sink.mails
    assert mail["To"] == "news@post.example.org"
    for word in ("Free", "demand", "sign", "petition", "Undersigned"):
        assert word not in str(mail["Subject"])
        assert word not in re.sub(r"\S*/c/\S*", "", text_of(mail))
    page = app.test_client().get(link_in(mail)).text
    assert "Free every one of them" in page
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AskedAnew)) == 1
        assert agreement_of(signed) == Agreement(2, AgreementTally(0, 0), AgreementTally(0, 2))
        assert reassent_progress_of(signed) == ReassentProgress(asked=1, waiting=0, agreed=0)


def test_each_change_of_demands_asks_anew(campaign: Campaign, app: Flask, signed: int) -> None:
    change(app, signed)
    campaign.work()
    campaign.work()
    change(app, signed, title="Free them and all others")
    campaign.work()
    campaign.work()
    assert [mail["To"] for mail in campaign.sink.mails] == ["news@post.example.org"] * 2


@pytest.mark.parametrize("ending", [lifecycle.close, None])
def test_nobody_is_written_to_about_wording_or_a_closed_text(
    campaign: Campaign, app: Flask, signed: int, ending: object
) -> None:
    change(app, signed, Change.MATERIAL if ending else Change.EDITORIAL)
    if ending is not None:
        with app.app_context(), writing() as session:
            lifecycle.close(session, session.get_one(Statement, signed))
    campaign.work()
    assert campaign.sink.mails == []
    with app.app_context():
        assert (agreement_of(signed) is None) == (ending is None)


def test_who_agrees_is_marked_as_having_agreed(
    campaign: Campaign, app: Flask, signed: int, client: FlaskClient, team: FlaskClient
) -> None:
    change(app, signed)
    campaign.work()
    campaign.work()
    listed = client.get("/s/free/signatories").text
    assert listed.count("signed text 1") == 2
    link = link_in(campaign.sink.mails[0])
    page = app.test_client().get(link).text
    assert "The demands have changed. Do you agree to the new ones too?" in page
    assert "What is asked for is different." in page
    # Who read the text before does not agree to this one.
    assert app.test_client().post(link, data={"action": "agree", "revision": "1"}).status_code == 409
    assert app.test_client().post(link, data={"action": "agree"}).status_code == 409
    assert app.test_client().post(link, data={"action": "agree", "revision": "2"}).status_code == 303
    assert "Do you agree to the new ones too?" not in app.test_client().get(link).text
    assert app.test_client().post(link, data={"action": "agree", "revision": "2"}).status_code == 303
    campaign.work()
    listed = client.get("/s/free/signatories").text
    assert listed.count("signed text 1") == 1
    assert client.get("/s/free").text.count("signed text 1") == 1
    agreed, not_yet = (
        team.get(f"/desk/statements/free/signatures?demands={value}&state=listed").text
        for value in ("current", "earlier")
    )
    assert ("Anna News" in agreed, "Boris Quiet" in agreed) == (True, False)
    assert ("Anna News" in not_yet, "Boris Quiet" in not_yet) == (False, True)


def test_who_takes_back_the_entry_leaves_no_trace_of_being_asked(
    campaign: Campaign, app: Flask, signed: int
) -> None:
    change(app, signed)
    campaign.work()
    campaign.work()
    app.test_client().post(link_in(campaign.sink.mails[0]), data={"action": "withdraw"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AskedAnew)) == 0


def test_after_closing_nobody_is_asked_to_agree(campaign: Campaign, app: Flask, signed: int) -> None:
    change(app, signed)
    campaign.work()
    campaign.work()
    link = link_in(campaign.sink.mails[0])
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, signed))
    assert "Do you agree to the new ones too?" not in app.test_client().get(link).text
    assert app.test_client().post(link, data={"action": "agree", "revision": "2"}).status_code in {409, 410}
