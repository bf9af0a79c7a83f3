"""What waits for a person to look: organisations, reported names, names of the lists; alone and together."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.moderation import bulk_decisions, reports, watched_names
from campaign.moderation.models import Batch, FalseReport, Question, Watched
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature
from campaign.statements.models import Safety
from tests.support import Campaign, organisation_form, text_of
from tests.world.members import working_for
from tests.world.signatures_desk import claim, send, state_of

REVIEW, FLAGGED, TOGETHER = "/desk/review", "/desk/review/flagged", "/desk/review/together"


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """An open statement that organisations and people sign."""
    return campaign.statement("free")


def watch(app: Flask, name: str) -> None:
    """Enter a well-known person."""
    with app.app_context(), writing() as session:
        assert watched_names.watch(session, Watched.PERSON, name)


def report(client: FlaskClient, position: int = 1, **fields: str) -> int:
    """Say that the name at this place is false. Returns the status."""
    return client.post("/s/free/report", data={"position": str(position)} | fields).status_code


def test_review_shows_what_helps_to_decide(team: FlaskClient, campaign: Campaign) -> None:
    owner = campaign.organisation("Owner of Domain", "league.example.org")
    campaign.organisation("Test Leag")
    campaign.statement("second")
    campaign.signed(
        "second",
        **organisation_form(organisation="Owner of Domain", email="x@league.example.org", name="X Y"),
    )
    claim(campaign, website="https://www.league.example.org/about")
    claim(campaign, organisation="Neighbour Club", email="b@league.example.org", name="Bogdan")
    page = team.get(REVIEW).text
    for words in (
        "matches the website given",
        "Owner of Domain",
        "Test Leag<",
        "It has signed 1 statement before",
        "from the same e-mail domain: Neighbour Club",
    ):
        assert words in page, words
    assert owner and team.get("/desk/statements/free/review").status_code == 200
    assert "Nothing is waiting." in team.get("/desk/statements/second/review").text


def test_a_rejection_is_mailed_with_its_reason_and_the_way_to_the_own_page(
    team: FlaskClient, campaign: Campaign
) -> None:
    link = campaign.signed(**organisation_form(email="anna@league.example.org"))
    before = len(campaign.sink.mails)
    send(team, f"/desk/signatures/{campaign.signature(link).id}/reject", reason="Nobody there knows of it")
    campaign.work()
    mail = campaign.sink.mails[before]
    assert "Nobody there knows of it" in text_of(mail) and link in text_of(mail)
    assert "Free them all" not in text_of(mail) and "Test League" not in text_of(mail)


def test_an_approval_is_mailed_once_in_the_language_of_the_signer(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    """Alone and together, also when it is decided twice; the mail names neither text nor organisation."""
    fields = organisation_form(email="anna@league.example.org")
    alone = campaign.signed(**fields)
    others = [
        claim(campaign, organisation=f"League {name}", email=f"{name}@x.example.org") for name in ("A", "B")
    ]
    signature_id = campaign.signature(alone).id
    campaign.sink.clear()
    address = f"/desk/signatures/{signature_id}/approve"
    assert send(team, address, organisation="new").status_code == 303
    assert "The signer is told by e-mail." in team.get(REVIEW).text
    send(team, address, organisation="new")
    seen = send(team, TOGETHER, action="approve", signature=others)
    assert "2 signers get an e-mail." in seen.text and "accepted it. It counts from now on" in seen.text
    for _twice in range(2):
        send(team, TOGETHER, action="approve", signature=others, sure="y")
    campaign.work()
    assert sorted(str(mail["To"]).lower() for mail in campaign.sink.mails) == [
        "a@x.example.org",
        "anna@league.example.org",
        "b@x.example.org",
    ]
    (mail,) = campaign.sink.to("anna@league.example.org")
    assert mail["Subject"] == "Your entry was accepted" and alone in text_of(mail)
    assert "Free them all" not in text_of(mail) and "League" not in text_of(mail)
    assert "/s/free" in app.test_client().get(alone).text


def test_at_high_safety_no_decision_is_mailed(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    campaign.statement("guarded", safety=Safety.HIGH)
    campaign.sign("guarded", **organisation_form(email="anna@league.example.org"))
    with app.app_context():
        signature_id = db.session.scalars(select(Signature.id).where(Signature.state == "review")).one()
    campaign.sink.clear()
    send(team, f"/desk/signatures/{signature_id}/approve", organisation="new")
    assert "No address is kept, so the signer is not told." in team.get(REVIEW).text
    campaign.work()
    assert campaign.sink.mails == []


def test_a_question_is_asked_by_mail_and_recorded(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    signature_id = claim(campaign)
    assert send(team, f"/desk/signatures/{signature_id}/ask", question="").status_code == 422
    assert (
        send(team, f"/desk/signatures/{signature_id}/ask", question="Who is your director?").status_code
        == 303
    )
    campaign.work()
    text = text_of(campaign.sink.to("anna@league.example.org")[-1])
    assert "Who is your director?" in text and "owner@team.example" in text
    with app.app_context():
        assert db.session.scalars(select(Question)).one().signature_id == signature_id
    assert "Asked by e-mail on" in team.get(REVIEW).text and state_of(app, signature_id) == "review"


@pytest.mark.parametrize("team_mail", ["", "answers@team.example"])
def test_the_answer_to_a_question_reaches_the_team_and_not_the_sender_of_confirmations(
    team: FlaskClient, campaign: Campaign, app: Flask, monkeypatch: pytest.MonkeyPatch, team_mail: str
) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", dataclasses.replace(settings, team_mail=team_mail))
    key = claim(campaign)
    campaign.sink.clear()
    send(team, f"/desk/signatures/{key}/ask", question="Who are you?")
    campaign.work()
    (mail,) = campaign.sink.mails
    assert mail["Reply-To"] == (team_mail or "owner@team.example")
    assert mail["Reply-To"] in text_of(mail) and settings.mail_sender not in str(mail["Reply-To"])


def test_deciding_together_shows_first_and_then_does(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    signature_ids = [
        claim(campaign, organisation=f"League {name}", email=f"{name}@x.example.org")
        for name in ("One", "Two")
    ]
    seen = send(team, TOGETHER, action="reject", signature=signature_ids)
    assert (
        "This decides on 2 signatures." in seen.text
        and "2 signers get an e-mail." in seen.text
        and "not accept it" in seen.text
    )
    assert [state_of(app, signature_id) for signature_id in signature_ids] == ["review", "review"]
    assert send(team, TOGETHER, action="reject", signature=signature_ids, sure="y").status_code == 422
    assert (
        send(team, TOGETHER, action="reject", signature=signature_ids, sure="y", reason="Unknown").status_code
        == 303
    )
    assert [state_of(app, signature_id) for signature_id in signature_ids] == ["rejected", "rejected"]


def test_what_was_decided_together_is_undone_where_nothing_has_changed(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.organisation("League One")
    links = [
        campaign.signed(**organisation_form(organisation=f"League {name}", email=f"{name}@x.example.org"))
        for name in ("One", "Two")
    ]
    signature_ids = [campaign.signature(link).id for link in links]
    send(team, TOGETHER, action="approve", signature=signature_ids, sure="y")
    campaign.work()
    assert campaign.counts() == (0, 2)
    client.post(links[1], data={"action": "withdraw"})
    with app.app_context():
        batch = db.session.scalars(select(Batch)).one().id
    send(team, f"{TOGETHER}/{batch}/undo")
    campaign.work()
    assert [state_of(app, signature_id) for signature_id in signature_ids] == [
        "review",
        "withdrawn",
    ] and campaign.counts() == (0, 0)
    assert (
        "This can no longer be undone." in (send(team, f"{TOGETHER}/{batch}/undo") and team.get(REVIEW)).text
    )


def test_an_approval_that_is_undone_and_given_again_is_mailed_once(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    """Those who want news keep their address with us, so that a second mail could go out; alone and together."""
    signature_ids = [
        claim(campaign, organisation=f"League {name}", email=f"{name}@x.example.org", updates="y")
        for name in ("A", "B")
    ]
    campaign.sink.clear()
    for _again in range(2):
        send(team, TOGETHER, action="approve", signature=signature_ids, sure="y")
        campaign.work()
        with app.app_context():
            batch = max(db.session.scalars(select(Batch.id)))
        send(team, f"{TOGETHER}/{batch}/undo")
        assert [state_of(app, signature_id) for signature_id in signature_ids] == ["review", "review"]
    seen = send(team, TOGETHER, action="approve", signature=signature_ids).text
    assert "accepted it. It counts from now on" not in seen
    send(team, f"/desk/signatures/{signature_ids[0]}/approve", organisation="new")
    campaign.work()
    mails = [str(mail["To"]).lower() for mail in campaign.sink.mails]
    assert sorted(mails) == ["a@x.example.org", "b@x.example.org"]


def test_row_17_two_organisations_of_one_name_are_told_apart_by_their_country(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    polish = campaign.organisation("Open League", country="PL")
    campaign.organisation("Open League", country="DE")
    campaign.organisation("Far League", country="DE")
    here, far = (
        claim(campaign, organisation=name, country="PL", email=f"a@{name[:3]}.example.org".lower())
        for name in ("Open League", "Far League")
    )
    seen = send(team, TOGETHER, action="approve", signature=[here, far]).text
    assert "This decides on 1 signature." in seen and "or one of another country" in seen
    send(team, TOGETHER, action="approve", signature=[here, far], sure="y")
    assert (state_of(app, here), state_of(app, far)) == ("confirmed", "review")
    with app.app_context():
        assert db.session.get_one(Signature, here).organisation_id == polish


def test_after_a_day_nothing_is_undone(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    signature_id = claim(campaign)
    send(team, TOGETHER, action="approve", signature=[signature_id], sure="y")
    with app.app_context():
        batch = db.session.scalars(select(Batch)).one()
        with (
            time_machine.travel(batch.decided_at + dt.timedelta(hours=25)),
            writing() as session,
            pytest.raises(NotAllowed),
        ):
            bulk_decisions.undo(session, session.get_one(Batch, batch.id))
    assert state_of(app, signature_id) in ("confirmed", "listed")


@pytest.mark.parametrize(
    "name", ["Alexander Lukashenko", "Аляксандр Лукашэнка", "LUKASHENKO  Aleksandr", "Александр Лукашенко"]
)
def test_a_watched_name_waits_in_whatever_script(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, name: str
) -> None:
    watch(app, "Lukashenko")
    link = campaign.signed(name=name)
    assert campaign.signature(link).state == "quarantined" and campaign.counts() == (0, 0)
    assert "Confirmed, waiting for review" in client.get(link).text
    assert "On the list of well-known people: Lukashenko" in team.get(FLAGGED).text
    send(team, f"/desk/signatures/{campaign.signature(link).id}/look", decision="accept")
    campaign.work()
    assert campaign.counts() == (1, 0)


def test_who_takes_a_watched_name_later_waits_too(
    client: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    watch(app, "Lukashenko")
    link = campaign.signed(name="Anna Example")
    client.post(link, data={"action": "correct", "name": "A. Lukashenka", "country": "PL"})
    campaign.work()
    assert campaign.signature(link).state == "quarantined" and campaign.counts() == (0, 0)


def test_names_are_entered_once_and_taken_out(team: FlaskClient, campaign: Campaign) -> None:
    assert send(team, "/desk/review/names", kind="person", name="Лукашенко").status_code == 303
    assert send(team, "/desk/review/names", kind="word", name="").status_code == 422
    assert "already on the list" in send(team, "/desk/review/names", kind="word", name="лукашенко").text
    assert "Лукашенко" in team.get("/desk/review/names").text


@pytest.mark.parametrize(
    ("decision", "state", "counts"), [("accept", "listed", (1, 0)), ("invalidate", "invalidated", (0, 0))]
)
def test_a_reported_name_is_hidden_at_once_until_somebody_has_looked(
    team: FlaskClient,
    client: FlaskClient,
    campaign: Campaign,
    app: Flask,
    decision: str,
    state: str,
    counts: tuple[int, int],
) -> None:
    signature_id = campaign.signature(campaign.signed(name="Anna Example")).id
    assert 'value="1"' in client.get("/s/free/report?q=anna").text
    assert report(client, email="real@post.example.org", note="Not me") == 303
    campaign.work()
    assert campaign.counts() == (0, 0)
    page = team.get(FLAGGED).text
    assert "Not me" in page and "real@post.example.org" in page
    send(team, f"/desk/signatures/{signature_id}/look", decision=decision)
    campaign.work()
    assert state_of(app, signature_id) == state and campaign.counts() == counts
    with app.app_context():
        assert db.session.scalars(select(FalseReport)).one().sealed is None
    made = client.get("/s/free/how-this-list-was-made").text
    assert "1 signature was reported as false." in made


def test_what_was_found_genuine_is_not_hidden_again(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    signature_id = campaign.signature(campaign.signed(name="Anna Example")).id
    report(client)
    send(team, f"/desk/signatures/{signature_id}/look", decision="accept")
    campaign.work()
    with app.app_context():
        position = db.session.get_one(Signature, signature_id).position
    assert report(client, position or 0) == 303
    assert state_of(app, signature_id) == "listed" and "Not hidden at once" in team.get(FLAGGED).text


def test_nobody_empties_a_list_by_reports(team: FlaskClient, client: FlaskClient, campaign: Campaign) -> None:
    for number in range(5):
        campaign.signed(name=f"Person {'ABCDE'[number]}", email=f"p{number}@post.example.org")
    assert [report(client, number) for number in range(1, 6)] == [303] * 5
    campaign.work()
    assert campaign.counts() == (5 - reports.HIDDEN_ALWAYS, 0)
    assert team.get(FLAGGED).text.count("Not hidden at once") == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"position": "99"},
        {"position": "x"},
        {"position": "1", "email": "no address"},
        {"position": "9" * 30},
    ],
)
def test_a_report_of_nothing_is_refused_in_words(
    client: FlaskClient, campaign: Campaign, fields: dict[str, str]
) -> None:
    campaign.signed(name="Anna Example")
    response = client.post("/s/free/report", data={"q": "anna"} | fields)
    assert response.status_code == 422 and "error" in response.text
    assert "Set-Cookie" not in response.headers


def test_a_name_that_is_not_shown_can_not_be_reported(client: FlaskClient, campaign: Campaign) -> None:
    campaign.signed(name="Sealed Name", visibility="team")
    assert report(client) == 422


def test_a_message_is_decided_in_the_queue(team: FlaskClient, campaign: Campaign) -> None:
    campaign.signed(name="Anna Example", message="We stand with you")
    assert "We stand with you" in team.get(FLAGGED).text


@pytest.mark.parametrize(
    "path",
    [REVIEW, FLAGGED, "/desk/review/names", "/desk/statements/free/flagged", "/desk/statements/free/review"],
)
def test_readers_and_strangers_see_no_queue(campaign: Campaign, client: FlaskClient, path: str) -> None:
    assert "/desk/sign-in" in client.get(path).location
    assert campaign.member("reader@team.example", role="reader").get(path).status_code == 403


def test_members_decide_together_only_about_their_own(campaign: Campaign, app: Flask) -> None:
    signature_id = claim(campaign)
    browser = working_for(campaign, campaign.organisation("Other Centre"))
    assert send(browser, TOGETHER, action="approve", signature=[signature_id], sure="y").status_code == 303
    assert state_of(app, signature_id) == "review"


def test_row_15_a_slip_is_asked_about_on_every_form_that_takes_an_address(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    """The report of a name, the team, the book of addressees, and the contact for the press."""
    campaign.signed(name="Anna Example")
    campaign.work()
    team_forms = {
        "/desk/team": ({"name": "Ina", "role": "reader"}, "email"),
        "/desk/addressees/new": ({"name_en": "The Minister"}, "email"),
        "/desk/statements/free/edit": ({}, "press_email"),
    }
    for address, (fields, name) in team_forms.items():
        answer = send(team, address, **fields, **{name: "anna@gmial.com"})
        assert answer.status_code == 422 and "Did you mean anna@gmail.com?" in answer.text, address
        assert f'name="{name}-asked"' in answer.text
    fields = {"position": "1", "q": "Anna", "email": "anna@gmial.com"}
    asked = client.post("/s/free/report", data=fields)
    assert asked.status_code == 422 and "Did you mean anna@gmail.com?" in asked.text
    assert report(client, email="anna@gmial.com", **{"email-asked": "anna@gmial.com"}) == 303
    accepted = {"name": "Ina", "role": "reader", "email": "ina@gmial.com", "email-asked": "ina@gmial.com"}
    assert send(team, "/desk/team", **accepted).status_code == 303
