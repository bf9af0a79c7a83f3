"""Embargo, other demands, suggestions, and the day of publication."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from campaign.accounts.models import AuditEntry
from campaign.circulation.models import Suggestion, SuggestionVerdict
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatures.models import Provenance, Signature, State
from campaign.statements import operations
from campaign.statements.models import Statement, Status
from campaign.statements.operations import StatementText
from tests.support import BELARUSIAN, ENGLISH, text_of
from tests.world.circulation import DRIVE, Round

LENA, OTTO, UMA = "lena@league.example.org", "otto@house.example.org", "uma@union.example.org"


def edited(going: Round, body: str) -> None:
    """The team changes the English text."""
    with going.app.app_context(), writing() as session:
        statement = session.scalars(select(Statement)).one()
        operations.save_draft(session, statement, [StatementText("en", ENGLISH.title, body), BELARUSIAN])


def names(client: FlaskClient) -> list[str]:
    """Who stands on the public list."""
    return [line["organisation"] for line in client.get("/s/free/live.json").get_json()["newest"]]


@pytest.mark.parametrize(
    "address",
    ["/s/free", "/s/free/signatories", "/s/free/live.json", "/s/free/feed.atom", "/s/free/statement.pdf", "/s/free/card.png", "/s/free/poster.pdf",
     "/s/free/versions", "/s/free/how-this-list-was-made", "/s/free/calendar.ics"],
)  # fmt: skip
def test_a_text_that_goes_round_has_no_page(going: Round, address: str) -> None:
    going.invite(LENA)
    going.sign(LENA, "Secret League")
    assert going.client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/", "/s/", "/feed.atom", "/feed.rss", "/feed.json", "/calendar.ics", "/sitemap.xml"]
)
def test_nothing_of_it_stands_elsewhere(going: Round, address: str) -> None:
    going.invite(LENA)
    going.sign(LENA, "Secret League")
    going.campaign.work()
    page = going.client.get(address).text
    assert "Free them all" not in page and "Secret League" not in page and "/s/free" not in page


def test_text_and_list_come_out_together_and_everyone_gets_a_kit(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.invite(f"Lena <{LENA}>", OTTO, UMA)
    going.sign(LENA, "Test League")
    going.sign(OTTO, "Second House", show_name="", country="RU", **{"country-asked": "RU"})
    preview = going.team.get(f"{DRIVE}/publish").text
    assert "Publish with 2 organisations" in preview and "Second House" in preview
    assert going.statement().status == Status.CIRCULATING
    going.post("/publish")
    assert going.statement().status == Status.OPEN
    page = going.client.get("/s/free").text
    assert "2</span> organisations" in page
    assert sorted(names(going.client)) == ["Second House", "Test League"]
    with going.app.app_context():
        rows = {row.organisation_name: row for row in db.session.scalars(select(Signature))}
        assert {row.state for row in rows.values()} == {State.LISTED}
        assert {row.provenance for row in rows.values()} == {Provenance.INVITED}
        assert (rows["Test League"].name, rows["Second House"].name) == ("Rita Representative", None)
        assert db.session.scalar(
            select(AuditEntry.action).where(AuditEntry.action == "circulation published")
        )
    going.campaign.work()
    going.campaign.work()
    mail = text_of(going.campaign.sink.to(LENA)[-1])
    kit = next(word for word in mail.split() if word.endswith("/kit")).partition("localhost")[2]
    shown = going.client.get(kit)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "For Telegram" in shown.text and "/s/free" in shown.text
    assert going.client.get(kit.replace("/kit", "/statement.docx")).data[:2] == b"PK"
    assert len(going.campaign.sink.to(UMA)) == 1, "who has not signed gets no kit"
    own = going.client.get(going.links[LENA]).text
    assert "Your signature: correct or withdraw it" in own
    # Nobody is asked to share where that can be dangerous.
    assert "Everything you need to share it" in own
    assert "Everything you need to share it" not in going.client.get(going.links[OTTO]).text
    manage = own.partition("/c/")[2].partition('"')[0]
    assert going.client.post(f"/c/{manage}", data={"action": "withdraw"}).status_code in (200, 303)
    going.campaign.work()
    assert names(going.client) == ["Second House"]
    assert going.client.get(f"/i/{'x' * 20}/kit").status_code == 404


def test_who_has_not_signed_has_no_kit(going: Round) -> None:
    going.invite(LENA)
    assert going.client.get(going.links[LENA] + "/kit").status_code == 410
    going.sign(LENA, "Test League")
    assert going.client.get(going.links[LENA] + "/kit").status_code == 410


def test_other_demands_are_asked_about_and_who_does_not_answer_is_left_out(going: Round) -> None:
    going.invite(LENA, OTTO)
    going.sign(LENA, "Test League")
    going.sign(OTTO, "Second House")
    edited(going, "We ask for everything.")
    assert "has not been sent for sign-on yet" in going.team.get(DRIVE).text
    refused = going.post("/publish")
    assert refused.status_code == 303 and going.statement().status == Status.CIRCULATING
    assert going.post("/round", change="material", note="").status_code == 422
    going.post("/round", change="material", note="Everything is new.", confirm="y")
    going.campaign.work()
    going.campaign.work()
    mail = text_of(going.campaign.sink.to(LENA)[-1])
    assert "The text that you signed now asks for something else" in mail and "Everything is new." in mail
    before = len(going.campaign.sink.mails)
    going.campaign.work()
    assert len(going.campaign.sink.mails) == before, "nobody is asked twice"
    assert "The demands have changed since you signed" in going.client.get(going.links[LENA]).text
    stale = going.sign(LENA, "Test League", read="1")
    assert stale.status_code == 409 and "Please read the new text above" in stale.text
    assert going.sign(LENA, "Test League", read="2").status_code == 303
    assert "signed earlier demands: 1" in going.team.get(f"{DRIVE}/publish").text
    going.post("/publish")
    assert names(going.client) == ["Test League"]


def test_wording_alone_keeps_signatures(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    edited(going, ENGLISH.body + " Now.")
    going.post("/round", change="editorial")
    before = len(going.campaign.sink.mails)
    going.campaign.work()
    assert len(going.campaign.sink.mails) == before + 1, "only the receipt"
    going.post("/publish")
    assert names(going.client) == ["Test League"]
    assert "Now." in going.client.get("/s/free").text
    assert "signed text" not in going.client.get("/s/free/signatories").text


def test_a_suggestion_is_one_paragraph_and_accepted_with_one_click(going: Round) -> None:
    going.invite(LENA)
    assert going.sign(LENA, "Test League", action="suggest").headers["Location"].endswith("/suggest")
    link = going.links[LENA] + "/suggest"
    same = going.client.post(link, data={"read": "1", "body": ENGLISH.body})
    assert same.status_code == 422 and "Nothing differs" in same.text
    other = "They helped others, for years.\n\n## We ask\n\n1. Release them all.\n\nThank you."
    assert going.client.post(link, data={"read": "1", "body": other, "remark": "Clearer."}).status_code == 303
    with going.app.app_context():
        kept = [
            (one.before, one.after) for one in db.session.scalars(select(Suggestion).order_by(Suggestion.id))
        ]
    assert kept[0] == ("They helped others.", "They helped others, for years.")
    drive = going.team.get(DRIVE).text
    assert "<ins>, for years</ins>" in drive or "for years" in drive
    assert "Clearer." in drive
    going.post("/suggestions/1", verdict="accept") if kept else None
    with going.app.app_context():
        first = db.session.scalars(select(Suggestion).order_by(Suggestion.id)).first()
        assert first is not None
        suggestion_id = first.id
    going.post(f"/suggestions/{suggestion_id}", verdict="accept")
    with going.app.app_context():
        assert db.session.get_one(Suggestion, suggestion_id).verdict == SuggestionVerdict.ACCEPTED
    assert "has not been sent for sign-on yet" in going.team.get(DRIVE).text
    assert "for years" in going.team.get("/desk/statements/free/edit").text
    assert "accepted" in going.client.get(going.links[LENA]).text


def test_a_suggestion_whose_passage_is_gone_is_not_forced(going: Round) -> None:
    going.invite(LENA)
    going.client.post(
        going.links[LENA] + "/suggest", data={"read": "1", "body": ENGLISH.body.replace("others", "everyone")}
    )
    edited(going, "Something else.")
    with going.app.app_context():
        suggestion_id = db.session.scalars(select(Suggestion.id)).one()
    assert "This passage has since changed." in going.team.get(DRIVE).text
    going.post(f"/suggestions/{suggestion_id}", verdict="accept")
    with going.app.app_context():
        assert db.session.get_one(Suggestion, suggestion_id).verdict == SuggestionVerdict.OPEN
    going.post(f"/suggestions/{suggestion_id}", verdict="reject")
    assert "not accepted" in going.client.get(going.links[LENA]).text


def test_at_the_set_time_it_is_published_as_it_was_sent(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    edited(going, "A thought that was never sent round.")
    with going.app.app_context(), writing() as session:
        session.execute(update(Statement).values(opens_at=clock.now() - dt.timedelta(seconds=1)))
    going.campaign.work()
    going.campaign.work()
    assert going.statement().status == Status.OPEN
    assert names(going.client) == ["Test League"]
    assert "Release them." in going.client.get("/s/free").text
    assert "A thought that was never sent round." in going.team.get("/desk/statements/free/edit").text


def test_late_and_unknown_answers_wait_and_join_after_publication(going: Round) -> None:
    going.invite(LENA, OTTO)
    going.sign(OTTO, "Second House")
    going.post("/publish")
    assert going.sign(LENA, "Late League").status_code == 303
    assert names(going.client) == ["Second House"]
    going.post(f"/{going.invitation('Late League').id}/join")
    going.campaign.work()
    assert sorted(names(going.client)) == ["Late League", "Second House"]


def test_an_answer_written_down_says_where_it_came_from(going: Round) -> None:
    going.post(
        "/by-hand",
        organisation="Hand House",
        person="Hanna",
        title="Chair",
        source="Signal, 18:40",
        show_name="y",
    )
    going.post("/publish")
    with going.app.app_context():
        row = db.session.scalars(select(Signature)).one()
        # From whom and how is for the team, and goes into no file.
        assert (row.provenance, row.source, row.name) == (Provenance.BY_HAND, None, "Hanna")
    assert "Signal, 18:40" in going.team.get(DRIVE).text


def test_a_list_that_is_complete_takes_no_more(going: Round) -> None:
    going.begin(closes_at_once="y")
    going.invite(LENA)
    going.sign(LENA, "Test League")
    going.post("/publish")
    assert going.statement().status == Status.CLOSED
    assert names(going.client) == ["Test League"]
