"""What is a number in an address, and what is not."""

from __future__ import annotations

import pytest

from campaign.core.integers import LARGEST, whole_number


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("7", 7), ("007", 7), ("2147483647", LARGEST)])
def test_whole_numbers_are_read(typed: str, number: int) -> None:
    assert whole_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        "-1",
        "+1",
        " 1",
        "1.0",
        "1e3",
        "x",
        "٣",
        "²",
        "1_000",
        "2147483648",
        str(10**30),
        "9" * 5_000,
        "0" * 11,
    ],
)
def test_what_no_column_could_hold_is_no_number(typed: str | None) -> None:
    assert whole_number(typed) is None


def test_a_form_may_take_less() -> None:
    assert (whole_number("10", 10), whole_number("11", 10)) == (10, None)
