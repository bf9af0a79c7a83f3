"""Several names in one cell, and names of organisations that the registry has: asked about, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation
from tests.imports.lists_of_names import read_rows, signatures
from tests.support import Campaign
from tests.world.lists import PAPER, run

TWO = ["Anna Nowak", "Jan Lis"]


@pytest.mark.databases("sqlite")
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("header", "cell", "names"),
    [
        ("Name", "Anna Nowak; Jan Lis", TWO), ("Name", "Anna Nowak / Jan Lis", TWO),
        ("Name", "Anna Nowak\nJan Lis", TWO), ("Name", "Anna Nowak/Jan Lis", TWO),
        ("Name", "Anna Nowak and Jan Lis", TWO), ("Name", "Anna Nowak, Jan Lis", TWO),
        ("ФИО", "Анна Новик и Ян Лис", ["Анна Новик", "Ян Лис"]),
        ("Name", "1. Anna Nowak\r\n2. Jan Lis\r\n", TWO), ("Name", "Anna Nowak | Jan Lis", TWO),
        ("Organisation", "Human Rights House / Viasna", ["Human Rights House", "Viasna"]),
        ("Organisation", "Alpha Centre; Beta (x; y)", ["Alpha Centre", "Beta (x; y)"]),
        ("Organisation", "Alpha Centre\nBeta Union\nGamma", ["Alpha Centre", "Beta Union", "Gamma"]),
    ],
)  # fmt: skip
def test_row_10_several_names_in_a_cell_are_asked_about_once(
    header: str, cell: str, names: list[str]
) -> None:
    body = f'{header}\tCity\n"{cell}"\tLublin\n"{cell}"\tMinsk\nEwa Kot\t\n'

    def listed(**answers: str) -> list[str]:
        return [entry.name or entry.organisation for entry in read_rows(body, answers)[0]]

    (question,) = read_rows(body)[1].open
    assert (question.code, question.count, listed()) == ("several", 2, ["Ewa Kot"])
    assert listed(several="split") == [*names, *names, "Ewa Kot"]
    assert listed(several="keep") == [*[" ".join(cell.replace("1. ", "").split())] * 2, "Ewa Kot"]


@pytest.mark.databases("sqlite")
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Name", "Nowak, Anna"), ("Name", "Anna Nowak, PhD"), ("Name", "Anna Nowak, Prof. Dr"),
        ("Name", "Anna Maria y Pilar"), ("Organisation", "Association of Civil and Human Rights"),
        ("Organisation", "Centre for Law and Union of Lawyers"), ("Organisation", "Alpha (Beta; Gamma)"),
        ("Organisation", "Centre, Lublin"), ("Name", "Anna Nowak-Lis"), ("Organisation", "PEN/Opp Society"),
    ],
)  # fmt: skip
def test_row_10_one_name_is_not_asked_about(header: str, cell: str) -> None:
    entries, questions, _left = read_rows(f'{header}\tCity\n"{cell}"\tLublin\nEwa Kot\tMinsk\n')
    assert (len(entries), questions.open) == (2, [])


@pytest.mark.databases("sqlite")
@pytest.mark.usefixtures("context")
def test_row_10_where_people_work_is_no_reason_to_cut_and_countries_are_cut_along() -> None:
    body = "Name,Affiliation\nAnna Nowak,Uni A; Uni B\n"
    entries, questions, _left = read_rows(body)
    assert ([entry.affiliation for entry in entries], questions.open) == (["Uni A; Uni B"], [])
    entries, _asked, _left = read_rows(
        'Name,Country\n"Anna Nowak\nJan Lis","Poland\nGermany"\n', {"several": "split"}
    )
    assert [(entry.at, entry.name, entry.country) for entry in entries] == [
        ((2, 0), "Anna Nowak", "PL"),
        ((2, 1), "Jan Lis", "DE"),
    ]


def test_row_10_names_of_one_cell_are_imported_each_by_itself(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    known = campaign.organisation("Human Rights House")
    path = tmp_path / "list.csv"
    path.write_text('Organisation\tCountry\n"Human Rights House; Alpha Centre"\tPL\nBeta Union\tDE\n')
    refused = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert refused.exit_code == 1 and signatures(app) == []
    assert (
        "--answer several=split" in refused.output and "Human Rights House | Alpha Centre" in refused.output
    )
    taken = run(app, "import", "free", str(path), *PAPER, "--answer", "several=split", "--yes")
    assert taken.exit_code == 0, taken.output
    found = {row.organisation_name: row.organisation_id for row in signatures(app)}
    assert list(found) == ["Human Rights House", "Alpha Centre", "Beta Union"]
    assert found["Human Rights House"] == known


@pytest.mark.parametrize(
    ("registry", "row", "is_asked"),
    [
        ("Human Rights Watch//US", "Human Rights Watch (HRW),US", False),
        ("Human Rights Watch//US", "Human Rights Watch,GB", True),
        ("Human Rights Watch//US", "Human Rights Watch,US", False),
        ("Human Rights Watch//US", "Human Rights Watch,", False),
        ("Human Rights Watch//", "Human Rights Watch,US", False),
        ("Legal Aid//PL|Legal Aid//DE", "Legal Aid,FR", True),
        ("Legal Aid//PL|Legal Aid//DE", "Legal Aid,", True),
        ("Legal Aid//PL|Legal Aid//DE", "Legal Aid,DE", False),
        ("Human Rights Watch//US", "Paper Society,PL", False),
    ],
)
def test_row_17_an_organisation_of_the_registry_is_known_by_name_and_country_or_asked_about(
    app: Flask, campaign: Campaign, tmp_path: Path, registry: str, row: str, is_asked: bool
) -> None:
    campaign.statement("free")
    ids = {}
    for each in registry.split("|"):
        name, country = each.split("//")
        ids[country] = campaign.organisation(name)
        with app.app_context(), writing() as session:
            session.get_one(Organisation, ids[country]).country = country or None
    path, name = tmp_path / "list.csv", row.rpartition(",")[0]
    path.write_text(f"Organisation,Country\n{row}\n")
    first = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert (f"Is “{name}” an organisation" in first.output) == is_asked and first.exit_code == is_asked
    if is_asked:
        assert signatures(app) == []
        last = list(ids.values())[-1]
        given = ("--answer", f"registry:{name}={last}")
        assert run(app, "import", "free", str(path), *PAPER, *given, "--yes").exit_code == 0
        assert signatures(app)[0].organisation_id == last
        return
    right = ids.get(row.rpartition(",")[2], next(iter(ids.values())))
    with app.app_context():
        count = len(db.session.scalars(select(Organisation.id)).all())
    assert count == len(ids) + ("Paper" in row)
    assert (signatures(app)[0].organisation_id == right) == ("Paper" not in row)
