"""Word by word: what a text changed of another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from campaign.statements.differences import Fate, Piece, differences

TEXTS = st.text(alphabet="ab \n.ы", max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_hold_both_texts_whole(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.COMES) == before
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.GOES) == after


def test_words_that_change_together_are_one_change() -> None:
    assert differences("We ask for mercy now.\n", "We demand their release now.\n") == [
        Piece(Fate.STAYS, "We "),
        Piece(Fate.GOES, "ask for mercy"),
        Piece(Fate.COMES, "demand their release"),
        Piece(Fate.STAYS, " now.\n"),
    ]


def test_a_line_end_is_not_part_of_a_change_before_it() -> None:
    assert differences("now\n", "today\n")[-1] == Piece(Fate.STAYS, "\n")
