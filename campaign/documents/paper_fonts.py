"""Fonts of papers: which of those that we have a line is set in, so that each name stands in its own script.

Nothing is read before the first paper that needs more than the typesetter's own font, and no font is ever
read here: what each holds is in fonts/characters.json.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from unidecode import unidecode

FOLDER = Path(__file__).parent / "fonts"
# The font that the typesetter brings along: Latin, Greek, Cyrillic of the large languages.
OWN = "Libertinus Serif"
_OURS = "Undersigned "
_LATIN = f"{_OURS}Latin"
_JAPAN, _TAIWAN = f"{_OURS}HanJapan", f"{_OURS}HanTaiwan"
# Stands for a Chinese character that no font has and that no letters spell, as printers in Japan do it.
_MISSING = "〓"
_JOINERS = {"\u200c", "\u200d"}
# Where a line may end within a word.
_BREAKS = re.compile("[^\\w\\s.'’ʼ(),\u0300-\u036f]")
_BLANK = re.compile(r"(\s+)")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Where people write a character as those of Japan, of Taiwan or of China do.
_SHAPES = {
    **dict.fromkeys(("JP", "KR", "KP", "ja", "ko"), _JAPAN),
    **dict.fromkeys(("TW", "HK", "MO", "zh-Hant", "zh-TW", "zh-HK"), _TAIWAN),
    **dict.fromkeys(("CN", "SG", "MY", "zh", "zh-Hans", "zh-CN"), ""),
}


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as the typesetter is given it: what can be set of it, its fonts, the first asked first, and
    whether it runs from right to left. No fonts: the typesetter's own is enough.
    """

    text: str
    fonts: tuple[str, ...] = ()
    rtl: bool = False
    respelled: bool = False

    @property
    def data(self) -> object:
        """The value for data.json: a string where nothing but the string needs saying.

        Such names are most of a long list; to set each in a box would take twice the time.
        """
        if not self.fonts and not self.rtl and not _BREAKS.search(self.text):
            return self.text
        return {"text": self.text, "fonts": [*self.fonts, OWN], "rtl": self.rtl}


def set_line(value: str, place: str | None = None, mark: str = "") -> SetLine:
    """A line in fonts that have all of its letters.

    Words with a letter that none has are written in Latin letters, with `mark` behind them. `place` is the
    country that the name is from, or the language of the text: it decides between the shapes of a Chinese
    character.
    """
    if _plain().fullmatch(value):
        return SetLine(value)
    text, respelled = _settable(value, mark)
    return SetLine(text, tuple(families((text,), place)), _runs_from_right(text), respelled)


def families(texts: Iterable[str], place: str | None = None) -> list[str]:
    """The fonts beyond the typesetter's own in which all these texts can be set, in the order in which they
    are to be asked: those of a script before those that share its joiners and marks.
    """
    whole = "".join(text for text in texts if not _plain().fullmatch(text))
    signs = Counter(sign for sign in whole if sign not in _own() and sign not in _JOINERS)
    found: dict[str, None] = {}
    # A sign that several fonts have is taken from one that is needed anyway.
    for sign in sorted((sign for sign in signs if sign in _index()), key=lambda sign: len(_index()[sign])):
        if not any(family in found for family in _index()[sign]):
            found[_index()[sign][0]] = None
    shape = _shape(whole, place) if _HAN.search(whole) else ""
    first = [shape] if shape else []
    # Latin last of ours: it has marks and joiners that letters of other scripts must not be parted from.
    return [*first, *sorted(found, key=lambda family: family == _LATIN)]


def folders(of: Iterable[str]) -> list[str]:
    """The folders that the typesetter needs for these fonts."""
    return [str(FOLDER / family.removeprefix(_OURS)) for family in dict.fromkeys(of) if family != OWN]


def initials(name: str) -> str:
    """The first letters of the first and the last word, each with its marks."""
    words = name.split()
    found = [_first_letter(word) for word in words[:1] + words[1:][-1:]]
    # Arabic letters would be joined to a word.
    return ("\u200c" if _runs_from_right(name) else "").join(found).upper()


def _first_letter(word: str) -> str:
    end = 1
    while end < len(word) and unicodedata.category(word[end]).startswith("M"):
        end += 1
    return word[:end]


def _settable(value: str, mark: str) -> tuple[str, bool]:
    kept = "".join(sign for sign in unicodedata.normalize("NFC", value) if not _shows_nothing(sign))
    words = [
        word if all(map(_is_held, word)) else _respelled(word, mark) for word in _BLANK.split(kept) if word
    ]
    text = "".join(words)
    return text, text != kept


def _respelled(word: str, mark: str) -> str:
    """A word in Latin letters. One that can't be spelled is seen to be missing; pictures are left out."""
    letters = [sign for sign in word if sign.isalpha()]
    if letters and all(unidecode(sign).strip() for sign in letters):
        return unidecode(word).strip() + mark
    kept = "".join(sign if _is_held(sign) else _MISSING if sign.isalpha() else "" for sign in word)
    return kept + mark if kept else mark


def _is_held(sign: str) -> bool:
    return sign in _own() or sign.isspace() or sign in _index()


def _shows_nothing(sign: str) -> bool:
    """Marks for programs: soft hyphens, directions, which variant of a letter is meant. Joiners stay."""
    if sign.isascii() or sign in _JOINERS:
        return False
    # Those that do show stand above or around numbers, in scripts that come early in Unicode.
    shows = unicodedata.category(sign) != "Cf" or (sign < "\u2000" and sign in _index())
    return not shows or 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF


def _runs_from_right(text: str) -> bool:
    """True when its first letter belongs to a script that is written from right to left (UAX 9, P2)."""
    directions = (unicodedata.bidirectional(sign) for sign in text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)


def _shape(text: str, place: str | None) -> str:
    """The font with the shapes of Japan or Taiwan; empty for those of China, which all have."""
    if _KANA.search(text):
        return _JAPAN
    if place in _SHAPES:
        return _SHAPES[place]
    if _HANGUL.search(text):
        return _JAPAN
    characters = "".join(_HAN.findall(text))
    for encoding, family in (("gb2312", ""), ("big5", _TAIWAN), ("cp932", _JAPAN)):
        if _encodes(characters, encoding):
            return family
    return ""


def _encodes(characters: str, encoding: str) -> bool:
    try:
        characters.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _held() -> dict[str, tuple[tuple[int, int], ...]]:
    """The characters that each family holds, as runs from one to another."""
    stated: dict[str, str] = json.loads((FOLDER / "characters.json").read_bytes())
    return {family: tuple(map(_run, runs.split())) for family, runs in stated.items()}


def _run(written: str) -> tuple[int, int]:
    first, _dash, last = written.partition("-")
    return int(first, 16), int(last or first, 16)


def _signs(family: str) -> Iterator[str]:
    for first, last in _held()[family]:
        yield from map(chr, range(first, last + 1))


@cache
def _own() -> frozenset[str]:
    return frozenset(_signs(OWN))


@cache
def _plain() -> re.Pattern[str]:
    """Lines for which the typesetter's own font is enough."""
    runs = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in _held()[OWN])
    return re.compile(f"[{runs}]*")


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """The families of ours that have a character, without those of other shapes of Chinese characters."""
    found: dict[str, tuple[str, ...]] = {}
    for family in _held():
        if family not in (OWN, _JAPAN, _TAIWAN):
            for sign in _signs(family):
                found[sign] = (*found.get(sign, ()), family)
    return found
