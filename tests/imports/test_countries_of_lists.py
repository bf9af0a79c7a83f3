"""Countries in lists: known by any name, and asked about once for each spelling that is not known."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.imports.lists_of_names import carry_out, post, signatures, upload, words
from tests.support import Campaign
from tests.world.lists import PAPER, run

LIST = (
    "Name,Country\nAnna,Нямеччына\nBella,U.S.A.\nCyril,Narnia\nDora,Narnia\nEmil,Poland / Belarus\nFlora,-\n"
    "Georg,Korea\n"
)
LAYOUT = {"header": "1", "column-name": "0", "column-country": "1"}


def test_row_08_an_unknown_country_is_asked_once_per_spelling_and_refuses_nothing(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    address = upload(team, LIST)
    page = words(team.get(address))
    assert page.count("“Narnia” is not a country that we know. Which one is it?") == 1
    assert "“Poland / Belarus” names several countries. Which one should be shown?" in page
    assert "“Korea” can be" in page and "can’t be imported" not in page and "Go on" not in page
    answers = {"answer-country:Narnia": "none", "answer-country:Poland / Belarus": "BY"}
    post(team, f"{address}/columns", **LAYOUT, **answers, **{"answer-country:Korea": "KR"})
    carry_out(team, campaign, address)
    assert [(row.name, row.country) for row in signatures(app)] == [
        ("Anna", "DE"), ("Bella", "US"), ("Cyril", None), ("Dora", None), ("Emil", "BY"), ("Flora", None),
        ("Georg", "KR"),
    ]  # fmt: skip


def test_row_08_the_command_takes_the_country_as_an_answer(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    path = tmp_path / "list.csv"
    path.write_text("Name,Country\nAnna,Wales\nBella,Narnia\n")
    refused = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert refused.exit_code == 1 and "--answer country:Narnia=none" in refused.output
    assert signatures(app) == []
    taken = run(app, "import", "free", str(path), *PAPER, "--answer", "country:Narnia=PL", "--yes")
    assert taken.exit_code == 0, taken.output
    assert [(row.name, row.country) for row in signatures(app)] == [("Anna", "GB"), ("Bella", "PL")]


def test_row_08_a_column_of_forty_unknown_countries_and_more_is_no_column_of_countries(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.statement("free")
    rows = "".join(f"Person {number:c},Place {number:c}\n" for number in range(0x430, 0x430 + 45))
    page = words(team.get(upload(team, f"Name,Country\n{rows}")))
    assert "5 rows can’t be imported as they are" in page
