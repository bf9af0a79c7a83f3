"""Case files, as the team keeps them."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.dates import Precision
from campaign.core.pictures import LARGEST_FILE
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.people.models import CaseEvent, Person, PersonSource
from campaign.statements.models import Kind
from tests.support import Campaign, csrf_of
from tests.world.people import HELD, K, join, person
from tests.world.pictures import SECRET, picture

NEW = "/desk/people/new"
PERSON = {"name_en": "Jana Example"}


def send(team: FlaskClient, address: str, page: str | None = None, **fields: Any) -> TestResponse:
    """Fill in the form at `address`, with what its page has loaded."""
    shown = team.get(page or address)
    hidden = {"csrf_token": csrf_of(shown)}
    if state := re.search(r'name="state"[^>]*value="([^"]+)"', shown.text):
        hidden["state"] = state.group(1)
    return team.post(address, data=hidden | fields)


def event(team: FlaskClient, slug: str, kind: str, when: str, **fields: Any) -> TestResponse:
    """Enter an event."""
    return send(
        team, f"/desk/people/{slug}/events/new", kind=kind, when=when, time_zone="Europe/Minsk", **fields
    )


def test_a_case_from_its_opening_to_the_release(team: FlaskClient, client: FlaskClient, app: Flask) -> None:
    opened = send(
        team, NEW, **PERSON, name_be="Яна Прыклад", others="be-Latn: Jana Prykład", aliases="Yana Example",
        role_en="volunteer", life_en="She *helps*.",
                born="1979-05", letters="yes", letter_languages="be, RU",
        address_Cyrl="Калонія 1\n220000 Мінск", country_Cyrl="BY",
        sources="https://news.example.org/1", sealed="a neighbour called us",
    )  # fmt: skip
    assert opened.status_code == 303
    assert client.get("/p/jana-example").status_code == 404
    assert event(team, "jana-example", "arrest", "2021-07-14").status_code == 303
    assert event(team, "jana-example", "verdict", "2023-03-03").status_code == 303
    assert (
        event(
            team, "jana-example", "sentence", "2023-03-03", years="9", months="6", article_en="Article 1"
        ).status_code
        == 303
    )
    page = "/desk/people/jana-example"
    wished = {"wish": "full", "said_by": "her mother", "recorded_by": "Ina", "said_on": "2024-01-01"}
    assert send(team, f"{page}/wish", page, **wished).status_code == 303
    assert send(team, f"{page}/confirm", page, still_on=clock.today().isoformat()).status_code == 303
    shown = client.get("/p/jana-example").text
    days = (clock.today() - dt.date(2021, 7, 14)).days
    for words in (
        f"{days:,}",
        "serving a sentence",
        "9 years 6 months",
        "volunteer",
        "<em>helps</em>",
        "May 1979",
        "news.example.org",
    ):
        assert words in shown, words
    assert "Калонія 1" in client.get("/p/jana-example/letter").text
    for words in ("her mother", "Ina", "neighbour", "needs checking"):
        assert words not in shown
    assert event(team, "jana-example", "release", "2023-08-01").status_code == 303
    app.extensions["page_cache"].clear()
    shown = client.get("/p/jana-example").text
    assert "748" in shown and "released, 1 August 2023" in shown
    assert "Калонія" not in client.get("/p/jana-example/letter").text
    with app.app_context():
        actions = [
            row.action
            for row in db.session.scalars(
                select(AuditEntry).where(AuditEntry.subject.startswith("person:")).order_by(AuditEntry.id)
            )
        ]
        assert actions[:2] == ["case file opened", "event entered"] and actions.count("event entered") == 4
        assert not any("jana" in row.subject + row.details for row in db.session.scalars(select(AuditEntry)))


def test_what_is_sealed_is_sealed(team: FlaskClient, app: Flask) -> None:
    send(team, NEW, **PERSON, sealed="a neighbour called us")
    page = "/desk/people/jana-example"
    send(
        team, f"{page}/wish", page, wish="full", said_by="her mother", recorded_by="Ina", said_on="2024-01-01"
    )
    assert "her mother" in team.get(page).text
    assert "a neighbour called us" in team.get(f"{page}/edit").text
    with app.app_context():
        found, source = (
            db.session.scalars(select(Person)).one(),
            db.session.scalars(select(PersonSource)).one(),
        )
        assert found.sealed_wish and b"mother" not in found.sealed_wish
        assert source.sealed and b"neighbour" not in source.sealed
        assert (
            vault().unseal_text(source.sealed, "person_sources", "sealed", source.id)
            == "a neighbour called us"
        )


BAD: dict[str, tuple[dict[str, str], str]] = {
    "no name": ({}, "Please enter the name in at least one language."),
    "an address as a name": ({"name_en": "www.example.org"}, "A name can&#39;t contain a web address."),
    "a line without a code": ({**PERSON, "others": "Jana"}, "Please begin each line with the code of its language"),
    "an unknown main name": ({**PERSON, "canonical": "be"}, "There is no name in this language."),
    "no date": ({**PERSON, "born": "in May"}, "Please enter a day, a month or a year"),
    "a birth by": ({**PERSON, "born": "by 1979"}, "Please enter a day, a month or a year"),
    "a birth to come": ({**PERSON, "born": "2999"}, "This day is in the future."),
    "an address without a country": ({**PERSON, "address_Latn": "Colony 1"}, "Please choose the country: no letter arrives without it."),
    "a country without an address": ({**PERSON, "country_Latn": "BY"}, "Please enter the address, or leave out the country."),
    "an unknown country": ({**PERSON, "address_Latn": "Colony 1", "country_Latn": "ZZ"}, "Please choose a country from the list."),
    "an unknown language": ({**PERSON, "letter_languages": "be, zz"}, "Please enter language codes"),
    "an unknown organisation": ({**PERSON, "employer": "99"}, "Please choose an organisation from the list."),
    "hidden signs": ({**PERSON, "address_Latn": "Col\u202eony", "country_Latn": "BY"}, "There are invisible characters in this."),
    "a long source": ({**PERSON, "sources": "x" * 501}, "Please enter at most 500 characters per line."),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_beside_the_field(team: FlaskClient, app: Flask, case: str) -> None:
    fields, message = BAD[case]
    response = send(team, NEW, **fields)
    assert response.status_code == 422
    assert message.replace("&#39;", "'") in response.text.replace("&#39;", "'")
    assert 'class="error"' in response.text
    with app.app_context():
        assert not db.session.scalars(select(Person)).all()


BAD_EVENTS: dict[str, tuple[dict[str, str], str, str]] = {
    "nothing": ({}, "kind", "Please choose what happened."),
    "no date": ({"kind": "search"}, "when", "Please say when, or enter: unknown."),
    "an odd date": ({"kind": "search", "when": "in May"}, "when", "Please enter the date as 2021-07-14"),
    "a release before the arrest": (
        {"kind": "release", "when": "2021-07-01"},
        "when",
        "comes before the arrest (14 July 2021)",
    ),
    "a second arrest": (
        {"kind": "arrest", "when": "2022-01-01"},
        "when",
        "falls within the detention that began on 14 July 2021",
    ),
    "a release before its arrest": (
        {"kind": "arrest", "when": "2020-02-01", "until": "2020-01-01"},
        "until",
        "comes before the arrest (1 February 2020)",
    ),
    "a release to come by": (
        {"kind": "release", "when": "by 2999"},
        "when",
        "This day is in the future.",
    ),
    "a release before its own arrest, within another": (
        {"kind": "arrest", "when": "2022-02-01", "until": "2021-12"},
        "until",
        "This release (December 2021) comes before the arrest (1 February 2022)",
    ),
    "a punishment cell at liberty": (
        {"kind": "punishment cell", "when": "2021-06"},
        "when",
        "Punishment cell (June 2021) falls outside of every detention",
    ),
    "a search before the birth": (
        {"kind": "search", "when": "1978"},
        "when",
        "Search (1978) can’t come before the birth (May 1979)",
    ),
    "an appeal before the sentence": (
        {"kind": "appeal", "when": "2021-08-01"},
        "when",
        "There is no verdict or sentence before this appeal",
    ),
    "a release to come": ({"kind": "release", "when": "2999-01-01"}, "when", "This day is in the future."),
    "a length of an arrest": (
        {"kind": "search", "when": "2021-08-01", "years": "3"},
        "years",
        "Only a sentence or an appeal has a length.",
    ),
    "too many months": (
        {"kind": "sentence", "when": "2023-03-03", "months": "12"},
        "months",
        "Please enter a number of months from 0 to 11",
    ),
    "a time without a day": (
        {"kind": "hearing", "when": "2023-05", "sits_at": "10:00"},
        "sits_at",
        "A time needs a known day.",
    ),
    "a time of an arrest": (
        {"kind": "search", "when": "2021-08-01", "sits_at": "10:00"},
        "sits_at",
        "have a time. Please leave this empty.",
    ),
    "an unknown zone": (
        {"kind": "hearing", "when": "2023-05-01", "time_zone": "Moon"},
        "time_zone",
        "Please choose a time zone from the list.",
    ),
    "a stranger to follow": (
        {"kind": "other", "when": "unknown", "follows": "x"},
        "follows",
        "Please choose an event from the list.",
    ),
}


@pytest.mark.parametrize("case", BAD_EVENTS)
def test_a_timeline_that_contradicts_itself_is_refused_beside_the_field(
    team: FlaskClient, app: Flask, case: str
) -> None:
    slug = person(app, facts={"born_on": dt.date(1979, 5, 1), "born_precision": Precision.MONTH})
    fields, place, message = BAD_EVENTS[case]
    response = send(team, f"/desk/people/{slug}/events/new", **{"time_zone": "Europe/Minsk"} | fields)
    assert response.status_code == 422 and fields.get("when", "") in response.text
    error = re.search(rf'<p class="error" id="{place}-error">([^<]+)</p>', response.text)
    assert error and message in error.group(1)
    with app.app_context():
        assert len(db.session.scalars(select(CaseEvent)).all()) == len(HELD)


def test_a_birth_after_what_happened_is_refused_beside_its_field(team: FlaskClient, app: Flask) -> None:
    page = f"/desk/people/{person(app)}/edit"
    refused = send(team, page, **PERSON, born="2021-08")
    assert refused.status_code == 422 and 'value="2021-08"' in refused.text
    assert "Arrest (14 July 2021) can’t come before the birth (August 2021)" in refused.text
    refused = send(team, page, **PERSON, born="1979-05", recognised="1979-04")
    assert refused.status_code == 422 and "This day comes before the birth" in refused.text
    assert send(team, page, **PERSON, born="2021").status_code == 303


def test_contradictions_of_old_are_put_right_one_by_one(team: FlaskClient, app: Flask) -> None:
    slug = person(app, story=((K.ARREST, "2021-07-14"), (K.SEARCH, "2021-07-13")))
    with app.app_context(), writing() as session:
        session.execute(update(Person).values(born_on=dt.date(2022, 1, 1)))
        first, second = session.scalars(select(CaseEvent.id).order_by(CaseEvent.kind)).all()
    for event_id, kind in ((first, "arrest"), (second, "search")):
        fields = {"kind": kind, "when": "2022-02", "time_zone": "UTC"}
        assert send(team, f"/desk/people/{slug}/events/{event_id}", **fields).status_code == 303
    assert event(team, slug, "search", "2021").status_code == 422


def test_a_sentence_without_a_trial_is_refused(team: FlaskClient, app: Flask) -> None:
    slug = person(app, story=((K.ARREST, "2021-07-14"),))
    response = event(team, slug, "sentence", "2021-08-01", years="2")
    assert (
        response.status_code == 422 and "There is no trial or verdict before this sentence" in response.text
    )


def test_an_earlier_detention_is_entered_and_removed_as_one(team: FlaskClient, app: Flask) -> None:
    slug = person(app)
    assert event(team, slug, "arrest", "2020-01-01", until="2020-01-16").status_code == 303
    with app.app_context():
        first = next(row for row in db.session.scalars(select(CaseEvent)) if str(row.when) == "2020-01-01")
        release = next(row for row in db.session.scalars(select(CaseEvent)) if str(row.when) == "2020-01-16")
        arrest, end = first.id, release.id
    page = f"/desk/people/{slug}"
    refused = team.post(
        f"{page}/events/{end}/remove", data={"csrf_token": csrf_of(team.get(page))}, follow_redirects=True
    )
    assert "It was not deleted" in refused.text
    assert (
        team.post(f"{page}/events/{arrest}/remove", data={"csrf_token": csrf_of(team.get(page))}).status_code
        == 303
    )
    with app.app_context():
        assert len(db.session.scalars(select(CaseEvent)).all()) == len(HELD)


def test_an_event_without_a_date_stands_where_it_was_put(
    team: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    slug = person(app)
    with app.app_context():
        arrest = next(row.id for row in db.session.scalars(select(CaseEvent)) if row.kind == K.ARREST)
    assert event(team, slug, "transfer", "unknown", follows=str(arrest)).status_code == 303
    shown = client.get(f"/p/{slug}").text
    assert shown.index("Arrest</h3>") < shown.index("Transfer</h3>") < shown.index("Verdict</h3>")


def test_a_change_of_what_somebody_else_changed_meanwhile_is_not_saved(team: FlaskClient, app: Flask) -> None:
    slug = person(app)
    address = f"/desk/people/{slug}/edit"
    page = team.get(address)
    state = re.search(r'name="state"[^>]*value="([^"]+)"', page.text)
    assert state
    mine = {"csrf_token": csrf_of(page), "state": state.group(1), "name_en": "Mine"}
    assert send(team, address, name_en="Theirs").status_code == 303
    refused = team.post(address, data=mine)
    assert (
        refused.status_code == 409
        and "Somebody has changed this record" in refused.text
        and 'value="Mine"' in refused.text
    )
    fresh = re.search(r'name="state"[^>]*value="([^"]+)"', refused.text)
    assert fresh and team.post(address, data=mine | {"state": fresh.group(1)}).status_code == 303


def test_the_same_for_an_event(team: FlaskClient, app: Flask) -> None:
    slug = person(app)
    with app.app_context():
        event_id = next(row.id for row in db.session.scalars(select(CaseEvent)) if row.kind == K.ARREST)
    address = f"/desk/people/{slug}/events/{event_id}"
    fields = {
        "csrf_token": csrf_of(team.get(address)),
        "kind": "arrest",
        "when": "2021-07-13",
        "time_zone": "Europe/Minsk",
    }
    refused = team.post(address, data=fields | {"state": "2020-01-01T00:00:00+00:00"})
    assert refused.status_code == 409 and "These fields differ from what is saved now: When" in refused.text
    assert send(team, address, **fields).status_code == 303


def test_nothing_but_pixels_of_a_portrait_is_kept(team: FlaskClient, client: FlaskClient, app: Flask) -> None:
    slug = person(app)
    page = f"/desk/people/{slug}"
    fields = {
        "picture": (io.BytesIO(picture("JPEG", (1600, 1200))), "me.jpg"),
        "description": "A smiling woman",
        "credit": "Ina",
    }
    assert SECRET.encode() in picture("JPEG", (1600, 1200))
    assert send(team, f"{page}/portrait", page, **fields).status_code == 303
    small, large = client.get(f"/p/{slug}/portrait.jpg"), client.get(f"/p/{slug}/portrait.jpg?size=large")
    for answer, longest in ((small, 320), (large, 960)):
        assert SECRET.encode() not in answer.data
        with Image.open(io.BytesIO(answer.data)) as shown:
            assert (shown.format, max(shown.size)) == ("JPEG", longest) and not shown.getexif()
    assert "max-age=60" in small.headers["Cache-Control"]
    shown = client.get(f"/p/{slug}").text
    assert "A smiling woman" in shown and "Ina" in shown
    team.post(f"{page}/portrait/remove", data={"csrf_token": csrf_of(team.get(page))})
    app.extensions["page_cache"].clear()
    assert client.get(f"/p/{slug}/portrait.jpg").status_code == 404
    assert "portrait.jpg" not in client.get(f"/p/{slug}").text


NO_PORTRAITS = {
    "nothing": (b"", "Please choose a file."),
    "text": (b"no picture", "This kind of picture is not accepted."),
    "half": (picture("JPEG")[:900], "This picture can't be read"),
    "large": (b"x" * (LARGEST_FILE + 1), "This file is larger than 5 MB."),
}


@pytest.mark.parametrize("case", NO_PORTRAITS)
def test_a_portrait_that_is_no_image_is_refused_beside_the_field(
    team: FlaskClient, app: Flask, case: str
) -> None:
    slug = person(app)
    body, message = NO_PORTRAITS[case]
    page = f"/desk/people/{slug}"
    response = send(team, f"{page}/portrait", page, picture=(io.BytesIO(body), "a.jpg"), description="A face")
    assert response.status_code == 422
    error = re.search(r'id="picture-error">([^<]+)<', response.text)
    assert error and message in error.group(1).replace("&#39;", "'")


def test_a_file_for_which_somebody_signed_can_only_be_withdrawn(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    slug, page = person(app), "/desk/people/jana-example"
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
    join(app, "vigil", slug)
    campaign.signed("vigil")
    people = "/desk/statements/vigil/people"
    assert send(team, people, people, action="remove", person=slug).status_code == 303
    refused = team.post(f"{page}/remove", data={"csrf_token": csrf_of(team.get(page))}, follow_redirects=True)
    assert "can’t be deleted. You can withdraw it from view" in refused.text
    assert team.post(f"{page}/withdraw", data={"csrf_token": csrf_of(team.get(page))}).status_code == 303
    assert client.get(f"/p/{slug}").status_code == 404
    assert team.post(f"{page}/show", data={"csrf_token": csrf_of(team.get(page))}).status_code == 303
    app.extensions["page_cache"].clear()
    assert client.get(f"/p/{slug}").status_code == 200


def test_a_file_for_which_nobody_signed_goes_with_all_of_it(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    slug, page = person(app), "/desk/people/jana-example"
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
    join(app, "vigil", slug)
    event(team, slug, "transfer", "unknown")
    assert team.post(f"{page}/remove", data={"csrf_token": csrf_of(team.get(page))}).status_code == 303
    with app.app_context():
        left = [
            table.name
            for table in db.metadata.sorted_tables
            if table.name.startswith(("pe", "case_", "campaign_p"))
            and db.session.execute(select(table)).first()
        ]
        assert left == []


def test_the_order_of_a_campaign(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
    campaign.statement("petition")
    person(app, "Jana One"), person(app, "Jana Two")
    people = "/desk/statements/vigil/people"
    found = team.get(f"{people}?q=яна").text
    assert "Jana One" in found and "Jana Two" in found
    for slug in ("jana-one", "jana-two"):
        assert send(team, people, people, action="add", person=slug).status_code == 303
    send(team, people, people, action="up", person="jana-two")
    shown = team.get(people).text
    assert shown.index("Jana Two") < shown.index("Jana One")
    assert (
        "Please choose a person from the list."
        in team.post(
            people,
            data={"csrf_token": csrf_of(team.get(people)), "action": "add", "person": "nobody"},
            follow_redirects=True,
        ).text
    )
    assert team.get("/desk/statements/petition/people").status_code == 404


@pytest.mark.parametrize("words", ["Bialiatski", "бяляцкі", "Беляцкий", "bialacki", "Belyatsky", "алесь"])
def test_any_spelling_finds_the_person(
    team: FlaskClient, client: FlaskClient, app: Flask, words: str
) -> None:
    person(
        app,
        names={
            "en": "Ales Bialiatski",
            "be": "Алесь Бяляцкі",
            "ru": "Алесь Беляцкий",
            "be-Latn": "Aleś Bialacki",
        },
        aliases=("Ales Belyatsky",),
    )
    person(app, "Marfa Rabkova")
    for browser, address in ((team, "/desk/people/"), (client, "/p/")):
        page = browser.get(address, query_string={"q": words}).text
        assert "Ales Bialiatski" in page and "Marfa Rabkova" not in page


@pytest.mark.parametrize("shown", ["checking", "held", "free", "hidden", "nonsense"])
def test_the_list_is_narrowed(team: FlaskClient, app: Flask, shown: str) -> None:
    person(app, "Jana Held")
    person(app, "Jan Free", (*HELD, (K.RELEASE, "2024-01-01")))
    page = team.get(f"/desk/people/?show={shown}").text
    assert ("Jana Held" in page, "Jan Free" in page) == {
        "checking": (True, False), "held": (True, False), "free": (False, True), "hidden": (False, False), "nonsense": (True, True)
    }[shown]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "/desk/people/",
        NEW,
        "/desk/people/jana-example",
        "/desk/people/jana-example/edit",
        "/desk/people/sheet",
    ],
)
def test_strangers_and_moderators_are_kept_out(
    client: FlaskClient, campaign: Campaign, app: Flask, address: str
) -> None:
    person(app)
    assert "/desk/sign-in" in client.get(address).location
    assert campaign.member("moderator@team.example", role="moderator").get(address).status_code == 403


def test_a_status_that_changes_was_confirmed_by_nobody_yet(team: FlaskClient, app: Flask) -> None:
    slug = person(app, confirmed=dt.date(2024, 5, 1))
    event(team, slug, "transfer", "2024-06-01")
    with app.app_context():
        assert db.session.scalars(select(Person.confirmed_on)).one() == dt.date(2024, 5, 1)
    event(team, slug, "release", "2024-07-01")
    with app.app_context():
        assert db.session.scalars(select(Person.confirmed_on)).one() is None


def test_a_day_to_come_confirms_nothing(team: FlaskClient, app: Flask) -> None:
    page = f"/desk/people/{person(app)}"
    response = send(team, f"{page}/confirm", page, still_on="2999-01-01")
    assert response.status_code == 422 and "This day is in the future." in response.text
