"""Starting, inviting and reminding."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from campaign.circulation.address_parser import parse_addresses
from campaign.circulation.models import Invitation
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing.bounces import read_bounce
from campaign.statements.models import Statement
from tests.support import Campaign
from tests.world.bounces import POSTFIX, bounce
from tests.world.circulation import DRIVE, TEXTS, Round

LENA = "lena@league.example.org"


def yesterday(going: Round) -> None:
    """Everyone was invited a day ago."""
    with going.app.app_context(), writing() as session:
        session.execute(update(Invitation).values(created_at=clock.now() - dt.timedelta(days=1)))


@pytest.mark.parametrize(
    ("pasted", "email", "person", "organisation", "country", "language"),
    [
        ("Lena Leader <lena@league.example.org>", LENA, "Lena Leader", "", None, "en"),
        ("lena@league.example.org", LENA, "", "", None, "en"),
        (
            "Test House; Lena Leader; lena@league.example.org; Poland; be",
            LENA,
            "Lena Leader",
            "Test House",
            "PL",
            "be",
        ),
        ("Test House\tlena@league.example.org\tPL", LENA, "", "Test House", "PL", "en"),
        (
            'name,e-mail,organisation,country\n"Leader, Lena",lena@league.example.org,Test House,Польшча',
            LENA,
            "Leader, Lena",
            "Test House",
            "PL",
            "en",
        ),
        ("“Lena” lena@league.example.org,", LENA, "", "“Lena” lena@league.example.org", None, "en"),
    ],
)
def test_a_pasted_line_is_understood(
    context: Flask,
    campaign: Campaign,
    pasted: str,
    email: str,
    person: str,
    organisation: str,
    country: str | None,
    language: str,
) -> None:
    statement_id = campaign.statement(publish=False)
    lines = parse_addresses(db.session(), statement_id, pasted, "en")
    assert len(lines) == 1
    line = lines[0]
    if "“" in pasted:
        assert (line.email, line.problem) == (email, "") or line.problem
        return
    assert (line.email, line.person, line.organisation, line.country, line.language, line.problem) == (
        email,
        person,
        organisation,
        country,
        language,
        "",
    )


def test_what_cannot_be_used_is_said_line_by_line_and_the_others_are_invited(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.invite("first@league.example.org")
    pasted = f"{LENA}\nLENA@league.example.org\nnothing to read here\nbroken@@x\nfirst@league.example.org\n\nnew@house.example.org"
    page = going.post("/invite", pasted=pasted, language="en")
    for said in (
        "2 invitations",
        "4 lines can’t be used",
        "This address is already listed above.",
        "There is no e-mail address in this line.",
        "This address can’t exist",
        "This address has already been invited.",
        "Somebody else at this organisation has been invited as well.",
        "One of these e-mails, as it will be read",
        "Will you sign by",
    ):
        assert said in page.text, said
    with going.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 1, "looking invites nobody"
    going.post("/invite", pasted=pasted, language="en", confirm="y")
    going.post("/invite", pasted=pasted, language="en", confirm="y")
    with going.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 3
    back = going.post("/invite", pasted=pasted, language="en", change="y")
    assert "nothing to read here" in back.text
    assert going.post("/invite", pasted="", language="en").status_code == 422


def test_the_contact_on_record_is_offered_for_the_next_text(going: Round, campaign: Campaign) -> None:
    organisation_id = going.campaign.organisation("Test League", "league.example.org")
    going.invite(f"Lena Leader <{LENA}>", language="be")
    campaign.statement("next", publish=False, texts=TEXTS)
    last = (clock.today() + dt.timedelta(days=3)).isoformat()
    from tests.support import csrf  # noqa: PLC0415

    token = csrf(going.team)
    terms = {"csrf_token": token, "deadline_on": last, "inviter": "Ina", "email": "ina@owner.example.org"}
    going.team.post("/desk/statements/next/circulation/start", data=terms)
    page = going.team.get("/desk/statements/next/circulation/invite").text
    assert "Test League" in page and "Lena Leader" in page
    chosen = going.team.post(
        "/desk/statements/next/circulation/invite",
        data={"csrf_token": token, "organisations": organisation_id, "language": "en"},
    )
    assert "1 invitation" in chosen.text and LENA in chosen.text and "Беларуская" in chosen.text


def test_a_discreet_mail_says_nothing_in_its_subject(going: Round) -> None:
    going.begin(discreet="y")
    going.invite(LENA, language="be")
    mail = going.campaign.sink.to(LENA)[0]
    assert "Вызваліць" not in str(mail["Subject"]) and "Вызваліць" not in str(mail.get_body())
    assert going.links[LENA].startswith("/be/i/")
    assert "Вызваліць усіх" in going.client.get(going.links[LENA]).text


def test_the_silent_are_reminded_on_their_days_and_never_twice_a_day_nor_after_an_answer(
    going: Round,
) -> None:
    going.invite(LENA, "otto@house.example.org")
    going.client.post(going.links["otto@house.example.org"], data={"action": "board"})
    yesterday(going)
    going.campaign.work()
    assert len(going.campaign.sink.to(LENA)) == 1, "five days before nobody is reminded"
    going.after(days=2)
    for _round in range(3):
        going.campaign.work()
    mails = going.campaign.sink.to(LENA)
    assert [str(mail["Subject"]).startswith("Reminder") for mail in mails] == [False, True]
    assert len(going.campaign.sink.to("otto@house.example.org")) == 1
    assert "There is nobody to remind today" in going.team.get(f"{DRIVE}/remind").text
    going.post("/remind")
    going.campaign.work()
    assert len(going.campaign.sink.to(LENA)) == 2


def test_reminding_by_hand_shows_whom_and_how_before_it_sends(going: Round) -> None:
    going.invite(LENA)
    assert "There is nobody to remind today" in going.team.get(f"{DRIVE}/remind").text, (
        "invited or reminded today"
    )
    yesterday(going)
    page = going.team.get(f"{DRIVE}/remind").text
    assert "Send 1 reminder" in page and "is still waiting for your answer" in page
    going.campaign.work()
    assert len(going.campaign.sink.to(LENA)) == 1
    going.post("/remind")
    going.campaign.work()
    assert len(going.campaign.sink.to(LENA)) == 2


def test_a_refused_mail_is_shown(going: Round) -> None:
    going.campaign.sink.reply = lambda address: "550 No such user" if address == LENA else None
    going.post("/invite", pasted=LENA, language="en", confirm="y")
    for _round in range(3):
        going.campaign.work()
    assert going.invitation().bounced
    assert "e-mail refused" in going.team.get(DRIVE).text


def test_a_mail_that_comes_back_is_shown(going: Round) -> None:
    going.invite(LENA)
    going.campaign.work()
    assert not going.invitation().bounced
    with going.app.app_context():
        read_bounce(bounce(POSTFIX, going.campaign.sink.raw[-1], LENA))
    for _round in range(2):
        going.campaign.work()
    assert going.invitation().bounced
    assert "e-mail refused" in going.team.get(DRIVE).text


def test_the_deadline_is_moved_and_answers_are_in_time_again(going: Round) -> None:
    going.invite(LENA)
    going.after(hours=-1)
    assert "the deadline has passed" in going.team.get(DRIVE).text
    assert going.begin(days=3).status_code == 303
    going.sign(LENA, "Test League")
    assert not going.invitation().late


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"deadline_on": "2020-01-01"}, "This time has already passed."),
        ({"deadline_on": "soon"}, "Please enter the day in the form 2026-12-31."),
        ({"inviter": ""}, "Please enter who sends the invitation"),
        ({"email": "ina"}, "does not look like an e-mail address"),
        ({"remind_days": "two"}, "Please enter days as numbers"),
        ({"remind_days": "99"}, "at most eight numbers between 0 and 60"),
    ],
)
def test_terms_that_cannot_be_are_refused_and_kept(
    team: FlaskClient, campaign: Campaign, app: Flask, client: FlaskClient, changes: dict[str, str], said: str
) -> None:
    campaign.statement(publish=False)
    refused = Round(app, team, campaign, client).begin(**changes)
    assert refused.status_code == 422
    assert said in refused.text
    with app.app_context():
        assert db.session.scalars(select(Statement)).one().status == "draft"


def test_a_published_text_is_not_sent_round(
    team: FlaskClient, campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    campaign.statement()
    going = Round(app, team, campaign, client)
    assert "only a draft can be sent for sign-on" in team.get(DRIVE).text
    assert going.begin().status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Statement)).one().status == "open"


def test_answers_are_counted_by_country(going: Round) -> None:
    going.invite(LENA, "otto@house.example.org")
    going.sign(LENA, "Test League", country="PL")
    page = going.team.get(DRIVE).text
    assert "1 of 1" in page and "0 of 1" in page
    assert 'value="1"' in page
