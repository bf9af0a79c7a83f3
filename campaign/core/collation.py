"""The order of names of several languages in one list, kept as a key that sorts byte by byte in every
database.

It has three levels, as in the Unicode collation algorithm: letters, then accents and signs, then case. The
letters are those of CLDR's root with everything that CLDR tailors for Belarusian, Ukrainian and Polish;
Russian and German tailor nothing. See decision 0009.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from unidecode import unidecode

_LATIN = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_CYRILLIC = "абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыьэюя"
# After the digits, before every sign that stands for itself (combining marks, which are no letters, begin at
# U+0300).
_WEIGHTS = {letter: chr(0x100 + place) for place, letter in enumerate(_LATIN + _CYRILLIC)}
_FIRST_OTHER = 0x300
_APOSTROPHES = "'’‘ʼʹ′`´\u02bb"
_BETWEEN_LEVELS = "\x01"
# PostgreSQL refuses an entry of an index above 2,704 bytes; no sign has more than four.
_LONGEST_LEVEL = 200


class _Signs(dict[int, str]):
    """A table for `str.translate` that works out each character when it first occurs."""

    def __init__(self, weigh: Callable[[str], str]) -> None:
        self._weigh = weigh

    def __missing__(self, point: int) -> str:
        self[point] = found = self._weigh(chr(point))
        return found


def _letters(sign: str) -> str:
    """The first level of one character: nothing, a space, or the weights of its letters."""
    folded = sign.casefold()
    if folded in _WEIGHTS:
        return _WEIGHTS[folded]

    category = unicodedata.category(sign)
    if category[0] == "Z" or category == "Pd" or sign in "_/":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if category[0] in "PC" or sign in _APOSTROPHES or unicodedata.combining(sign):
        return ""

    parts = unicodedata.normalize("NFKD", folded)
    if parts != sign:
        return "".join(map(_letters, parts))
    if unicodedata.name(sign, "").startswith("LATIN"):
        return "".join(_WEIGHTS.get(letter, "") for letter in unidecode(sign).lower())
    return sign if ord(sign) >= _FIRST_OTHER or sign.isascii() else ""


def _accents(sign: str) -> str:
    """The second level of one character: a space for a plain letter, else what distinguishes it from its
    plain letters.
    """
    folded = sign.casefold()
    if folded in _WEIGHTS or sign.isspace():
        return " "
    if unicodedata.category(sign)[0] == "C":
        return ""
    if sign in _APOSTROPHES:
        return "'"

    parts = unicodedata.normalize("NFKD", folded)
    if len(parts) == 1:
        return " " if _letters(folded) == folded else parts
    return "".join(part for part in parts if unicodedata.combining(part)) or folded


_LETTERS = _Signs(_letters)
_ACCENTS = _Signs(_accents)
_CASES = _Signs(
    lambda sign: "" if unicodedata.category(sign)[0] == "C" else " " if sign == sign.lower() else "A"
)


def sort_key(value: str) -> str:
    """The key by which a list is sorted, compared by code points: letters, then accents and signs, then case;
    Latin, Cyrillic, other scripts.

    At most 602 characters, so that every database can index it. Two spellings of a name that differ in
    nothing of this have the same key.
    """
    composed = unicodedata.normalize("NFC", value)
    letters = " ".join(composed.translate(_LETTERS).split())[:_LONGEST_LEVEL]
    accents = composed.translate(_ACCENTS)[:_LONGEST_LEVEL].rstrip(" ")
    cases = composed.translate(_CASES)[:_LONGEST_LEVEL].rstrip(" ")
    return f"{letters}{_BETWEEN_LEVELS}{accents}{_BETWEEN_LEVELS}{cases}"
