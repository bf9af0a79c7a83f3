"""The mail about an update: what it says to whom, when it goes, and what the team sees of it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import travel

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing.messages import message, render
from campaign.signatures.models import Signature
from campaign.statements.models import Safety
from campaign.updates import desk, mails, news_mail
from campaign.updates.models import Update, UpdateKind, UpdateMailing, UpdateText
from campaign.updates.news_mail import NamedMail, cut_to_bytes
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf_of, text_of

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LONG = "Слова пра суд і сведкаў, якія прыйшлі. " * 40


def an_update(campaign: Campaign, statement: int, body: str = "It was **adjourned** today.\n\nMore.") -> str:
    """A published update in two languages. Returns the address of its mailing."""
    with campaign.app.app_context(), writing() as session:
        update = Update(
            kind=UpdateKind.NEWS,
            statement_id=statement,
            created_at=clock.now(),
            published_at=clock.now(),
            changed_at=clock.now(),
            texts=[
                UpdateText(language="en", rank=0, title="The hearing", body=body),
                UpdateText(language="be", rank=1, title="Пасяджэнне", body=LONG),
            ],
        )
        session.add(update)
        session.flush()
        return f"/desk/updates/{update.id}/mail"


def want_news(campaign: Campaign, *names: str, **more: str) -> None:
    for name in names:
        address = f"{name.split()[0].lower()}@post.example.org"
        campaign.signed(name=name, email=address, updates="y", **more)
    campaign.work()
    campaign.sink.clear()


def order(team: FlaskClient, page: str, **typed: str) -> int:
    return team.post(page, data={"csrf_token": csrf_of(team.get(page)), **typed}).status_code


def work(campaign: Campaign) -> None:
    for _round in range(3):
        campaign.work()


def test_a_listed_signer_reads_from_whom_about_what_and_why(team: FlaskClient, campaign: Campaign) -> None:
    page = an_update(campaign, campaign.statement(texts=(ENGLISH, BELARUSIAN)))
    want_news(campaign, "Anna Example")
    want_news(campaign, "Vera Hidden", visibility="team")
    assert order(team, page) == 303
    work(campaign)
    (anna,), (vera,) = (campaign.sink.to(f"{name}@post.example.org") for name in ("anna", "vera"))
    said = text_of(anna).replace("\r\n", "\n")
    assert anna["Subject"] == "The hearing" and said.startswith("Hello Anna Example,\n\nThere is news")
    assert "It was adjourned today." in said and "More." not in said
    assert f"“{ENGLISH.title}”" in said and "because you signed this statement" in said
    assert ENGLISH.title in anna["From"] and " · " in anna["From"]
    assert vera["Subject"] == "There is an update for you" and ENGLISH.title not in str(vera)
    assert anna["From"].addresses[0].addr_spec == vera["From"].addresses[0].addr_spec
    assert len({len(raw) for raw in campaign.sink.raw}) == 1, "mail servers see one size"


@pytest.mark.parametrize("letter", "aЙი漢")
def test_the_longest_texts_fit_into_the_one_size(context: Flask, letter: str) -> None:
    words = f"{letter * 9} " * 400
    named = NamedMail(*(cut_to_bytes(words, most) for most in (90, 180, 180, 480)))
    link = f"https://sign.coalition.example/be/c/{'x' * 120}"
    content = named.mail(words)(link=link, unsubscribe=link)
    neutral = mails.news(link=link, unsubscribe=link)
    for code in LANGUAGES:
        long, short = (
            message("0" * 32, f"{'a' * 60}@post.example.org", render(said, code), None, link, "", sender)
            for said, sender in ((content, named.sender), (neutral, ""))
        )
        assert len(long.as_bytes()) == len(short.as_bytes())


def test_at_high_safety_no_mail_has_a_word_of_it(team: FlaskClient, campaign: Campaign) -> None:
    page = an_update(campaign, campaign.statement(safety=Safety.HIGH))
    campaign.sign(name="Anna Example", email="anna@post.example.org", updates="y")
    work(campaign)
    assert "adjourned" not in team.get(page).text
    order(team, page)
    work(campaign)
    for mail in campaign.sink.mails:
        assert (
            ENGLISH.title not in str(mail) and "hearing" not in text_of(mail) and "Anna" not in text_of(mail)
        )


def test_it_is_read_in_each_language_and_sent_to_oneself(team: FlaskClient, campaign: Campaign) -> None:
    page = an_update(campaign, campaign.statement(texts=(ENGLISH, BELARUSIAN)))
    want_news(campaign, "Anna Example")
    campaign.signed(name="Юлія Прыклад", email="julija@post.example.org", updates="y")
    with campaign.app.app_context(), writing() as session:
        session.scalars(select(Signature).where(Signature.name == "Юлія Прыклад")).one().language = "be"
    shown = team.get(page).text
    assert "Пасяджэнне" in shown and "The hearing" in shown and BELARUSIAN.title in shown
    campaign.sink.clear()
    for code in ("be", "xx"):
        sent = team.post(f"{page}/me", data={"csrf_token": csrf_of(team.get(page)), "language": code})
        assert sent.status_code == 303
    work(campaign)
    mine, other = campaign.sink.mails
    assert (mine["Subject"], other["Subject"]) == ("Пасяджэнне", "The hearing")
    assert "/c/" not in text_of(mine) and "/be/s/free" in text_of(mine) and "…" in text_of(mine)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"at": "10:00"}, "Please choose the day, too."),
        ({"on": "2020-01-01"}, "This time has already passed."),
        ({"on": "2020-01-01", "at": "10:00"}, "This time has already passed."),
        ({"per_hour": "0"}, "Please enter a number from 1 to 100,000"),
        ({"per_hour": "many"}, "Please enter a number from 1 to 100,000"),
    ],
)
def test_a_time_or_pace_that_cannot_be_is_refused(
    team: FlaskClient, campaign: Campaign, typed: dict[str, str], said: str
) -> None:
    page = an_update(campaign, campaign.statement())
    want_news(campaign, "Anna Example")
    answer = team.post(page, data={"csrf_token": csrf_of(team.get(page)), **typed})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert all(f'value="{value}"' in answer.text for value in typed.values()), "what was typed is kept"


def test_many_mails_take_a_second_click(
    team: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(desk, "FEW", 1)
    page = an_update(campaign, campaign.statement())
    want_news(campaign, "Anna Example", "Boris Example")
    asked = team.post(page, data={"csrf_token": csrf_of(team.get(page)), "per_hour": "7"})
    assert "Send 2 e-mails?" in asked.text and "English" in asked.text and "adjourned" in asked.text
    assert 'name="per_hour" value="7"' in asked.text
    with app.app_context():
        assert db.session.scalar(select(UpdateMailing.update_id)) is None
    assert order(team, page, sure="y", per_hour="7") == 303
    with app.app_context():
        assert db.session.scalar(select(UpdateMailing.per_hour)) == 7


def test_it_waits_for_its_time_keeps_its_pace_and_can_be_stopped(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    page = an_update(campaign, campaign.statement(time_zone="Europe/Minsk"))
    want_news(campaign, "Anna Example", "Boris Example", "Clara Example")
    begin = (clock.now() + dt.timedelta(days=2)).date()
    assert order(team, page, on=begin.isoformat(), at="10:00", per_hour="1") == 303
    work(campaign)
    assert campaign.sink.mails == [] and "E-mails will be sent" in team.get(page).text
    stop = {"csrf_token": csrf_of(team.get(page))}
    assert team.post(f"{page}/stop", data=stop).status_code == 303
    # Called off before the first mail, it can be ordered anew.
    assert order(team, page, on=begin.isoformat(), at="10:00", per_hour="1") == 303
    for hours, sent in ((0, 1), (1, 2)):
        at = dt.datetime.combine(begin, dt.time(7, 1), dt.UTC) + dt.timedelta(hours=hours)
        with travel(at, tick=True):
            work(campaign)
        assert len(campaign.sink.mails) == sent
    with app.app_context():
        assert db.session.scalar(select(UpdateMailing.written)) == 2
    with travel(at, tick=True):
        page_now = campaign.member("later@owner.example.org")
        shown = page_now.get(page).text
        assert "Handed to the mail server" in shown
        assert (
            page_now.post(f"{page}/stop", data={"csrf_token": csrf_of(page_now.get(page))}).status_code == 303
        )
    with travel(at + dt.timedelta(hours=9), tick=True):
        work(campaign)
    assert len(campaign.sink.mails) == 2


def test_mails_that_were_stopped_are_not_counted_as_sent(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    page = an_update(campaign, campaign.statement())
    want_news(campaign, "Anna Example", "Boris Example")
    order(team, page)
    with app.app_context():
        while news_mail.mail_news():
            pass
        told = db.session.scalars(select(Update)).one()
        assert (news_mail.mailing_of(told).on_way, news_mail.mailing_of(told).mailed) == (2, 0)
    team.post(f"{page}/stop", data={"csrf_token": csrf_of(team.get(page))})
    work(campaign)
    assert campaign.sink.mails == []
    with app.app_context():
        mailing = news_mail.mailing_of(db.session.scalars(select(Update)).one())
        assert (mailing.on_way, mailing.failed, mailing.mailed) == (0, 2, 0)
