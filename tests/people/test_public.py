"""What everyone reads of people: never more than the person or the family wishes, wherever it stands."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event, select
from time_machine import travel

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.language import default_language
from campaign.core.page_cache import FRESH_SECONDS
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.people import operations, timeline
from campaign.people.dates import parse
from campaign.people.dossier import hearings, people_pages, timeline_of
from campaign.people.models import Person
from campaign.people.operations import LetterAddress, PersonFacts, Script, Told
from campaign.people.portraits import change_portrait, draw
from campaign.people.queries import all_people, campaign_version, people_of, totals
from campaign.people.timeline import Event, Words
from campaign.people.vocabulary import Letters, Wish
from campaign.statements.models import Kind, Statement
from tests.support import Campaign
from tests.world.people import HELD, K, join, person
from tests.world.pictures import picture

NAME, ROLE, LIFE, HEALTH, PLACE, ARTICLE, STREET, SOURCE, ALT = (
    "Jana Canary", "ROLECANARY", "LIFECANARY", "HEALTHCANARY", "PLACECANARY", "ARTICLECANARY", "STREETCANARY", "SOURCECANARY", "ALTCANARY"
)  # fmt: skip
DETAILS = (
    ROLE,
    LIFE,
    HEALTH,
    PLACE,
    ARTICLE,
    STREET,
    SOURCE,
    ALT,
    "/portrait.jpg",
    "1979",
    "9 years",
    "Sentence",
)
SECRETS = ("her mother", "Ina of the team", "SEALEDCANARY")
ARREST = "2021-07-14"
# Every address at which something of a person can stand.
PLACES = (
    "/p/", "/p/?q=jana", "/be/p/", "/p/jana-canary", "/be/p/jana-canary", "/p/jana-canary/portrait.jpg",
    "/embed/p/jana-canary", "/embed/s/vigil/people",
    "/api/v1/people", "/api/v1/people/jana-canary", "/calendar.ics", "/s/vigil/calendar.ics", "/feed.atom", "/s/vigil/feed.json", "/s/vigil", "/",
    "/sitemap.xml", "/api/v1/statements/vigil", "/p/jana-canary/letter", "/p/jana-canary/calendar.ics",
    "/s/vigil/people", "/s/vigil/people?q=jana", "/s/vigil/timeline", "/be/s/vigil",
)  # fmt: skip


@pytest.fixture
def file(app: Flask, campaign: Campaign) -> Callable[[Wish], str]:
    """Makes a case file with something in every part of it, in a campaign."""

    def make(wish: Wish) -> str:
        campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
        slug = person(
            app, NAME, wish=wish, names={"en": NAME, "be": "Яна Канарэйка"}, aliases=("Yana Alias",),
            sources=(SOURCE,), sealed_sources=("SEALEDCANARY",),
            texts={"en": Told(ROLE, "", LIFE, HEALTH, "Viasna")}, words={"en": Words(ARTICLE, "Means nothing.", PLACE, "Noted.")},
            addresses={Script.LATIN: LetterAddress(STREET, "BY")},
            facts=PersonFacts(born_on=dt.date(1979, 5, 21), letters=Letters.YES), confirmed=clock.today(),
        )  # fmt: skip
        with app.app_context(), writing() as session:
            found = session.scalars(select(Person)).one()
            change_portrait(session, found, draw(picture()), ALT, "")
            tomorrow = clock.now() + dt.timedelta(1)
            timeline.enter_event(
                session,
                found,
                Event(
                    K.HEARING,
                    parse(tomorrow.date().isoformat()),
                    starts_at=tomorrow,
                    words={"en": Words(place=PLACE)},
                ),
            )
        join(app, "vigil", slug)
        return slug

    return make


def everything(client: FlaskClient) -> dict[str, str]:
    """What stands at each of the places; nothing where there is no page, and its address for a picture."""
    read = {}
    for place in PLACES:
        answer = client.get(place)
        assert answer.status_code in (200, 404), place
        shown = "/portrait.jpg" if answer.mimetype == "image/jpeg" else answer.text
        read[place] = shown if answer.status_code == 200 else ""
    return read


def test_with_a_full_wish_each_part_is_shown_and_no_secret(
    file: Callable[[Wish], str], client: FlaskClient
) -> None:
    file(Wish.FULL)
    read = everything(client)
    page = read["/p/jana-canary"]
    for part in (NAME, *DETAILS, "Яна Канарэйка", "Yana Alias", "14 July 2021"):
        assert part in page or part == STREET, part
    assert STREET in read["/p/jana-canary/letter"] and STREET not in page
    for text in read.values():
        for secret in SECRETS:
            assert secret not in text
    assert NAME in read["/calendar.ics"] and PLACE in read["/s/vigil/calendar.ics"]
    assert NAME in read["/embed/s/vigil/people"]


def test_name_and_dates_only(file: Callable[[Wish], str], client: FlaskClient) -> None:
    file(Wish.DATES)
    read = everything(client)
    assert "14 July 2021" in read["/p/jana-canary"] and NAME in read["/p/"]
    for place, text in read.items():
        for part in (*DETAILS, *SECRETS, "Yana Alias"):
            assert part not in text, (place, part)
    body = client.get("/api/v1/people/jana-canary").get_json()
    assert [one["kind"] for one in body["events"]] == ["arrest"]
    assert body["days_detained"] and body["sentence"] is None


def test_name_only(file: Callable[[Wish], str], client: FlaskClient) -> None:
    file(Wish.NAME)
    read = everything(client)
    assert (
        NAME in read["/p/jana-canary"]
        and NAME in read["/embed/s/vigil/people"]
        and NAME in read["/api/v1/people"]
    )
    for place, text in read.items():
        for part in (*DETAILS, *SECRETS, "Yana Alias", "2021", "serving"):
            assert part not in text, (place, part)


@pytest.mark.parametrize("wish", [Wish.NOT_PUBLIC, Wish.UNKNOWN])
def test_not_public_leaves_no_trace(
    file: Callable[[Wish], str], client: FlaskClient, app: Flask, wish: Wish
) -> None:
    file(wish)
    for place, text in everything(client).items():
        for part in (NAME, "Канарэйка", 'jana-canary"', "Canary", *SECRETS, ROLE, PLACE):
            assert part not in text.replace('value="jana"', ""), (place, part)
    with app.app_context():
        assert all_people("en") == []


def test_a_withdrawal_reaches_every_place_at_once(
    file: Callable[[Wish], str], client: FlaskClient, app: Flask
) -> None:
    file(Wish.FULL)
    assert all(
        NAME in text
        for place, text in everything(client).items()
        if place in ("/p/", "/embed/p/jana-canary", "/api/v1/people")
    )
    with app.app_context(), writing() as session:
        operations.withdraw(session, session.scalars(select(Person)).one())
    time.sleep(FRESH_SECONDS + 0.05)
    for place, text in everything(client).items():
        assert NAME not in text and "/portrait.jpg" not in text, place


def test_the_numbers_of_the_api(app: Flask, client: FlaskClient) -> None:
    person(app, "Jana Held", confirmed=clock.today())
    person(
        app, "Jan Free", (*HELD, (K.APPEAL, "2023-06-01", timeline.Length(8, 6)), (K.RELEASE, "2025-12-13"))
    )
    held, free = sorted(
        client.get("/api/v1/people").get_json()["people"], key=lambda line: -line["in_custody"]
    )
    assert (held["slug"], held["status"], held["days_exact"], held["needs_checking"]) == (
        "jana-held",
        "serving a sentence",
        True,
        False,
    )
    assert held["days_detained"] == (clock.today() - dt.date(2021, 7, 14)).days
    assert (free["status"], free["days_detained"], free["since"], free["as_of"]) == (
        "released",
        1613,
        "2025-12-13",
        "2025-12-13",
    )
    body = client.get("/api/v1/people/jan-free").get_json()
    assert (body["sentence"], body["first_sentence"]) == (
        {"years": 8, "months": 6},
        {"years": 9, "months": 0},
    )
    assert [one["date"] for one in body["events"]] == [
        ARREST,
        "2023-03-03",
        "2023-03-03",
        "2023-06-01",
        "2025-12-13",
    ]
    assert client.get("/api/v1/people/nobody").status_code == 404


def test_the_days_go_on_by_themselves(app: Flask, client: FlaskClient) -> None:
    today = clock.now()
    person(app, confirmed=today.date())
    first = client.get("/api/v1/people").get_json()["people"][0]["days_detained"]
    with travel(today + dt.timedelta(days=2)):
        time.sleep(FRESH_SECONDS + 0.05)
        assert client.get("/api/v1/people").get_json()["people"][0]["days_detained"] == first + 2


def test_an_embed_may_be_framed_and_has_no_form_and_no_script(app: Flask, client: FlaskClient) -> None:
    slug = person(app)
    answer = client.get(f"/embed/p/{slug}")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert (
        "<script" not in answer.text
        and "<form" not in answer.text
        and f'href="http://localhost/p/{slug}"' in answer.text
    )
    again = client.get(f"/embed/p/{slug}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and "frame-ancestors *" in again.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_hearings_stand_in_the_calendar_with_place_and_time(
    file: Callable[[Wish], str], client: FlaskClient
) -> None:
    file(Wish.FULL)
    events = [
        found
        for found in Calendar.from_ical(client.get("/s/vigil/calendar.ics").data).walk("VEVENT")
        if "hearing" in str(found["SUMMARY"])
    ]
    assert len(events) == 1
    assert str(events[0]["SUMMARY"]) == f"{NAME}: Court hearing" and str(events[0]["LOCATION"]) == PLACE
    assert "/p/jana-canary#event-" in str(events[0]["URL"])


def test_after_a_death_letters_and_days_to_come_end(app: Flask, client: FlaskClient) -> None:
    slug = person(
        app,
        story=((K.ARREST, ARREST), (K.DEATH, "2022-01-01")),
        addresses={Script.LATIN: LetterAddress(STREET, "BY")},
    )
    page = client.get(f"/p/{slug}").text
    assert "died in custody" in page and "171" in page and STREET not in page


def test_help_for_relatives_lies_outside_the_site(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = person(app)
    assert "Are you a relative?" not in client.get(f"/p/{slug}").text
    settings = dataclasses.replace(
        app.extensions["settings"], relatives_channels=("Signal: +370 600 00000", "https://help.example.org/")
    )
    monkeypatch.setitem(app.extensions, "settings", settings)
    forget_all(app)
    app.extensions["page_cache"].clear()
    page = client.get(f"/p/{slug}").text
    assert (
        "Are you a relative?" in page
        and "Signal: +370 600 00000" in page
        and 'href="https://help.example.org/"' in page
    )


# -- for the page of the campaign


def test_people_of_a_campaign_with_their_sums(app: Flask, campaign: Campaign) -> None:
    statement_id = campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
    free = person(app, "Jan Free", (*HELD, (K.RELEASE, "2025-12-13")))
    held = person(app, "Jana Held", confirmed=clock.today())
    vague = person(
        app,
        "Jan Vague",
        (
            (K.ARREST, "2020-10-02"),
            (K.VERDICT, "2022-09"),
            (K.SENTENCE, "2022-09"),
            (K.RELEASE, "by 2025-09"),
        ),
    )
    hidden = person(app, "Jana Hidden", wish=Wish.NOT_PUBLIC)
    named = person(app, "Jana Named", wish=Wish.NAME)
    join(app, "vigil", free, held, vague, hidden, named)
    with app.app_context():
        lines = people_of(statement_id, "en")
        assert [line.name for line in lines] == ["Jana Held", "Jan Free", "Jan Vague", "Jana Named"]
        found = totals(lines)
        days = (clock.today() - dt.date(2021, 7, 14)).days
        assert (found.people, found.free, found.held, found.died) == (4, 2, 1, 0)
        assert (found.days, found.exact, found.counted) == (days + 1613 + 699, False, 3)
        assert [line.name for line in people_of(statement_id, "be", "хелд")] == ["Jana Held"]
        assert len(people_pages(statement_id, "en")) == 4
        told = timeline_of(statement_id, "en")
        assert [(one.name, one.event.kind) for one in told][:2] == [
            ("Jan Free", K.RELEASE),
            ("Jan Vague", K.RELEASE),
        ]
        assert {one.name for one in told} == {"Jana Held", "Jan Free", "Jan Vague"}
        assert len(timeline_of(statement_id, "en", 3)) == 3
        assert [(one.name, one.event.kind) for one in hearings("en", statement_id)] == [
            ("Jan Free", K.VERDICT),
            ("Jana Held", K.VERDICT),
        ]
        before = campaign_version(statement_id)
    with app.app_context(), writing() as session:
        operations.withdraw(session, session.scalars(select(Person).where(Person.slug == held)).one())
    with app.app_context():
        assert campaign_version(statement_id) != before
        assert db.session.scalars(select(Statement.id)).one() == statement_id


def test_reading_a_campaign_takes_the_same_few_questions_for_many(app: Flask, campaign: Campaign) -> None:
    statement_id = campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
    join(app, "vigil", *(person(app, f"Jana Number{number}") for number in range(5)))
    asked: list[str] = []
    with app.app_context():
        # It is remembered for all pages.
        default_language()
        event.listen(db.engine, "before_cursor_execute", lambda *row: asked.append(row[2]))
        assert len(people_of(statement_id, "en")) == 5
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) <= 6


def test_what_the_pages_say_is_no_program(app: Flask, client: FlaskClient) -> None:
    slug = person(app, texts={"en": Told(life="<script>alert(1)</script>")})
    page = client.get(f"/p/{slug}").text
    assert "<script>alert" not in page and "application/ld+json" not in page
    json.dumps(client.get(f"/api/v1/people/{slug}").get_json())
