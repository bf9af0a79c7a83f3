"""A translation beside its original: what lags is marked, nobody overwrites anybody, nothing typed is
lost.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.statements.form_mapping import newest_texts
from campaign.statements.models import Statement
from campaign.statements.queries import newest_revision
from campaign.statements.translation_status import lagging
from tests.support import BELARUSIAN, ENGLISH, Campaign
from tests.world.statements_desk import BOTH, change, hidden, press, revisions, send, side

PAGE = "/desk/statements/free/translate/be"
LAGS = "Behind the original"


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """A text with one translation, both published."""
    return campaign.statement("free", texts=(ENGLISH, BELARUSIAN))


def write(team: FlaskClient, page: str = PAGE, **typed: str) -> TestResponse:
    """Save one translation as it was loaded now."""
    fields = {"title": BELARUSIAN.title, "body": BELARUSIAN.body, "state": hidden(team.get(page), "state")}
    return send(team, page, page, **fields | typed)


def behind(app: Flask) -> list[str]:
    """Languages that lag."""
    with app.app_context():
        return lagging(newest_revision(db.session.scalars(select(Statement.id)).one()))


def texts(app: Flask) -> dict[str, str]:
    """Titles as they stand in the draft or the published text, in the order of the page."""
    with app.app_context():
        return {
            text.language: text.title
            for text in newest_texts(db.session(), db.session.scalars(select(Statement.id)).one())
        }


def test_the_original_stands_beside_what_is_written(team: FlaskClient) -> None:
    page = team.get(PAGE)
    assert "They helped others." in page.text and BELARUSIAN.body in page.text
    assert LAGS not in page.text


def test_saving_makes_a_draft_and_leaves_the_other_languages(team: FlaskClient, app: Flask) -> None:
    assert write(team, title="Вызваліць зараз").status_code == 303
    assert texts(app) == {"en": ENGLISH.title, "be": "Вызваліць зараз"}
    assert revisions(app) == [(1, "first", True), (2, "editorial", False)]
    assert write(team).status_code == 303
    assert revisions(app) == [(1, "first", True)]


def test_a_new_language_comes_behind_the_others(team: FlaskClient, app: Flask) -> None:
    page = "/desk/statements/free/translate/fr"
    assert write(team, page, title="Libérez-les", body="Texte").status_code == 303
    assert list(texts(app)) == ["en", "be", "fr"]
    assert behind(app) == []


def test_a_changed_original_leaves_its_translations_behind_everywhere(team: FlaskClient, app: Flask) -> None:
    change(team, "free", **BOTH | {"title_en": "Free them now"})
    assert behind(app) == ["be"]
    for address in (PAGE, "/desk/statements/free", "/desk/statements/free/edit"):
        assert LAGS in team.get(address).text, address
    assert "Some translations are out of date" in team.get("/desk/statements/free/publish").text
    assert side_of_original(team) == "Free them <del>all</del><ins>now</ins>"


def side_of_original(team: FlaskClient) -> str:
    """The title of the original with what has changed."""
    return team.get(PAGE).text.partition('class="side" lang="en">')[2].partition("\n")[0]


def test_publishing_does_not_bring_it_into_line(team: FlaskClient, app: Flask) -> None:
    change(team, "free", **BOTH | {"title_en": "Free them now"})
    press(team, "free", "publish", change="editorial")
    assert behind(app) == ["be"]
    assert side_of_original(team) == "Free them <del>all</del><ins>now</ins>"


def test_writing_the_translation_brings_it_into_line(team: FlaskClient, app: Flask) -> None:
    change(team, "free", **BOTH | {"title_en": "Free them now"})
    write(team, title="Вызваліць зараз")
    assert behind(app) == []
    change(team, "free", **BOTH | {"title_en": "Free them today", "title_be": "Вызваліць зараз"})
    assert behind(app) == ["be"]


def test_one_can_say_that_it_is_right_as_it_is(team: FlaskClient, app: Flask) -> None:
    change(team, "free", **BOTH | {"title_en": "Free them all!"})
    assert "Mark as up to date" in team.get(PAGE).text
    assert write(team, right="1").status_code == 303
    assert behind(app) == [] and LAGS not in team.get("/desk/statements/free").text


def test_both_changed_at_once_are_in_line(team: FlaskClient, app: Flask) -> None:
    change(team, "free", **BOTH | {"title_en": "Free them now", "title_be": "Вызваліць зараз"})
    assert behind(app) == []


@pytest.mark.parametrize("missing", ["title", "body"])
def test_half_a_translation_is_refused_and_kept(team: FlaskClient, app: Flask, missing: str) -> None:
    response = write(team, **{"title": "Новая назва", "body": "Новы тэкст"} | {missing: ""})
    assert response.status_code == 422 and "Please write the t" in response.text
    assert ("Новы тэкст" if missing == "title" else "Новая назва") in response.text
    assert texts(app)["be"] == BELARUSIAN.title


def test_two_translators_of_one_language_get_both_versions(team: FlaskClient, app: Flask) -> None:
    before = hidden(team.get(PAGE), "state")
    write(team, title="Вызваліць зараз")
    mine = write(team, title="Вызваліць сёння", state=before)
    assert mine.status_code == 409
    assert side(mine, "theirs") == ["Вызваліць <del>зараз</del>"] and side(mine, "mine") == [
        "Вызваліць <ins>сёння</ins>"
    ]
    assert texts(app)["be"] == "Вызваліць зараз"
    again = {"state": hidden(mine, "state"), "base": hidden(mine, "base")}
    assert "Вызваліць зараз" in write(team, title="Вызваліць сёння", take="title", **again).text
    assert write(team, title="Вызваліць сёння", **again).status_code == 303
    assert texts(app)["be"] == "Вызваліць сёння"


def test_translators_of_two_languages_do_not_disturb_each_other(team: FlaskClient, app: Flask) -> None:
    before = hidden(team.get(PAGE), "state")
    change(team, "free", **BOTH | {"title_en": "Free them now"})
    assert write(team, title="Вызваліць зараз", state=before).status_code == 303
    assert texts(app) == {"en": "Free them now", "be": "Вызваліць зараз"}


@pytest.mark.parametrize(("code", "status"), [("en", 302), ("xx", 404), ("BE", 404), ("be-Latn", 404)])
def test_what_is_no_other_language_is_no_translation(team: FlaskClient, code: str, status: int) -> None:
    assert team.get(f"/desk/statements/free/translate/{code}").status_code == status


def test_who_only_reads_writes_nothing(campaign: Campaign) -> None:
    assert campaign.member("reader@team.example", role="reader").get(PAGE).status_code == 403
