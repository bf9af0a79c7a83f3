"""Passwords that are refused because everybody tries them first: common ones, patterns of the keyboard, and
the names that stand on the page anyway.

The list comes with the product (`common_passwords.txt`, which says where it is from): nothing is asked of
another site.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("common_passwords.txt")
# What people write in place of letters.
_LEET = str.maketrans(
    {"@": "a", "4": "a", "0": "o", "1": "i", "!": "i", "3": "e", "$": "s", "5": "s", "7": "t"}
)
_ROWS = (
    "1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю.",
)
_SHORTEST_WORD = 4
# A phrase of more words than this is no common password, whatever its words are.
_MOST_WORDS = 2
# So much must be left of a password without the names that everybody knows.
_LEAST_OWN = 8


def is_common(password: str, known: Iterable[str] = ()) -> bool:
    """True for a password that is guessed among the first: on the list, made of one or two of its entries
    with digits around, a pattern, or made of `known` names, such as those of the site and of the member.
    """
    said, names = unicodedata.normalize("NFKC", password).casefold(), list(known)
    # A year at the end is no letter in disguise.
    bare = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", said)
    return any(
        _is_listed(variant) or _is_pattern(variant) or _is_known(variant, names)
        for variant in {said, said.translate(_LEET), bare.translate(_LEET)} - {""}
    )


def _is_listed(said: str) -> bool:
    bare = re.sub(r"[\W_]+", "", said)
    letters = re.sub(r"^\d+|\d+$", "", bare)
    return any(part in _common() or _is_made_of_words(part) for part in {said, bare, letters} if part)


def _is_made_of_words(said: str) -> bool:
    """True for one or two words of the list, with nothing but digits between them, and for one repeated."""
    for length in range(1, len(said) // 2 + 1):
        if len(said) % length == 0 and said[:length] * (len(said) // length) == said:
            return length < _SHORTEST_WORD or said[:length] in _common()
    parts = [part for part in re.split(r"\d+", said) if part]
    if 1 <= len(parts) <= _MOST_WORDS and all(part in _common() for part in parts):
        return True
    halves = range(_SHORTEST_WORD, len(said) - _SHORTEST_WORD + 1)
    return any(said[:cut] in _common() and said[cut:] in _common() for cut in halves)


def _is_pattern(said: str) -> bool:
    """True where most characters follow the one before on the keyboard or in the alphabet, or repeat it."""
    near = {pair for row in _ROWS for pair in itertools.pairwise(row)}
    pairs = list(itertools.pairwise(said))
    follows = sum(
        (one, other) in near or (other, one) in near or abs(ord(one) - ord(other)) <= 1
        for one, other in pairs
    )
    return len(set(said)) < 5 or follows > len(pairs) * 0.6


def _is_known(said: str, known: Iterable[str]) -> bool:
    """True where little is left of a password without the names that everybody knows."""
    bare, found = re.sub(r"[\W_]+", "", said), False
    names = {part for name in known for part in re.split(r"[\W_]+", name.casefold()) if len(part) > 2}
    for name in sorted(names, key=len, reverse=True):
        found, bare = found or name in bare, bare.replace(name, "")
    return found and len(re.sub(r"\d+", "", bare)) < _LEAST_OWN


@cache
def _common() -> frozenset[str]:
    lines = _LIST.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("# "))
