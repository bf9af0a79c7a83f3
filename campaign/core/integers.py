"""Whole numbers in addresses and forms: a number too large for an integer column is none."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
_DIGITS = len(str(LARGEST))


def whole_number(typed: str | None, most: int = LARGEST) -> int | None:
    """The number that was typed in the digits 0 to 9, at most `most`; None for anything else."""
    if not typed or len(typed) > _DIGITS or not (typed.isascii() and typed.isdecimal()):
        return None
    number = int(typed)
    return number if number <= most else None


class RowNumber(IntegerConverter):
    """`<int:…>` in a rule: an address with a larger number does not exist."""

    regex = rf"[0-9]{{1,{_DIGITS}}}"

    def __init__(
        self,
        map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int = LARGEST,
        signed: bool = False,
    ) -> None:
        super().__init__(map, fixed_digits, min, max, signed)


def init_app(app: Flask) -> None:
    """Let every rule with `<int:…>` take only such numbers. To be called before the rules are made."""
    app.url_map.converters["int"] = RowNumber
