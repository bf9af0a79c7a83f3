"""Names as keyed hashes know them: the search key of the first releases, kept to the letter.

Hashes of names can't be made anew, since what they are made of is sealed or gone: a change here would let an
organisation sign twice. What is searched has its own module, `core/search.py`, which may change (decision
0042).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from unidecode import unidecode

# Spellings of one sound, longer ones first. `<` and `>` are sounds with two readings.
_SPELLINGS = (
    ("schtsch", "sts"), ("shch", "sts"), ("szcz", "sts"), ("tsch", "ts"), ("tch", "ts"), ("sch", "s"),
    ("cz", "ts"), ("ch", "<"), ("sh", "s"), ("zh", "z"), ("sz", "s"), ("kh", "h"), ("gh", "h"), ("ph", "f"),
    ("th", "t"), ("tz", "ts"), ("x", "ks"), ("qu", "kv"),
)  # fmt: skip
_ALIKE = str.maketrans("gwyjq", "hviik")
# `ch` is the one in Charnou or in Chadyka, a plain `c` the one in Bialacki or in Victor.
_READINGS = {"<": ("ts", "h"), ">": ("ts", "k")}
_HARD_C = re.compile(r"c(?![ei])")
_FIRST_E = re.compile(r"\bie")
_SOFTENING = re.compile(r"\Bi+(?=[au])")
_DOUBLED = re.compile(r"([a-z])(?=\1)")
_SPOKEN = str.maketrans("oe", "aa")
# Vowels as signs, so that what is typed as text never meets the middle of a sound.
_WRITTEN = str.maketrans("aiu", "*+=")


class _Latin(dict[int, str]):
    """A table for `str.translate`: each character in small Latin letters and digits, separators as a
    space.
    """

    def __missing__(self, point: int) -> str:
        latin = unidecode(chr(point)) if not 0xD800 <= point <= 0xDFFF else " "
        self[point] = found = re.sub(r"[^a-z0-9]", " ", latin.lower().replace("'", ""))
        return found


_LATIN = _Latin()


def name_for_hash(value: str) -> str:
    """A name as `latin words|sound|sound|`, equal for it with other accents, case or script.

    A text without any letter is kept as it is, in lower case.
    """
    words = _words(value)
    return (
        f"{' '.join(words)}|{'|'.join(dict.fromkeys(_all(_sounds(words))))}|" if words else value.casefold()
    )


def _words(value: str) -> list[str]:
    return unicodedata.normalize("NFKC", value).translate(_LATIN).split()


def _all(sounds: Iterable[Iterable[str]]) -> Iterable[str]:
    return (sound for readings in sounds for sound in readings)


def _sounds(words: list[str]) -> list[tuple[str, ...]]:
    """The sounds of each word, one for each way to read it."""
    spelled = " ".join(words)
    for spelling, sound in _SPELLINGS:
        spelled = spelled.replace(spelling, sound)

    spelled = spelled.translate(_ALIKE)
    if "c" in spelled:
        spelled = _HARD_C.sub(">", spelled).replace("c", "ts")

    unclear = [sign for sign in _READINGS if sign in spelled]
    if not unclear:
        return [(sound,) for sound in _spoken(spelled)]

    tables = (
        dict(zip(map(ord, unclear), reading, strict=True))
        for reading in product(*(_READINGS[sign] for sign in unclear))
    )
    readings = [_spoken(spelled.translate(table)) for table in tables]
    return [tuple(dict.fromkeys(word)) for word in zip(*readings, strict=True)]


def _spoken(spelled: str) -> list[str]:
    """Words as they sound: a, o and e are one vowel, a consonant is neither soft nor double, `u` after a
    vowel is Belarusian ў.
    """
    spoken = _FIRST_E.sub("e", spelled.replace("ue", "u")).translate(_SPOKEN).replace("au", "av")
    spoken = _DOUBLED.sub("", _SOFTENING.sub("", spoken))
    # Polish writes these as a nasal vowel: Dąbrowski is Домбровский.
    return spoken.replace("mb", "b").replace("mp", "p").translate(_WRITTEN).split()
