"""Two editors save one statement: nobody overwrites anything unknowingly, and nothing typed is lost."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.statements.form_mapping import newest_texts
from campaign.statements.queries import statement_by_slug
from tests.support import BELARUSIAN, ENGLISH, Campaign
from tests.world.statements_desk import BOTH, change, hidden, loaded, side


def saved(app: Flask) -> dict[str, str]:
    """Titles as they stand now, by language."""
    with app.app_context():
        statement = statement_by_slug("free")
        assert statement is not None
        from campaign.extensions import db  # noqa: PLC0415

        return {text.language: text.title for text in newest_texts(db.session(), statement.id)}


def clash(
    team: FlaskClient, campaign: Campaign, theirs: dict[str, str], mine: dict[str, str]
) -> TestResponse:
    """The answer to who saves second."""
    campaign.statement("free", texts=(ENGLISH, BELARUSIAN))
    before = loaded(team, "free")
    assert change(team, "free", **BOTH | theirs).status_code == 303
    return change(team, "free", **BOTH | mine, state=before)


def again(team: FlaskClient, page: TestResponse, **typed: str) -> TestResponse:
    """What is sent from the page of a conflict."""
    return change(team, "free", **BOTH | typed, state=hidden(page, "state"), base=hidden(page, "base"))


def test_both_versions_stand_side_by_side_with_what_differs_marked(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    page = clash(
        team,
        campaign,
        {"title_en": "Free them now"},
        {"title_en": "Free them today", "body_en": "A long new paragraph."},
    )
    assert page.status_code == 409
    assert side(page, "theirs") == ["Free them <del>now</del>"]
    assert side(page, "mine") == ["Free them <ins>today</ins>"]
    assert (
        'value="Free them today"' in page.text
        and ">\nA long new paragraph.</textarea>" in page.text.replace("\r\n", "\n")
    )
    assert saved(app)["en"] == "Free them now"


def test_saving_over_is_possible_when_one_knows_it(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    page = clash(team, campaign, {"title_en": "Free them now"}, {"title_en": "Free them today"})
    assert "Save mine over theirs" in page.text
    assert again(team, page, title_en="Free them now, today").status_code == 303
    assert saved(app)["en"] == "Free them now, today"


def test_a_third_one_is_not_overwritten_either(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    page = clash(team, campaign, {"title_en": "Free them now"}, {"title_en": "Free them today"})
    change(team, "free", **BOTH | {"title_en": "A third title"})
    second = again(team, page, title_en="Free them today")
    assert second.status_code == 409 and side(second, "theirs")[0] == "<del>A third title</del>"
    assert saved(app)["en"] == "A third title"


def test_what_only_the_other_changed_stays_theirs(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    page = clash(team, campaign, {"title_be": "Іх назва"}, {"title_en": "My own title"})
    assert page.status_code == 409 and "No field was changed by both of you" in page.text
    assert 'value="Іх назва"' in page.text and 'value="My own title"' in page.text
    assert again(team, page, title_en="My own title", title_be="Іх назва").status_code == 303
    assert saved(app) == {"en": "My own title", "be": "Іх назва"}


def test_a_language_that_the_other_added_is_not_lost(team: FlaskClient, campaign: Campaign) -> None:
    theirs = {"title_other": "Libérez-les", "body_other": "Texte", "language_other": "fr"}
    page = clash(team, campaign, theirs, {"title_en": "My own title"})
    assert page.status_code == 409 and 'name="title_fr" type="text" value="Libérez-les"' in page.text


def test_theirs_can_be_taken_field_by_field(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    mine = {"title_en": "Free them today", "body_en": "My own text."}
    page = clash(team, campaign, {"title_en": "Free them now", "body_en": "Their text."}, mine)
    taken = again(team, page, **mine, take="title_en")
    assert taken.status_code == 200 and 'value="Free them now"' in taken.text and "My own text." in taken.text
    assert len(side(taken, "theirs")) == 1
    assert saved(app)["en"] == "Free them now"
    assert again(team, taken, title_en="Free them now", body_en="My own text.").status_code == 303


def test_a_mistake_on_the_page_of_a_conflict_keeps_both_versions_in_sight(
    team: FlaskClient, campaign: Campaign
) -> None:
    page = clash(team, campaign, {"title_en": "Free them now"}, {"title_en": "Free them today"})
    refused = again(team, page, title_en="Free them today", goal="many")
    assert refused.status_code == 422
    assert side(refused, "theirs") == ["Free them <del>now</del>"]


def test_a_state_that_somebody_made_up_overwrites_nothing(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    page = change(team, "free", title_en="My own title", state="made=up =  x")
    assert page.status_code == 409 and saved(app)["en"] == ENGLISH.title
