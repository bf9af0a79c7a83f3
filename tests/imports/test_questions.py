"""Questions about a list: all on one page, answered at once, and nothing is imported before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import lazy_gettext as _l

from campaign.imports.row_reader import ReadRow, RowReader
from campaign.sheets.questions import Asked, SheetQuestion, Wording, register_questions
from tests.imports.lists_of_names import carry_out, post, signatures, upload, words
from tests.support import Campaign
from tests.world.lists import PAPER, run

WORDS = {
    "cats": Wording(
        _l("%(count)s rows name the cat %(subject)s."), {"in": _l("Take it"), "out": _l("Leave it")}
    )
}
CATS = "Name,Country\nAnna,PL\nCat Tom,PL\nCat Tom,BY\n"


@pytest.fixture(autouse=True)
def cats(app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open statement, and a reader that asks about cats."""
    campaign.statement("free")
    register_questions(app, WORDS)
    plain = RowReader.read

    def read(self: RowReader, rows: Iterable[tuple[int, list[str]]]) -> Iterator[ReadRow]:
        for one in plain(self, rows):
            if one.entry and one.entry.name.startswith("Cat "):
                choice = self.asked.answer("cats", one.entry.name[4:], one.entry.name)
                yield one if choice == "in" else ReadRow(one.row, None, [])
            else:
                yield one

    monkeypatch.setattr(RowReader, "read", read)


def test_a_list_waits_for_the_answers_to_all_its_questions(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    address = upload(team, CATS)
    page = team.get(address)
    assert "2 rows name the cat Tom." in words(page) and "Go on" not in words(page)
    assert team.get(f"{address}/confirm").status_code == 422
    post(team, f"{address}/carry-out")
    assert signatures(app) == []
    layout = {"header": "1", "column-name": "0", "column-country": "1"}
    post(team, f"{address}/columns", **layout, **{"answer-cats:Tom": "neither"})
    assert team.get(f"{address}/confirm").status_code == 422
    post(team, f"{address}/columns", **layout, **{"answer-cats:Tom": "out"})
    carry_out(team, campaign, address)
    assert [row.name for row in signatures(app)] == ["Anna"]


def test_what_is_in_a_column_is_asked_beside_whether_there_are_columns(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    lines = "Anna Nowak, poet\nJan Lis, writer\nEwa Kos, painter\n"
    address = upload(team, lines)
    page = words(team.get(address))
    assert "What does the sign “,” mean in this list?" in page
    assert "If there are columns: what is in column B, for example “poet”?" in page
    layout = {"header": "0", "column-name": "0"}
    answers = {"answer-separators": "columns", "answer-column:B": "leave-out"}
    post(team, f"{address}/columns", **layout, **answers)
    carry_out(team, campaign, address)
    assert [row.name for row in signatures(app)] == ["Anna Nowak", "Jan Lis", "Ewa Kos"]


def test_the_command_names_an_open_question_and_takes_its_answer(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(CATS)
    refused = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert refused.exit_code == 1 and signatures(app) == []
    assert "2 rows name the cat Tom." in refused.output and "such as: Cat Tom" in refused.output
    assert "--answer cats:Tom=out" in refused.output
    taken = run(app, "import", "free", str(path), *PAPER, "--answer", "cats:Tom=in", "--yes")
    assert taken.exit_code == 0, taken.output
    assert [row.name for row in signatures(app)] == ["Anna", "Cat Tom", "Cat Tom"]


@pytest.mark.parametrize("option", ["shoe=B", "name", "name=7", "name=ABCD"])
def test_the_command_refuses_a_column_that_it_does_not_know(app: Flask, tmp_path: Path, option: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(CATS)
    refused = run(app, "import", "free", str(path), *PAPER, "--column", option)
    assert refused.exit_code == 1 and "write FIELD=COLUMN" in refused.output


def test_a_question_is_the_same_after_it_was_kept(app: Flask) -> None:
    with app.test_request_context():
        _kept()


def _kept() -> None:
    asked = Asked({"cats:Tom": "in"})
    assert asked.answer("cats", "Tom", "a", place=1) == "in"
    assert asked.answer("cats", "Tim", "b" * 500) is None
    assert asked.answer("cats", "Tom", "a") == "in"
    tom, tim = asked.questions
    assert asked.open == [tim] and (tom.count, tom.examples, len(tim.examples[0])) == (2, ("a",), 120)
    assert SheetQuestion.of(tom.as_json()) == tom
