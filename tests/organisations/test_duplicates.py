"""Which records are suggested as likely the same."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.organisations.duplicates import closeness, heard, likely_duplicates, similar_to
from campaign.organisations.operations import register_organisation
from tests.support import Campaign, csrf_of

SAME = [
    ("Human Rights Center Viasna", "Праваабарончы цэнтр «Вясна»"),
    ("Human Rights Center Viasna", "Правозащитный центр «Вясна»"),
    ("Front Line Defenders", "Frontline Defenders"),
    ("Belarusian Helsinki Committee", "The Belarusian Helsinki Comittee"),
    ("Human Constanta", "Х’юман Канстанта"),
    ("Norwegian Helsinki Committee", "Norwegian Helsinki Committee (NHC)"),
    ("Fundacja Sprawiedliwość", "Fundacja Sprawiedliwosc"),
]
OTHERS = [
    ("Belarusian Helsinki Committee", "Norwegian Helsinki Committee"),
    ("Human Rights Watch", "Human Rights House Foundation"),
    ("Belarusian PEN", "Belarusian Association of Journalists"),
    ("School No. 1", "School No. 2"),
    ("Legal Initiative", "Lawtrend"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_organisation_in_other_scripts_and_spellings(context: Flask, one: str, other: str) -> None:
    with writing() as session:
        organisation_id = register_organisation(session, {"en": one}).id
    assert similar_to([other]) == [organisation_id]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_organisations(context: Flask, one: str, other: str) -> None:
    with writing() as session:
        register_organisation(session, {"en": one})
    assert similar_to([other]) == []


def test_likeness_has_no_direction() -> None:
    for one, other in (*SAME, *OTHERS):
        assert closeness(heard(one), heard(other)) == closeness(heard(other), heard(one))


def test_pairs_of_the_registry(context: Flask) -> None:
    with writing() as session:
        first = register_organisation(session, {"en": "Human Rights Center Viasna"}).id
        register_organisation(session, {"en": "Belarusian PEN"})
        second = register_organisation(session, {"be": "Праваабарончы цэнтр «Вясна»"}).id
    assert [(pair.first, pair.second) for pair in likely_duplicates()] == [(first, second)]


def test_the_team_is_asked_before_a_likely_duplicate_is_entered(
    team: FlaskClient, campaign: Campaign
) -> None:
    campaign.organisation("Human Rights Center Viasna")
    page = team.get("/desk/organisations/new")
    typed = {
        "csrf_token": csrf_of(page),
        "name_be": "Праваабарончы цэнтр «Вясна»",
        "website": "https://viasna.example",
    }
    asked = team.post("/desk/organisations/new", data=typed)
    assert asked.status_code == 422
    assert "Is it already in the registry?" in asked.text
    assert "Human Rights Center Viasna" in asked.text
    assert 'value="https://viasna.example"' in asked.text
    assert team.post("/desk/organisations/new", data=typed | {"sure": "y"}).status_code == 303
    assert "/merge?into=human-rights-center-viasna" in team.get("/desk/organisations/").text
