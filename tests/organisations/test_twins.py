"""Row 17: organisations that are in the registry are suggested however their name is typed, and others are not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations import duplicates
from campaign.organisations.duplicates import likeness_of_names, similar_to, twins_of
from campaign.organisations.models import NameMark
from campaign.organisations.operations import (
    change_organisation,
    new_organisation,
    register_many,
    register_organisation,
)
from campaign.organisations.queries import organisations_named

pytestmark = pytest.mark.databases("sqlite", "postgresql")

TWINS = [
    ("Human Rights Watch", "Human Rights Watch (HRW)"), ("Human Rights Watch", "HRW"), ("Human Rights Watch", "H.R.W."),
    ("HRW", "Human Rights Watch"), ("Human Rights Watch (HRW)", "HRW"), ("Human Rights Watch", "The Human Rights Watch"),
    ("Human Rights Center Viasna", 'HRC "Viasna"'), ("Human Rights Center Viasna", "ПЦ «Вясна»"),
    ("Human Rights Center Viasna", "Viasna"), ("Human Rights Center Viasna", "HRC Viasna"), ("Human Rights Center Viasna", "Весна"),
    ("Front Line Defenders", "Front Line Defenders (Ireland)"), ("Front Line Defenders", "Frontline Defenders"),
    ("Front Line Defenders", "Front-Line Defender"), ("Human Constanta", "Хьюман Константа"), ("Human Constanta", "NGO Human Constanta"),
    ("Libereco", "Libereco e.V."), ("Nesehnutí", "Nesehnuti, z.s."), ("Крим СОС", "ГО «Крим СОС»"), ("Lawtrend", "ООО «Лоутренд»"),
    ("Ocalenie", "Fundacja Ocalenie"), ("Interwencji Prawnej", "Stowarzyszenie Interwencji Prawnej"),
    ("Memorial", "International Memorial"), ("Legal Initiative", "Initiative Legal"), ("Women & Peace", "Women and Peace"),
    ("Fundación Araña", "Fundacion Arana"), ("Amnesty International", "Amnesty International Poland"),
    ("International Federation for Human Rights", "IFHR"), ("International Federation for Human Rights (FIDH)", "FIDH"),
    ("Amnesty International", "Amnesty International (Germany)"), ("Беларуская асацыяцыя журналістаў", "БАЖ"),
    ("Беларускі Хельсінкскі Камітэт", "БХК"), ("Центр гражданских свобод", "ЦГС"), ("Центр громадянських свобод", "ЦГС"),
    ("БАЖ", "Беларуская асацыяцыя журналістаў"), ("Беларуская асацыяцыя журналістаў", "BAŽ"),
    ("Libereco", "Libereco – Partnership for Human Rights"), ("Libereco – Partnership for Human Rights", "Libereco"),
    ("Civil Rights Defenders", "Civil Rights Defenders Sweden"), ("Amnesty International", "Amnesty Int."),
    ("Amnesty International", "Amnesty Int'l"),
]  # fmt: skip
OTHERS = [
    ("Human Rights House Tbilisi", "Human Rights House Kyiv"), ("Human Rights Watch", "Human Rights House"),
    ("Amnesty International Poland", "Amnesty International Germany"), ("Belarusian PEN", "Belarusian Association of Journalists"),
    ("Norwegian Helsinki Committee", "Belarusian Helsinki Committee"), ("Viasna Brest", "Memorial"), ("PEN Ukraine", "Crimea SOS"),
    ("Human Rights Watch", "HRF"),
]  # fmt: skip
_TOWNS = [
    "Aro",
    "Bede",
    "Corvel",
    "Dunmar",
    "Essler",
    "Fyrn",
    "Galdo",
    "Hestor",
    "Ilmar",
    "Jorvik",
    "Kelmo",
    "Lunde",
    "Morava",
    "Nyland",
    "Ostra",
    "Pelago",
    "Quist",
    "Rovin",
    "Sundal",
    "Tarn",
]
_KINDS = ("Human Rights House {}", "{} Bar Association", "Mothers of {}", "{} Observatory", "Radio {}", "Archive of {}",
    "{} Prisoners’ Aid", "Green {}", "{} Youth Forum", "Doctors for {}", "{} Legal Clinic", "Readers of {}", "{} PEN",
    "Free Press {}", "Roma Union of {}")  # fmt: skip


@pytest.mark.parametrize(("known", "typed"), TWINS)
def test_row_17_an_organisation_is_suggested_however_it_is_typed(
    context: Flask, known: str, typed: str
) -> None:
    with writing() as session:
        organisation_id = register_organisation(session, {"en": known}).id
    assert similar_to([typed]) == [organisation_id]


@pytest.mark.parametrize(("known", "typed"), OTHERS)
def test_row_17_two_organisations_are_no_twins(context: Flask, known: str, typed: str) -> None:
    with writing() as session:
        register_organisation(session, {"en": known})
    assert similar_to([typed]) == []


def test_row_17_a_list_of_three_hundred_has_few_suggestions(context: Flask) -> None:
    names = [kind.format(town) for kind in _KINDS for town in _TOWNS]
    with writing() as session:
        ids = {name: register_organisation(session, {"en": name}).id for name in names}
    suggested = {name: similar_to([name], but=ids[name]) for name in names}
    assert len(names) == 300
    assert {name: found for name, found in suggested.items() if len(found) > 5} == {}


def test_row_17_only_initials_and_an_article_are_the_same_without_a_question(context: Flask) -> None:
    with writing() as session:
        register_organisation(session, {"en": "Human Rights Watch"})
    for typed in ("Human Rights Watch (HRW)", "The Human Rights Watch", "human rights watch"):
        assert len(organisations_named(db.session(), typed)) == 1, typed
    for typed in (
        "Human Rights Watch (Ireland)",
        "HRW",
        "Human Rights Watch Poland",
        "Human Rights Watch (HRF)",
    ):
        assert organisations_named(db.session(), typed) == [], typed


def test_row_17_one_name_in_two_countries_is_not_the_same(context: Flask) -> None:
    assert likeness_of_names("Test (Poland)", "Test (Belarus)") < 90
    assert likeness_of_names("Test (Poland)", "Test (Польша)") == 100


def test_row_17_abbreviations_of_other_scripts_are_asked_about(context: Flask) -> None:
    with writing() as session:
        known = register_organisation(session, {"be": "Беларуская асацыяцыя журналістаў"}).id
    assert twins_of("БАЖ") == [known] and twins_of("БХК") == []


def test_row_17_a_twin_is_found_among_many_that_share_its_words_and_few_are_compared(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of names entered in bulk, renamed, and no longer there; the registry as a whole is never read."""
    many = [f"Viasna {kind.format(town)}" for kind in _KINDS for town in _TOWNS]
    with writing() as session:
        register_many(session, "en", [new_organisation(name, "PL", None) for name in many])
        known = register_organisation(session, {"en": "Viasna"})
        change_organisation(session, known, {"en": "Human Rights Center Viasna"}, aliases=[], domains=[])
    compared = []
    sameness = duplicates._sameness
    monkeypatch.setattr(
        duplicates, "_sameness", lambda one, other: compared.append(other) or sameness(one, other)
    )
    assert known.id in twins_of("ПЦ «Вясна»") and 0 < len(compared) <= 60
    assert twins_of("Viasna Free Press Pelago (PL)")[0] in twins_of("Viasna Free Press Pelago")
    with writing() as session:
        session.delete(session.merge(known))
    assert known.id not in twins_of("ПЦ «Вясна»")
    left = select(func.count()).select_from(NameMark).where(NameMark.mark == "v+sn")
    assert db.session.scalar(left) in (0, len(many))
