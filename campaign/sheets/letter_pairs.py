"""Pairs of letters by language, which tell words from the rubbish that a wrong encoding makes of them."""

from __future__ import annotations

import math
import pickle
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from babel import localedata

_CENTRAL = ("pl", "cs", "sk", "hu", "hr", "sl", "ro", "de", "sq")
_WESTERN = ("de", "fr", "es", "pt", "it", "sv", "da", "nb", "fi", "nl", "ca", "et")
_CYRILLIC = ("ru", "be", "uk", "bg", "sr", "mk")
# The older encodings in which people of this field have files, with their languages.
LANGUAGES_OF = {
    "cp1251": _CYRILLIC,
    "cp1250": _CENTRAL,
    "cp1252": _WESTERN,
    "koi8-u": ("ru", "be", "uk", "bg"),
    "cp866": ("ru", "be", "uk", "bg"),
    "iso8859-5": _CYRILLIC,
    "mac-cyrillic": _CYRILLIC,
    "iso8859-2": _CENTRAL,
    "cp852": _CENTRAL,
    "mac-latin2": ("pl", "cs", "sk", "hu"),
    "cp850": _WESTERN,
    "mac-roman": _WESTERN,
    "cp1254": ("tr",),
    "cp857": ("tr",),
    "cp1257": ("lt", "lv", "et", "pl"),
    "cp1253": ("el",),
    "iso8859-7": ("el",),
    "cp1255": ("he",),
    "cp862": ("he",),
    "cp1256": ("ar", "fa"),
}
# Older encodings have the Romanian letters with a cedilla only.
_CEDILLA = str.maketrans("șț", "şţ")
# What an unseen pair of letters loses against the second of them by itself; at most as much as the last.
_UNSEEN, _NEVER = -3.0, -11.0


def likelihood(words: Sequence[str], encoding: str) -> float:
    """How much words are like those of the languages that are written in this encoding, each by itself and
    all in one language: the mean logarithm of their pairs of letters.
    """
    scores = [
        [_of_language(f" {word.casefold()} ", language) for word in words]
        for language in LANGUAGES_OF[encoding]
    ]
    each: float = sum(map(max, zip(*scores, strict=True))) / len(words)
    together = max(sum(of_one) / len(words) for of_one in scores)
    return (each + together) / 2


def _of_language(spelled: str, language: str) -> float:
    known, letters = _pairs(language)
    pairs = ["".join(pair) for pair in pairwise(spelled)]
    return sum(
        known.get(pair) or max(_NEVER, _UNSEEN + letters.get(pair[1], _NEVER)) for pair in pairs
    ) / len(pairs)


@cache
def _pairs(language: str) -> tuple[dict[str, float], dict[str, float]]:
    """The logarithms of how often pairs and letters are in names of countries and languages of CLDR."""
    file = Path(localedata.resolve_locale_filename(language))
    kept = pickle.loads(file.read_bytes())  # noqa: S301  a file of Babel's own package
    names = [*kept.get("territories", {}).values(), *kept.get("languages", {}).values()]
    pairs, begins = Counter[str](), Counter[str]()
    for name in names:
        for one, other in pairwise(f" {name.casefold().translate(_CEDILLA)} "):
            pairs[one + other] += 1
            begins[one] += 1
    every = begins.total()
    return (
        {pair: math.log(count / begins[pair[0]]) for pair, count in pairs.items()},
        {letter: math.log(count / every) for letter, count in begins.items()},
    )
