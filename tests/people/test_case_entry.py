"""A person entered in one form, alone or for a campaign."""

from __future__ import annotations

import datetime as dt
import io
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts import memberships
from campaign.accounts.models import AuditEntry
from campaign.accounts.queries import member_at
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.people.models import CampaignPerson, Person
from campaign.people.operations import LetterAddress, wish_of
from campaign.people.timeline import ordered
from campaign.people.vocabulary import Script, Wish
from campaign.statements.models import Kind
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf_of
from tests.world.people import person
from tests.world.pictures import picture

NEW = "/desk/statements/vigil/people/new"
JANA: dict[str, Any] = {"name_en": "Jana Example", "wish": "full", "said_by": "her mother"}


@pytest.fixture
def vigil(campaign: Campaign) -> int:
    """A release campaign in two languages, not yet public."""
    return campaign.statement("vigil", publish=False, kind=Kind.RELEASE_CAMPAIGN, texts=(ENGLISH, BELARUSIAN))


def send(team: FlaskClient, address: str = NEW, **fields: Any) -> TestResponse:
    return team.post(address, data={"csrf_token": csrf_of(team.get(address))} | fields)


def people(app: Flask) -> list[Person]:
    with app.app_context():
        return list(db.session.scalars(select(Person)))


def test_one_form_holds_all_that_a_campaign_needs_of_a_person(
    team: FlaskClient, client: FlaskClient, app: Flask, vigil: int
) -> None:
    saved = send(
        team, **JANA, name_be="Яна Прыклад", others="be-Latn: Jana Prykład", role_en="volunteer",
        picture=(io.BytesIO(picture()), "jana.jpg"), arrested="2021-07-14", sentenced="2023-03",
        years="9", months="6", still="y", address_Cyrl="Калонія 4\n246035 Гомель", country_Cyrl="BY",
    )  # fmt: skip
    assert (saved.status_code, saved.location) == (303, "/desk/statements/vigil/people")
    with app.app_context():
        jana = db.session.scalars(select(Person)).one()
        told = [
            (str(event.kind), str(event.when), event.years, event.months) for event in ordered(jana.events)
        ]
        assert told == [
            ("arrest", "2021-07-14", None, None),
            ("verdict", "2023-03", None, None),
            ("sentence", "2023-03", 9, 6),
        ]
        assert (
            wish_of(jana) == {"said_by": "her mother", "recorded_by": "Owner"} or wish_of(jana)["recorded_by"]
        )
        assert jana.confirmed_on == clock.today()
        # A portrait without a description is described by the name.
        assert jana.portrait is not None and jana.portrait.description == "Portrait: Jana Example"
        assert jana.addresses[0].lines == "Калонія 4\n246035 Гомель"
        link = db.session.scalars(select(CampaignPerson)).one()
        assert (link.statement_id, link.person_id) == (vigil, jana.id)
        actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {
        "case file opened",
        "event entered",
        "wish written down",
        "portrait changed",
        "status confirmed",
    } <= actions
    assert "Saved, and added to the campaign: Jana Example." in team.get(saved.location).text
    assert client.get("/p/jana-example").status_code == 200


def test_another_follows_at_once(team: FlaskClient, app: Flask, vigil: int) -> None:
    assert send(team, **JANA, another="y").location == NEW
    assert send(team, **JANA | {"name_en": "Lev Sample"}).location == "/desk/statements/vigil/people"
    with app.app_context():
        assert [link.rank for link in db.session.scalars(select(CampaignPerson))] == [0, 1]


def test_the_same_form_opens_a_case_file_alone(team: FlaskClient, app: Flask) -> None:
    assert send(team, "/desk/people/new", **JANA).location == "/desk/people/jana-example"
    (jana,) = people(app)
    assert jana.slug == "jana-example"


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no name": ({"name_en": ""}, "name_en", "Please enter the name in at least one language."),
    "a wish of nobody": ({"said_by": ""}, "said_by", "Please say who expressed the wish."),
    "a wish of tomorrow": ({"said_on": "2999-01-01"}, "said_on", "This day is in the future."),
    "an unknown wish": ({"wish": "half"}, "wish", "Please choose what may be shown."),
    "an odd date": ({"arrested": "in May"}, "arrested", "Please enter the date as 2021-07-14"),
    "an arrest to come": ({"arrested": "2999"}, "arrested", "This day is in the future."),
    "a release before the arrest": (
        {"arrested": "2021-07-14", "released": "2020"}, "released", "comes before the arrest (14 July 2021)"),
    "a release of nobody held": ({"released": "2021-07-14"}, "released", ""),
    "a length without a day": ({"arrested": "2021", "years": "9"}, "years", "Please enter the day of the sentence too"),
    "odd years": ({"sentenced": "2021", "years": "nine"}, "years", "Please enter a whole number of years"),
    "a year of months": ({"sentenced": "2021", "months": "12"}, "months", "from 0 to 11"),
    "nothing to confirm": ({"still": "y"}, "still", "Please say first what happened"),
    "no picture": ({"description": "a woman"}, "picture", "There is a description but no picture."),
    "a picture that is none": ({"picture": (io.BytesIO(b"<svg/>"), "x.svg")}, "picture", "This kind of picture is not accepted."),
    "an address without a country": ({"address_Latn": "Colony 1"}, "country_Latn", "no letter arrives without it"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_answered_beside_its_field_and_keeps_what_was_typed(
    team: FlaskClient, app: Flask, vigil: int, case: str
) -> None:
    fields, place, message = BAD[case]
    refused = send(team, **JANA | {"role_en": "a volunteer of the league"} | fields)
    assert refused.status_code == 422
    error = re.search(rf'<p class="error" id="{place}-error">([^<]+)</p>', refused.text)
    assert error and message in unescape(error.group(1)), refused.text
    assert "a volunteer of the league" in refused.text and people(app) == []


def test_a_picture_is_asked_for_again_after_a_refusal(team: FlaskClient, vigil: int) -> None:
    refused = send(team, **JANA | {"name_en": "", "picture": (io.BytesIO(picture()), "jana.jpg")})
    assert "Please choose the picture again" in refused.text


def test_nobody_is_entered_twice_without_a_question(team: FlaskClient, app: Flask, vigil: int) -> None:
    send(team, **JANA)
    asked = send(team, **JANA | {"name_en": "", "name_be": "", "name_ru": "Jana Example"})
    assert asked.status_code == 422 and "There is a case file under this name already." in asked.text
    assert 'href="/desk/people/jana-example"' in asked.text and len(people(app)) == 1
    assert send(team, **JANA, namesake="y").status_code == 303
    assert len(people(app)) == 2


def test_the_question_tells_nothing_of_files_of_others(campaign: Campaign, app: Flask) -> None:
    league = campaign.organisation("Test League")
    person(app, "Jana Example", wish=Wish.UNKNOWN)
    editor = campaign.member("editor@team.example", role="editor")
    with app.app_context(), writing() as session:
        member = member_at("editor@team.example")
        assert member is not None
        memberships.work_for(session, member.id, [league])
    saved = send(editor, "/desk/people/new", **JANA, kept_by=str(league))
    assert saved.status_code == 303 and len(people(app)) == 2
    # Nor can the file of others be duplicated.
    assert editor.get("/desk/people/new?like=jana-example").status_code == 403


def test_a_duplicate_takes_over_the_case_and_nothing_that_is_the_person_s_own(
    team: FlaskClient, app: Flask, vigil: int
) -> None:
    slug = person(
        app, names={"en": "Jana Example"}, aliases=["Yana"], sealed_sources=["a neighbour"],
        facts={"born_on": dt.date(1979, 5, 1)}, addresses={Script.LATIN: LetterAddress("Colony 1", "BY")},
    )  # fmt: skip
    page = team.get(f"{NEW}?like={slug}").text
    for taken in ("2021-07-14", "2023-03-03", 'value="9"', "Colony 1", 'value="volunteer"'):
        assert taken in page, taken
    for own in (
        "Jana Example",
        "Yana",
        "a neighbour",
        'value="1979-05-01"',
        "glasses",
        "She *helps*.",
        "her mother",
    ):
        assert own not in page, own
    assert send(team, f"{NEW}?like={slug}", name_en="Lev Sample", wish="unknown").status_code == 303


def test_a_statement_of_another_kind_takes_nobody(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free")
    assert team.get("/desk/statements/free/people/new").status_code == 404


def test_whom_no_organisation_lets_keep_a_file_or_own_a_statement_learns_so_before_typing(
    campaign: Campaign, app: Flask, vigil: int
) -> None:
    browser = campaign.member("part@team.example", role="reader")
    with app.app_context(), writing() as session:
        member = member_at("part@team.example")
        assert member is not None
        memberships.work_for(session, member.id, memberships.Parts({}, {vigil: "editor"}))
    assert browser.get("/desk/statements/vigil/people").status_code == 200
    for address in (NEW, "/desk/people/new", "/desk/statements/new"):
        page = browser.get(address)
        assert page.status_code == 403 and "This affects other organisations too" in page.text, address
