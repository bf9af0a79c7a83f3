"""Names pasted as lines: several on one, one on two, with signs that separate or belong to a name."""

from __future__ import annotations

import pytest

from campaign.imports.name_lines import is_table, names_in
from campaign.sheets.readers import read_lines

pytestmark = pytest.mark.usefixtures("context")


def read(text: str, **answers: str) -> tuple[list[str] | None, list[str]]:
    """The names of a text, None for a table; and the names of its questions."""
    lines = text.split("\n")
    found = None if is_table(list(read_lines(text).rows)) else names_in(lines, answers)
    if found is None:
        return None, []
    return [" | ".join(cells) for _row, cells in found.rows], [one.name for one in found.questions]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Human Rights Alpha; Beta Centre; Gamma Union", ["Human Rights Alpha", "Beta Centre", "Gamma Union"]),
        ("Alpha Centre; Beta Union;\nGamma League; Delta Forum;", ["Alpha Centre", "Beta Union", "Gamma League", "Delta Forum"]),
        ("Alpha Centre; Beta Union; and Gamma League", ["Alpha Centre", "Beta Union", "Gamma League"]),
        ("Anna Nowak; Jan Lis; Ewa Kos", ["Anna Nowak", "Jan Lis", "Ewa Kos"]),
        ("Anna Nowak | Jan Lis | Ewa Kos", ["Anna Nowak", "Jan Lis", "Ewa Kos"]),
        ("Wim E. (PipeWire, GStreamer)\nAnna Nowak", ["Wim E. (PipeWire, GStreamer)", "Anna Nowak"]),
        ("Wim E. [PipeWire; GStreamer]; Anna Nowak; Jan Lis", ["Wim E. [PipeWire; GStreamer]", "Anna Nowak", "Jan Lis"]),
        ("Centre “Peace, Law”\nUnion «Alpha, Beta»\nLeague \"A, B\"", ["Centre “Peace, Law”", "Union «Alpha, Beta»", "League \"A, B\""]),
        ("Centre for Human\u00ad\nrights\nBeta Union", ["Centre for Humanrights", "Beta Union"]),
        ("Centre (formerly\nAlpha)\nBeta Union", ["Centre (formerly Alpha)", "Beta Union"]),
        ("1. Alpha Centre 2. Beta Union 3. Gamma League", ["Alpha Centre", "Beta Union", "Gamma League"]),
        ("(1) Alpha Centre; (2) Beta Union", ["Alpha Centre", "Beta Union"]),
        ("Anna Nowak • Jan Lis · Ewa Kos", ["Anna Nowak", "Jan Lis", "Ewa Kos"]),
        ("Alpha Centre；Beta Union；Gamma League", ["Alpha Centre", "Beta Union", "Gamma League"]),
        ("Centre 3. Mai 1. Berlin", ["Centre 3. Mai 1. Berlin"]),
        ("1.\tAlpha Centre\n2.\tBeta Union", ["1. Alpha Centre", "2. Beta Union"]),
    ],
)  # fmt: skip
def test_row_10_names_are_found_in_lines(text: str, names: list[str]) -> None:
    assert read(text) == (names, [])


@pytest.mark.parametrize(
    "text",
    [
        "Anna Example; Belarus",
        "Name;City\nAnna;Minsk",
        "Anna Nowak, University of Warsaw, Poland\nJan Lis, Gdańsk University, Poland",
        "anna@post.example.org;Anna Example\nboris@post.example.org;Boris",
        "Viasna Centre\tBelarus\nDom\tPoland",
        "ФИО,Подпись\nАнна Новак,Аня\nЯн Лис,Ян",
        "Name, Signature\nAnna Nowak, Ania",
    ],
)
def test_row_10_tables_stay_tables(text: str) -> None:
    assert read(text)[0] is None


@pytest.mark.parametrize(
    ("text", "question", "choice", "names"),
    [
        ("Anna Nowak, Jan Lis, Ewa Kos", "separators", "names", ["Anna Nowak", "Jan Lis", "Ewa Kos"]),
        ("Anna Nowak, Jan Lis, Ewa Kos", "separators", "columns", ["Anna Nowak | Jan Lis | Ewa Kos"]),
        ("Nowak, Anna\nLis, Jan", "separators", "turned", ["Anna Nowak", "Jan Lis"]),
        ("García Ruiz, Ana\nPérez Gómez, Luis", "separators", "turned", ["Ana García Ruiz", "Luis Pérez Gómez"]),
        ("Anna Nowak, poet\nJan Lis, writer", "separators", "columns", ["Anna Nowak | poet", "Jan Lis | writer"]),
        ("Anna Example, Minsk\nBoris Example, Vilnius", "separators", "columns", ["Anna Example | Minsk", "Boris Example | Vilnius"]),
        ("Anna, Director, Viasna\nJan, Chair, Dom", "separators", "columns", ["Anna | Director | Viasna", "Jan | Chair | Dom"]),
        ("Committee for Law, Peace and Truth\nBeta Union\nGamma League", "separators", "whole",
         ["Committee for Law, Peace and Truth", "Beta Union", "Gamma League"]),
        ("张伟、王芳、李娜", "separators", "names", ["张伟", "王芳", "李娜"]),
        ("سارا، شیرین عبادی، محمد", "separators", "names", ["سارا", "شیرین عبادی", "محمد"]),
        ("Alpha Centre / Beta Union / Gamma League", "separators", "names", ["Alpha Centre", "Beta Union", "Gamma League"]),
        ("Human Constanta / Хьюман Константа\nViasna / Вясна", "separators", "whole",
         ["Human Constanta / Хьюман Константа", "Viasna / Вясна"]),
        ("Human Constanta / Хьюман Константа\nViasna / Вясна", "separators", "columns",
         ["Human Constanta | Хьюман Константа", "Viasna | Вясна"]),
        ("Human Rights Alpha; Anna Nowak", "separators", "names", ["Human Rights Alpha", "Anna Nowak"]),
        ("Centre for the Protection of\nHuman Rights\nBeta Union", "broken", "join",
         ["Centre for the Protection of Human Rights", "Beta Union"]),
        ("Centre for the Protection of\nHuman Rights\nBeta Union", "broken", "apart",
         ["Centre for the Protection of", "Human Rights", "Beta Union"]),
        ("Цэнтр абароны\nправоў чалавека\nВясна", "broken", "join", ["Цэнтр абароны правоў чалавека", "Вясна"]),
        ("Human Rights Net-\nwork\nBeta Union", "broken", "join", ["Human Rights Network", "Beta Union"]),
        ("Anna Nowak-\nKowalska\nJan Lis", "broken", "join", ["Anna Nowak-Kowalska", "Jan Lis"]),
        ("Freedom &\nLaw\nBeta Union", "broken", "join", ["Freedom & Law", "Beta Union"]),
        ("1. Rights of All\nCentre\n2. Beta Union\n3. Gamma League", "broken", "join",
         ["1. Rights of All Centre", "2. Beta Union", "3. Gamma League"]),
        ("Alpha Centre; Beta\nUnion; Gamma League;\nDelta Forum", "broken", "join",
         ["Alpha Centre", "Beta Union", "Gamma League", "Delta Forum"]),
    ],
)  # fmt: skip
def test_row_10_what_can_be_read_two_ways_is_asked_once(
    text: str, question: str, choice: str, names: list[str]
) -> None:
    assert read(text)[1] == [question]
    assert read(text, **{question: choice}) == (names, [question])
