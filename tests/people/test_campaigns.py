"""The page of a release campaign: its people, their days, what happened to them, and what follows when one
of them is free.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from time_machine import travel

from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing.models import OutboxMail
from campaign.people import operations, timeline
from campaign.people.dates import parse
from campaign.people.models import Person
from campaign.people.timeline import Event
from campaign.people.vocabulary import Wish
from campaign.signatures.models import Signature
from campaign.statements.models import Kind
from campaign.updates import news_mail
from campaign.updates.models import Update, UpdateMailing, UpdateTold
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf_of, link_in, text_of
from tests.world.people import HELD, K, join, person

NAMES = {"jana": {"en": "Jana Example", "be": "Яна Прыклад"}, "lev": {"en": "Lev Sample", "be": "Леў Узор"}}
NOW = dt.datetime(2025, 12, 15, 9, tzinfo=dt.UTC)


@pytest.fixture
def vigil(campaign: Campaign, app: Flask) -> str:
    """A campaign in two languages for two people in prison and one who is free. Returns its address."""
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN, texts=(ENGLISH, BELARUSIAN))
    held = [person(app, names=names, story=HELD, confirmed=dt.date(2025, 12, 15)) for names in NAMES.values()]
    free = person(app, "Olga Free", ((K.ARREST, "2021-07-14"), (K.RELEASE, "2021-07-24")))
    join(app, "vigil", free, *held)
    return "/s/vigil"


def release(app: Flask, slug: str, day: str = "2025-12-13", kind: K = K.RELEASE) -> None:
    with app.app_context(), writing() as session:
        found = session.scalars(select(Person).where(Person.slug == slug)).one()
        timeline.enter_event(session, found, Event(kind, parse(day)))
    app.extensions["page_cache"].clear()


def wish(app: Flask, slug: str, wanted: Wish) -> None:
    with app.app_context(), writing() as session:
        found = session.scalars(select(Person).where(Person.slug == slug)).one()
        operations.wish(session, found, wanted, "her mother", "Ina", dt.date(2025, 12, 1))
    app.extensions["page_cache"].clear()


def drafts(app: Flask) -> list[Update]:
    with app.app_context():
        found = list(db.session.scalars(select(Update).order_by(Update.id)))
        db.session.expunge_all()
        return found


def post(team: FlaskClient, address: str, page: str) -> Any:
    return team.post(address, data={"csrf_token": csrf_of(team.get(page))})


@travel(NOW, tick=False)
def test_the_page_shows_who_is_held_first_with_days_and_sums(client: FlaskClient, vigil: str) -> None:
    page = client.get(vigil).text
    people = re.findall(r'<a href="/p/([a-z-]+)"><bdi>', page)
    assert people[:3] == ["jana-example", "lev-sample", "olga-free"]
    days = (dt.date(2025, 12, 15) - dt.date(2021, 7, 14)).days
    assert f'<span class="number">{days:,}</span> days in detention' in page
    sums = re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", "", re.search(r'<p class="sums">(.*?)</p>', page, re.S).group(1))
    )  # type: ignore[union-attr]
    assert "3 people · 2 in detention · 1 free again" in sums
    assert f"{2 * days + 10:,} days in detention together" in sums
    # The letter opens, then come its people, then the rest of the text.
    body = ENGLISH.body.split("\n\n")[0]
    assert page.index(body[:20]) < page.index("its-people") < page.index('name="name"')
    assert "What happened to them" in page
    assert "Яна Прыклад" in client.get(f"/be{vigil}").text


def test_all_people_are_found_by_any_spelling_and_the_timeline_goes_across(
    client: FlaskClient, vigil: str
) -> None:
    found = client.get(f"{vigil}/people?q=прыклад").text
    assert "Jana Example" in found
    assert "Lev Sample" not in found
    assert "Lev Sample" in client.get(f"{vigil}/people").text
    told = client.get(f"{vigil}/timeline").text
    for name in ("Jana Example", "Lev Sample", "Olga Free"):
        assert name in told
    assert told.index("3 March 2023") < told.index("14 July 2021")
    assert client.get(f"{vigil}/timeline?start=100").status_code == 404


def test_a_statement_of_another_kind_has_no_people(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    assert "its-people" not in client.get("/s/free").text
    for part in ("people", "timeline"):
        assert client.get(f"/s/free/{part}").status_code == 404


@travel(NOW, tick=False)
def test_more_people_than_fit_have_a_page_of_their_own(
    campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    campaign.statement("many", kind=Kind.RELEASE_CAMPAIGN)
    join(app, "many", *(person(app, f"Person {number:03}") for number in range(105)))
    page = client.get("/s/many").text
    assert page.count('<li class="person') == 24
    assert "All 105 people" in page
    first = client.get("/s/many/people").text
    assert first.count('<li class="person') == 100
    following = re.search(r'rel="next" href="([^"]+)"', first).group(1)  # type: ignore[union-attr]
    assert client.get(following).text.count('<li class="person') == 5


@travel(NOW, tick=False)
def test_a_release_changes_the_page_and_drafts_the_news(
    campaign: Campaign, app: Flask, client: FlaskClient, vigil: str
) -> None:
    before = client.get(f"{vigil}/card.png").data
    release(app, "jana-example")
    page = client.get(vigil).text
    assert "1 in detention" in page
    assert "2 free again" in page
    assert "released, 13 December 2025" in page
    assert client.get(f"{vigil}/card.png").data != before
    (draft,) = drafts(app)
    assert draft.published_at is None
    assert draft.happened_on == dt.date(2025, 12, 13)
    english, belarusian = draft.texts
    assert (english.language, english.title) == ("en", "At liberty: Jana Example")
    assert (
        english.body
        == "Release: 13 December 2025. 1,613 days in detention.\n\nThe campaign goes on. In detention: Lev Sample."
    )
    assert belarusian.language == "be"
    assert "Яна Прыклад" in belarusian.title
    assert "Леў Узор" in belarusian.body
    # Nobody but the team reads it, and nobody was written to.
    assert "At liberty" not in page + client.get(f"{vigil}/feed.atom").text
    campaign.work()
    assert campaign.sink.mails == []


@pytest.mark.parametrize(
    ("wanted", "count"), [(Wish.FULL, 1), (Wish.DATES, 1), (Wish.NAME, 0), (Wish.NOT_PUBLIC, 0)]
)
def test_news_are_drafted_only_where_dates_may_be_shown(
    app: Flask, vigil: str, wanted: Wish, count: int
) -> None:
    wish(app, "jana-example", wanted)
    release(app, "jana-example")
    assert len(drafts(app)) == count


def test_after_a_death_nothing_is_drafted(app: Flask, client: FlaskClient, vigil: str) -> None:
    release(app, "jana-example", kind=K.DEATH)
    assert drafts(app) == []
    assert client.get(vigil).status_code == 200


def test_an_earlier_release_of_who_is_in_prison_again_is_no_news(app: Flask, vigil: str) -> None:
    with app.app_context(), writing() as session:
        found = session.scalars(select(Person).where(Person.slug == "jana-example")).one()
        timeline.enter_events(
            session, found, [Event(K.ARREST, parse("2020-01-01")), Event(K.RELEASE, parse("2020-01-11"))]
        )
    assert drafts(app) == []


def test_what_is_told_of_a_person_goes_with_their_wish(
    campaign: Campaign, app: Flask, client: FlaskClient, vigil: str
) -> None:
    release(app, "jana-example")
    team = campaign.member("team@owner.example.org")
    (draft,) = drafts(app)
    assert post(team, f"/desk/updates/{draft.id}/publish", "/desk/updates/").status_code == 303
    places = (vigil, f"{vigil}/feed.atom", "/feed.json")

    def read() -> list[bool]:
        app.extensions["page_cache"].clear()
        return ["At liberty: Jana" in client.get(place).text for place in places]

    assert read() == [True] * 3
    assert client.get(f"/u/{draft.id}").status_code == 302
    with app.app_context(), writing() as session:
        operations.withdraw(
            session, session.scalars(select(Person).where(Person.slug == "jana-example")).one()
        )
    assert read() == [False] * 3
    assert client.get(f"/u/{draft.id}").status_code == 404
    with app.app_context(), writing() as session:
        operations.show_again(
            session, session.scalars(select(Person).where(Person.slug == "jana-example")).one()
        )
    assert read() == [True] * 3
    # Who wants less shown: what was told holds words that nobody wished for. The team looks again.
    wish(app, "jana-example", Wish.DATES)
    assert drafts(app)[0].published_at is None
    assert read() == [False] * 3


def test_a_draft_that_moves_to_another_campaign_stays_about_the_person(
    campaign: Campaign, app: Flask, vigil: str
) -> None:
    campaign.statement("march", kind=Kind.RELEASE_CAMPAIGN)
    join(app, "march", "jana-example")
    release(app, "jana-example")
    first, second = drafts(app)
    team = campaign.member("team@owner.example.org")
    page = f"/desk/updates/{first.id}/edit"
    shown = team.get(page)
    state = re.search(r'name="state"[^>]*value="([^"]+)"', shown.text).group(1)  # type: ignore[union-attr]
    typed = {
        "csrf_token": csrf_of(shown),
        "state": state,
        "kind": "news",
        "precision": "day",
        "time_zone": "UTC",
        "topic": "0",
        "title_en": "Free",
        "title_be": "Вольная",
    }
    assert team.post(page, data=typed | {"statement": str(second.statement_id)}).status_code == 303
    assert [draft.person_id for draft in drafts(app)] == [first.person_id] * 2
    with app.app_context(), writing() as session:
        operations.remove_person(
            session, session.scalars(select(Person).where(Person.slug == "jana-example")).one()
        )
    assert drafts(app) == []


def signed(campaign: Campaign) -> None:
    """Two who want news, one who does not, one who withdrew."""
    campaign.signed("vigil", email="news@post.example.org", name="Anna News", updates="y")
    campaign.signed("vigil", email="belarusian@post.example.org", name="Boris News", updates="y")
    campaign.signed("vigil", email="quiet@post.example.org", name="Clara Quiet")
    gone = campaign.signed("vigil", email="gone@post.example.org", name="Gone Again", updates="y")
    campaign.app.test_client().post(gone, data={"action": "withdraw"})
    campaign.work()
    campaign.sink.clear()


def test_news_are_mailed_once_after_a_look(
    campaign: Campaign, app: Flask, client: FlaskClient, vigil: str
) -> None:
    signed(campaign)
    release(app, "jana-example")
    team = campaign.member("team@owner.example.org")
    (draft,) = drafts(app)
    page = f"/desk/updates/{draft.id}/mail"
    assert team.get(page).status_code == 303
    assert post(team, page, "/desk/updates/").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UpdateMailing)) == 0
    post(team, f"/desk/updates/{draft.id}/publish", "/desk/updates/")
    shown = team.get(page).text
    assert "2 signers asked for news" in shown
    assert "There is an update for you" in shown
    for _twice in range(2):
        assert post(team, page, page).status_code == 303
    for _round in range(3):
        campaign.work()
    assert sorted(str(mail["To"]) for mail in campaign.sink.mails) == [
        "belarusian@post.example.org",
        "news@post.example.org",
    ]
    for mail in campaign.sink.mails:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for word in ("Jana", "liberty", "campaign", "release", "vigil", "Undersigned"):
            assert (
                word.casefold()
                not in (str(mail["Subject"]) + re.sub(r"\S*/c/\S*", "", text_of(mail))).casefold()
            )
    assert "At liberty: Jana Example" in client.get(link_in(campaign.sink.mails[0])).text
    assert "All e-mails have been prepared" in team.get(page).text


def test_a_crash_in_a_batch_leaves_neither_mark_nor_mail(
    campaign: Campaign, app: Flask, vigil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(campaign)
    release(app, "jana-example")
    (draft,) = drafts(app)
    team = campaign.member("team@owner.example.org")
    post(team, f"/desk/updates/{draft.id}/publish", "/desk/updates/")
    post(team, f"/desk/updates/{draft.id}/mail", f"/desk/updates/{draft.id}/mail")
    send, sent = news_mail.send_to, []

    def crash_at_the_second(*arguments: Any) -> uuid.UUID:
        mail = send(*arguments)
        sent.append(1)
        if len(sent) == 2:
            raise MemoryError
        return mail

    monkeypatch.setattr(news_mail, "send_to", crash_at_the_second)
    with app.app_context(), pytest.raises(MemoryError):
        before = db.session.scalar(select(func.count()).select_from(OutboxMail))
        news_mail.mail_news()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UpdateTold)) == 0
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == before
    monkeypatch.setattr(news_mail, "send_to", send)
    for _round in range(3):
        campaign.work()
    assert len(campaign.sink.mails) == 2


@pytest.mark.parametrize("how", ["taken back", "person withdrawn", "deleted"])
def test_taking_it_back_stops_the_mails_that_wait(
    campaign: Campaign, app: Flask, vigil: str, how: str
) -> None:
    signed(campaign)
    release(app, "jana-example")
    (draft,) = drafts(app)
    team = campaign.member("team@owner.example.org")
    post(team, f"/desk/updates/{draft.id}/publish", "/desk/updates/")
    post(team, f"/desk/updates/{draft.id}/mail", f"/desk/updates/{draft.id}/mail")
    with app.app_context():
        while news_mail.mail_news():
            pass
    if how == "person withdrawn":
        post(team, "/desk/people/jana-example/withdraw", "/desk/people/jana-example")
    else:
        post(team, f"/desk/updates/{draft.id}/withdraw", "/desk/updates/")
    if how == "deleted":
        post(team, f"/desk/updates/{draft.id}/remove", "/desk/updates/")
    for _round in range(2):
        campaign.work()
    assert campaign.sink.mails == []
    if how == "deleted":
        return
    # Who was told is forgotten when no mail can wait any more; the number stays.
    with travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=16)), app.app_context():
        with writing():
            assert news_mail.purge_told() == 2
        assert db.session.scalar(select(UpdateMailing.written)) == 2
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 4
