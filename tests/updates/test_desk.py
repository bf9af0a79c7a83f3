"""Topics and updates on the desk."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.statements import lifecycle
from campaign.statements.models import Statement, Topic
from campaign.statements.operations import StatementText
from campaign.updates.models import Update
from tests.support import ENGLISH, Campaign, csrf_of

NEW = "/desk/updates/new"
WHOLE = {
    "kind": "hearing",
    "precision": "day",
    "time_zone": "Europe/Minsk",
    "sits_on": "2099-09-30",
    "sits_at": "11:00",
    "title_en": "The hearing",
    "body_en": "It is **public**.",
    "court_en": "Supreme Court",
    "case_en": "A against B",
    "place_en": "Minsk",
    "title_be": "Пасяджэнне",
    "sources": "https://court.example.org/case\nA newspaper",
}


def send(team: FlaskClient, address: str, **typed: str) -> TestResponse:
    """Fill in the form at an address."""
    return team.post(address, data={"csrf_token": csrf_of(team.get(address))} | typed)


def enter_topic(team: FlaskClient, **typed: str) -> TestResponse:
    return send(
        team, "/desk/topics/new", **{"name_en": "Human Rights Defenders", "name_be": "Праваабаронцы"} | typed
    )


def only_update(app: Flask) -> Update:
    with app.app_context():
        update = db.session.scalars(select(Update)).one()
        db.session.expunge_all()
        return update


def test_a_topic_is_entered_and_chosen_for_a_statement(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement = campaign.statement()
    assert enter_topic(team, description_en="All about them.").status_code == 303
    with app.app_context():
        topic = db.session.scalars(select(Topic)).one()
        assert topic.slug == "human-rights-defenders"
    page = team.get("/desk/statements/free/edit")
    state = page.text.partition('name="state" type="hidden" value="')[2].partition('"')[0]
    typed = {
        "kind": "petition",
        "signers": "both",
        "time_zone": "UTC",
        "dated_precision": "day",
        "slug": "free",
        "state": state,
    }
    texts = {"title_en": ENGLISH.title, "body_en": ENGLISH.body, "csrf_token": csrf_of(page)}
    assert (
        team.post("/desk/statements/free/edit", data=typed | texts | {"topics": str(topic.id)}).status_code
        == 303
    )
    campaign.work()
    with app.app_context():
        assert [link.topic_id for link in db.session.get_one(Statement, statement).topics] == [topic.id]
    shown = client.get("/t/human-rights-defenders").text
    for said in (
        "Human Rights Defenders",
        "All about them.",
        "Free them all",
        "/t/human-rights-defenders/feed.atom",
    ):
        assert said in shown
    assert "Праваабаронцы" in client.get("/be/t/human-rights-defenders").text
    assert 'href="/t/human-rights-defenders"' in client.get("/s/free").text
    assert 'href="/t/human-rights-defenders"' in client.get("/").text


def test_a_changed_topic_keeps_its_address(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    enter_topic(team)
    assert "Human Rights Defenders" in client.get("/t/human-rights-defenders").text
    assert (
        send(team, "/desk/topics/human-rights-defenders/edit", name_en="Defenders", slug="else").status_code
        == 303
    )
    campaign.work()
    assert '<h1 lang="en">Defenders</h1>' in client.get("/t/human-rights-defenders").text
    assert client.get("/t/else").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slug": "human-rights-defenders"}, "Another topic has this address."),
        ({"name_en": "", "name_be": ""}, "Please enter the name."),
        ({"name_be": "", "description_be": "Апісанне"}, "Please enter the name."),
        ({"slug": "A B"}, "Please use small Latin letters"),
    ],
)
def test_a_bad_topic_is_refused_and_kept(
    team: FlaskClient, app: Flask, typed: dict[str, str], said: str
) -> None:
    enter_topic(team)
    refused = enter_topic(team, description_en="Kept as typed.", **typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert "Kept as typed." in refused.text
    with app.app_context():
        assert len(db.session.scalars(select(Topic)).all()) == 1


def test_a_hearing_is_told_to_everyone_once_published(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement = campaign.statement()
    assert send(team, NEW, statement=str(statement), **WHOLE).status_code == 303
    update = only_update(app)
    assert update.published_at is None
    assert "The hearing" not in client.get("/s/free").text
    token = csrf_of(team.get("/desk/updates/"))
    team.post(f"/desk/updates/{update.id}/publish", data={"csrf_token": token})
    campaign.work()
    page = client.get("/s/free").text
    for said in (
        "Next hearing",
        '<time datetime="2099-09-30T11:00:00+03:00">30 September 2099, 11:00</time>',
        "Supreme Court",
        "<strong>public</strong>",
        '<a href="https://court.example.org/case" rel="nofollow noopener noreferrer">',
        "A newspaper",
    ):
        assert said in page
    assert "Пасяджэнне" in client.get("/be/s/free").text
    moved = client.get(f"/u/{update.id}")
    assert moved.location == f"/s/free#update-{update.id}"
    team.post(f"/desk/updates/{update.id}/withdraw", data={"csrf_token": token})
    campaign.work()
    assert "The hearing" not in client.get("/s/free").text
    assert client.get(f"/u/{update.id}").status_code == 404
    team.post(f"/desk/updates/{update.id}/remove", data={"csrf_token": token})
    with app.app_context():
        assert db.session.scalars(select(Update)).all() == []
        actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [action for action in actions if action.startswith("update")] == [
        "update written",
        "update published",
        "update withdrawn",
        "update removed",
    ]


@pytest.mark.parametrize(
    ("zone", "time"),
    [("Europe/Minsk", ""), ("Europe/Minsk", "00:30"), ("America/New_York", "23:30"), ("Asia/Tokyo", "08:00")],
)
def test_a_hearing_is_on_its_day_in_the_place_of_the_court(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, zone: str, time: str
) -> None:
    send(
        team,
        NEW,
        statement=str(campaign.statement()),
        publish="y",
        **WHOLE | {"time_zone": zone, "sits_at": time},
    )
    said = f"30 September 2099, {time}" if time else "30 September 2099"
    for address in ("/s/free", "/s/free/feed.atom"):
        page = client.get(address).text
        assert f"{said}</time>" in page.replace("&lt;", "<").replace("&gt;", ">")
        assert "29 September" not in page
        assert "1 October" not in page
    assert (
        "DTSTART;VALUE=DATE:20990930" in (calendar := client.get("/s/free/calendar.ics").text)
        or f"DTSTART;TZID={zone}:20990930T" in calendar
    )
    assert "30 September 2099" in team.get("/desk/updates/").text


def test_the_zone_of_a_court_is_named_in_the_readers_language(
    team: FlaskClient, campaign: Campaign, client: FlaskClient
) -> None:
    send(team, NEW, statement=str(campaign.statement()), publish="y", **WHOLE)
    assert '<span class="zone">(Minsk)</span>' in client.get("/s/free").text
    assert '<span class="zone">(Мінск)</span>' in client.get("/be/s/free").text


def test_a_hearing_of_which_only_the_day_is_known_is_on_that_day(
    team: FlaskClient, campaign: Campaign, client: FlaskClient
) -> None:
    """Midnight in Minsk is the day before in UTC."""
    send(team, NEW, statement=str(campaign.statement()), publish="y", **WHOLE | {"sits_at": ""})
    assert '<time datetime="2099-09-30">30 September 2099</time>' in client.get("/s/free").text


def test_what_is_public_is_not_deleted_in_one_step(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    send(team, NEW, statement=str(campaign.statement()), publish="y", **WHOLE)
    update = only_update(app)
    answer = team.post(
        f"/desk/updates/{update.id}/remove",
        data={"csrf_token": csrf_of(team.get("/desk/updates/"))},
        follow_redirects=True,
    )
    assert "Please unpublish it first." in answer.text
    assert only_update(app).id == update.id


def test_an_update_of_a_draft_stays_with_the_team(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    enter_topic(team)
    draft = campaign.statement("draft", publish=False)
    with app.app_context():
        topic = db.session.scalars(select(Topic.id)).one()
    send(team, NEW, statement=str(draft), topic=str(topic), publish="y", **WHOLE)
    update = only_update(app)
    for path in (
        "/t/human-rights-defenders",
        "/feed.atom",
        "/t/human-rights-defenders/feed.json",
        "/calendar.ics",
    ):
        assert "The hearing" not in client.get(path).text
    assert client.get(f"/u/{update.id}").status_code == 404


BAD: dict[str, tuple[dict[str, str], str]] = {
    "nothing it is about": (
        {"statement": "0"},
        "Please choose the statement or the topic that this is about.",
    ),
    "no title": ({"title_en": ""}, "Please enter a title."),
    "no title in one language": ({"title_be": "", "body_be": "Тэкст"}, "Please enter a title."),
    "no day of a hearing": ({"sits_on": ""}, "Please give the day of the hearing."),
    "no such day": ({"sits_on": "tomorrow"}, "Please enter the day in the form 2026-12-31."),
    "a skipped time": (
        {"sits_on": "2027-03-28", "sits_at": "02:30", "time_zone": "Europe/Warsaw"},
        "this time does not exist",
    ),
    "an unknown zone": ({"time_zone": "Mars/Base"}, "Please choose a time zone from the list."),
    "a hearing called news": ({"kind": "news"}, "A field is filled in that only a court hearing has."),
    "a hearing with a second day": ({"happened_on": "2099-09-01"}, "A hearing has its own day field below."),
    "half an address": ({"sources": "https:// court.example.org"}, "Please enter each web address in full"),
    "a password in an address": (
        {"sources": "https://court.example.org@other.example.org/"},
        "Please enter each web address in full",
    ),
    "a bad source": ({"sources": "javascript://x"}, "Please begin web addresses with https://."),
    "an unknown kind": ({"kind": "rumour"}, "Please choose the kind of update."),
    "a foreign statement": ({"statement": "99"}, "Please choose a statement from the list."),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_and_kept(team: FlaskClient, campaign: Campaign, app: Flask, name: str) -> None:
    typed, said = BAD[name]
    refused = send(team, NEW, **{"statement": str(campaign.statement())} | WHOLE | typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert "It is **public**." in refused.text
    with app.app_context():
        assert db.session.scalars(select(Update)).all() == []


def test_two_editors_see_both_versions(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    statement = str(campaign.statement())
    send(team, NEW, statement=statement, **WHOLE)
    update = only_update(app)
    address = f"/desk/updates/{update.id}/edit"
    page = team.get(address)
    mine = {
        "csrf_token": csrf_of(page),
        "state": page.text.partition('name="state" type="hidden" value="')[2].partition('"')[0],
        "statement": statement,
    }
    assert team.post(address, data=mine | WHOLE | {"title_en": "Theirs"}).status_code == 303
    conflict = team.post(address, data=mine | WHOLE | {"title_en": "Mine"})
    assert conflict.status_code == 409
    assert "Somebody has saved this meanwhile" in conflict.text
    assert 'value="Mine"' in conflict.text
    assert "Theirs" in conflict.text
    with app.app_context():
        assert db.session.scalars(select(Update)).one().texts[0].title == "Theirs"
    again = mine | {
        "state": conflict.text.partition('name="state" type="hidden" value="')[2].partition('"')[0]
    }
    assert team.post(address, data=again | WHOLE | {"title_en": "Mine"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Update)).one().texts[0].title == "Mine"


def test_publishing_meanwhile_is_said_as_what_it_is(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    statement = str(campaign.statement())
    send(team, NEW, statement=statement, **WHOLE)
    address = f"/desk/updates/{only_update(app).id}"
    page = team.get(f"{address}/edit")
    state = page.text.partition('name="state" type="hidden" value="')[2].partition('"')[0]
    team.post(f"{address}/publish", data={"csrf_token": csrf_of(page)})
    answer = team.post(
        f"{address}/edit", data={"csrf_token": csrf_of(page), "state": state, "statement": statement} | WHOLE
    )
    assert answer.status_code == 409
    assert "Somebody has published or unpublished this meanwhile" in answer.text


def test_two_editors_of_a_topic_see_both_versions(team: FlaskClient, app: Flask) -> None:
    enter_topic(team)
    address = "/desk/topics/human-rights-defenders/edit"
    page = team.get(address)
    mine = {
        "csrf_token": csrf_of(page),
        "state": page.text.partition('name="state" type="hidden" value="')[2].partition('"')[0],
    }
    assert team.post(address, data=mine | {"name_en": "Theirs"}).status_code == 303
    conflict = team.post(address, data=mine | {"name_en": "Mine", "description_en": "Kept."})
    assert conflict.status_code == 409
    for said in ("Somebody has saved this meanwhile", 'value="Mine"', "Theirs", "Kept."):
        assert said in conflict.text
    with app.app_context():
        assert [row.name for row in db.session.scalars(select(Topic)).one().names] == ["Theirs"]
    again = mine | {
        "state": conflict.text.partition('name="state" type="hidden" value="')[2].partition('"')[0]
    }
    assert team.post(address, data=again | {"name_en": "Mine"}).status_code == 303


def test_a_topic_without_the_readers_language_stands_in_the_first_it_has(
    team: FlaskClient, client: FlaskClient
) -> None:
    enter_topic(
        team,
        name_en="",
        name_be="",
        name_ru="Правозащитники",
        name_pl="Obrońcy",
        name_uk="Правозахисники",
        slug="defenders",
    )
    for address in ("/t/defenders", "/be/t/defenders"):
        assert '<h1 lang="ru">Правозащитники</h1>' in client.get(address).text


def test_the_page_of_a_topic_orders_its_statements_and_says_what_each_update_is_about(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    enter_topic(team)
    with app.app_context():
        topic = db.session.scalars(select(Topic.id)).one()
    keys = {
        name: campaign.statement(name, texts=(StatementText("en", name.title(), "Text."),), topics=(topic,))
        for name in ("archived", "given", "closed", "open")
    }
    with app.app_context(), writing() as session:
        for name in ("archived", "given", "closed"):
            lifecycle.close(session, session.get_one(Statement, keys[name]))
        lifecycle.hand_over(session, session.get_one(Statement, keys["given"]), clock.today())
        lifecycle.archive(session, session.get_one(Statement, keys["archived"]))
    campaign.statement(
        "unseen", publish=False, texts=(StatementText("en", "Unseen", "Text."),), topics=(topic,)
    )
    send(team, NEW, statement=str(keys["given"]), publish="y", **WHOLE)
    campaign.work()
    page = client.get("/t/human-rights-defenders").text
    titles = [page.index(f">{name.title()}</a></h3>") for name in ("open", "closed", "given", "archived")]
    assert titles == sorted(titles)
    assert "Unseen" not in page
    assert '<p class="fine about">About: <a href="/s/given" lang="en">Given</a></p>' in page
    assert "About:" not in client.get("/s/given").text


@pytest.mark.parametrize(
    ("precision", "shown"), [("day", "28 August 2023"), ("month", "August 2023"), ("year", "2023")]
)
def test_only_what_is_known_of_a_date_is_shown(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, precision: str, shown: str
) -> None:
    typed = {
        "kind": "news",
        "happened_on": "2023-08-28",
        "precision": precision,
        "time_zone": "UTC",
        "title_en": "News",
    }
    send(team, NEW, statement=str(campaign.statement()), publish="y", **typed)
    page = client.get("/s/free").text
    assert (
        f'<time datetime="{"2023-08-28"[: {"day": 10, "month": 7, "year": 4}[precision]]}">{shown}</time>'
        in page
    )
