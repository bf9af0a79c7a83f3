"""The wish that a person be not public: texts written by hand that name them are found in every spelling, shown
before anything is saved, and what is about the person alone is taken off at once.
"""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.people.models import Person
from campaign.people.name_mentions import NameFinder
from campaign.people.vocabulary import Wish
from campaign.statements.models import Statement, Topic
from campaign.statements.operations import StatementText
from campaign.statements.topics import TopicWords, enter_topic
from campaign.updates.models import Update, UpdateKind
from campaign.updates.operations import UpdateContent, UpdateWords, enter_update
from tests.support import Campaign, csrf_of
from tests.world.people import person

NAMES = ["Alieś Bialacki", "Алесь Бяляцкі", "Ales Bialiatski", "Алесь Беляцкий"]
FOUND = [
    "Freedom for Bialiatski!",
    "A letter by ALES BIALIATSKI.",
    "Судзяць Алеся Бяляцкага",
    "Суд над Беляцким: приговор",
    "письмо Беляцкому",
    "о Беляцком говорят",
    "Аб Бяляцкім",
    "Sprawa Bielackiego",
    "Alesiu Bialackim",
    "free-ales-bialiatski",
    "Bjaljazki",
    "А.Бяляцкі",
    "Беляцкий-младший",
]
OTHERS = [
    "Freedom for all",
    "Алесь Пушкін",
    "Ales is a name",
    "Беларусь, беларускі, белы",
    "Bialystok",
    "We ask for their release.",
    "",
]


@pytest.mark.parametrize("text", FOUND)
def test_a_name_is_found_in_every_spelling_and_case(text: str) -> None:
    assert NameFinder(NAMES).finds(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_words_are_not_taken_for_it(text: str) -> None:
    assert not NameFinder(NAMES).finds(text)


def test_a_short_surname_is_found_in_its_cases_and_not_in_other_words() -> None:
    finder = NameFinder(["Яна Гук"])
    assert all(map(finder.finds, ("Яны Гука", "Huk", "Гуку")))
    assert not any(map(finder.finds, ("Гукавое пісьмо", "Яна", "hookah bar")))


WISH = {"said_by": "her mother", "recorded_by": "Ina", "said_on": "2024-01-01"}


@pytest.fixture
def named(app: Flask, campaign: Campaign, team: FlaskClient) -> str:
    """A person who is public, and is named in a statement, in a topic, in updates and in another's file. Returns the
    slug.
    """
    campaign.statement(texts=[StatementText("en", "Free Jana Example", "She helped others.")])
    person(app, "Jana Example", wish=Wish.FULL)
    person(app, "Piotr Other", wish=Wish.FULL)
    with app.app_context(), writing() as session:
        topic = enter_topic(session, "people", {"en": TopicWords("People like Jana Example")})
        statement = session.scalars(select(Statement)).one()
        for title, body in (
            ("Example's hearing is over", "The court has spoken."),
            ("News of the week", "Three people, among them Яна Экзампле, are ill."),
            ("Nobody is named", "The campaign goes on."),
        ):
            words = [UpdateWords("en", title, body)]
            enter_update(session, UpdateContent(UpdateKind.NEWS, words, statement.id, topic.id), publish=True)
    return "jana-example"


def wish(team: FlaskClient, slug: str, wanted: str, **more: object) -> object:
    """Record a wish."""
    token = csrf_of(team.get(f"/desk/people/{slug}"))
    return team.post(f"/desk/people/{slug}/wish", data={"csrf_token": token, "wish": wanted, **WISH, **more})


def test_the_team_is_shown_the_texts_before_anything_is_saved(
    app: Flask, team: FlaskClient, named: str, client: FlaskClient
) -> None:
    shown = wish(team, named, "not-public")
    assert shown.status_code == 200 and "Nothing has been saved yet" in shown.text
    for words in ("Free Jana Example", "hearing is over", "News of the week", "People like Jana Example"):
        assert words in shown.text, words
    assert "Nobody is named" not in shown.text
    assert "/desk/statements/free/edit" in shown.text and "/desk/updates/" in shown.text
    assert client.get(f"/p/{named}").status_code == 200
    # What is about the person alone is chosen already; the page works without scripts.
    (chosen,) = re.findall(r'name="take_off" value="(update:\d+)" checked', shown.text)
    # What is ticked stands below the text that it is about.
    assert shown.text.index("hearing is over") < shown.text.index(f'value="{chosen}"')
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    assert kept["wish"] == "not-public" and kept["said_by"] == "her mother"
    saved = team.post(f"/desk/people/{named}/wish", data=kept | {"take_off": chosen}, follow_redirects=True)
    assert "made from the case file follows at once" in saved.text
    assert "texts written by hand still name the person" in saved.text
    assert "Still public elsewhere" in saved.text and "Free Jana Example" in saved.text
    app.extensions["page_cache"].clear()
    assert client.get(f"/p/{named}").status_code == 404
    page = client.get("/s/free").text
    assert "hearing is over" not in page and "News of the week" in page
    with app.app_context():
        off = db.session.scalars(select(Update).where(Update.published_at.is_(None))).one()
        # Guarded by the wish from now on, should it be published again.
        assert off.person_id == db.session.scalars(select(Person.id).where(Person.slug == named)).one()


def test_withdrawing_a_file_shows_them_too(
    app: Flask, team: FlaskClient, named: str, client: FlaskClient
) -> None:
    token = csrf_of(team.get(f"/desk/people/{named}"))
    address = f"/desk/people/{named}/withdraw"
    shown = team.post(address, data={"csrf_token": token})
    assert shown.status_code == 200 and "Free Jana Example" in shown.text
    assert client.get(f"/p/{named}").status_code == 200
    assert team.post(address, data={"csrf_token": token, "seen": "y"}).status_code == 303
    app.extensions["page_cache"].clear()
    assert client.get(f"/p/{named}").status_code == 404


def test_a_person_whom_no_text_names_is_hidden_at_once(
    app: Flask, team: FlaskClient, client: FlaskClient
) -> None:
    person(app, "Maja Unnamed", wish=Wish.FULL)
    assert wish(team, "maja-unnamed", "not-public").status_code == 303
    assert client.get("/p/maja-unnamed").status_code == 404


def test_an_import_of_wishes_shows_them_before_it_is_confirmed(team: FlaskClient, named: str) -> None:
    rows = f"record,slug,name_en,wish,wish_said_by,wish_recorded_by\nperson,{named},Jana Example,not-public,her mother,Ina\n"
    token = csrf_of(team.get("/desk/people/sheet"))
    file = (io.BytesIO(rows.encode()), "wishes.csv")
    shown = team.post("/desk/people/sheet", data={"csrf_token": token, "file": file})
    assert shown.status_code == 200 and "go on naming them" in shown.text
    assert "Free Jana Example" in shown.text and "/desk/statements/free/edit" in shown.text


def test_a_wish_for_everything_asks_nothing(team: FlaskClient, named: str) -> None:
    assert wish(team, named, "full").status_code == 303


def test_only_updates_that_the_member_may_change_are_taken_off(
    app: Flask, team: FlaskClient, named: str
) -> None:
    with app.app_context():
        assert db.session.scalars(select(Topic)).one()
        before = len(db.session.scalars(select(Update).where(Update.published_at.is_not(None))).all())
    assert (
        wish(
            team, named, "name", seen="y", take_off=["update:999", "update:x", "statement:1", "x"]
        ).status_code
        == 303
    )
    with app.app_context():
        assert len(db.session.scalars(select(Update).where(Update.published_at.is_not(None))).all()) == before
