"""Encodings of text files: UTF-8 and UTF-16 are recognised for sure, older ones by which reading looks most
like words.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from itertools import pairwise
from typing import IO

from campaign.sheets.letter_pairs import LANGUAGES_OF, likelihood

# The order decides a draw.
OLDER = tuple(LANGUAGES_OF)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 65_536
_START = 2_000
_WORD = re.compile(r"\w+")
_WORDS_LOOKED_AT = 300
# What lists have beside letters; other signs beyond ASCII come of a wrong encoding.
_SIGNS = "«»„“”‚‘’–—…№•·"
# Less likely than names are, or as likely in another reading: it can't be told.
_LEAST, _NEXT, _MOST_STRANGE = -6.2, 0.2, 0.05
# So much likelier has a single word to be than in another reading, several words together.
_OF_ONE_WORD, _MOST_READINGS = 3.0, 3
# Names begin with capitals.
_STRANGE_WORD, _STRANGE_SIGN, _SMALL_FIRST, _PLAIN = 4, 5, 0.7, -3


def encoding_of(file: IO[bytes]) -> str:
    """The name of the encoding, for open(). Reads the file in pieces, and leaves it at its beginning.

    Raises UnicodeError where no encoding makes words of it.
    """
    start = file.read(_START)
    file.seek(0)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name

    # Spaces, digits and line ends of UTF-16 have a zero byte, always on the same side.
    left, right = start[::2].count(0), start[1::2].count(0)
    if left != right and not (left and right):
        return "utf-16-be" if left else "utf-16-le"

    decoder, beyond = codecs.getincrementaldecoder("utf-8")(), bytearray()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        file.seek(0)
        beyond = _lines_beyond_ascii(file)

    file.seek(0)
    return _likeliest(bytes(beyond)) if beyond else "utf-8"


def readings_in(file: IO[bytes]) -> dict[str, list[str]]:
    """The lines beyond ASCII in each of the encodings that the file may have, the likeliest first: few words
    may be words of several languages. Empty where one is sure. Leaves the file at its beginning.

    Raises UnicodeError where no encoding makes words of it.
    """
    try:
        if encoding_of(file) not in OLDER:
            return {}
    except UnicodeError:
        file.seek(0)
    raw = bytes(_lines_beyond_ascii(file))
    file.seek(0)
    (text, (best, name)), *others = _ranked(raw)
    if best < _LEAST or _strangeness(text) > _MOST_STRANGE:
        raise UnicodeError("the encoding can't be told")
    needed = max(_NEXT, _OF_ONE_WORD / max(1, len(_words(text))))
    near = [(other, called) for other, (score, called) in others if best - score < needed]
    if not near:
        return {}
    return {called: said.splitlines() for said, called in [(text, name), *near[: _MOST_READINGS - 1]]}


def _likeliest(raw: bytes) -> str:
    """The older encoding of which the words are most like words."""
    (text, (best, name)), *others = _ranked(raw)
    close = bool(others) and best - others[0][1][0] < _NEXT
    if best < _LEAST or close or _strangeness(text) > _MOST_STRANGE:
        raise UnicodeError("the encoding can't be told")
    return name


def _ranked(raw: bytes) -> list[tuple[str, tuple[float, str]]]:
    """Each reading of the bytes with its likeness to words and its encoding, the likeliest first."""
    found: dict[str, tuple[float, str]] = {}
    for name in OLDER:
        text = raw.decode(name, "replace")
        score = _likeness(text, name)
        if text not in found or score > found[text][0]:
            found[text] = (score, name)
    return sorted(found.items(), key=lambda each: -each[1][0])


def as_text(file: IO[bytes], encoding: str, errors: str = "replace") -> io.TextIOWrapper:
    """The file as text, line ends as they are; an undecodable byte shows as � unless `errors` says so."""
    return io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")


def _lines_beyond_ascii(file: IO[bytes]) -> bytearray:
    found = bytearray()
    for line in file:
        if not line.isascii():
            found += line
        if len(found) > _PIECE:
            break
    return found


def _words(text: str) -> list[str]:
    """Some of the words beyond ASCII."""
    found = [word for word in _WORD.findall(text) if not word.isascii()]
    return found[:: max(1, len(found) // _WORDS_LOOKED_AT)]


def _likeness(text: str, encoding: str) -> float:
    words, signs = _words(text), _STRANGE_SIGN * _signs(text) / max(1, len(_WORD.findall(text)))
    if not words:
        return _PLAIN - signs
    small = sum(word[0].islower() and not word[0].isascii() for word in words)
    odd = sum(map(_is_strange, words))
    return likelihood(words, encoding) - (_STRANGE_WORD * odd + _SMALL_FIRST * small) / len(words) - signs


def _strangeness(text: str) -> float:
    """The share of words that nobody writes: in two scripts, with capitals or other signs inside."""
    words = _words(text)
    return sum(map(_is_strange, words)) / max(1, len(words)) + _signs(text) / max(1, len(_WORD.findall(text)))


def _signs(text: str) -> int:
    return sum(not (sign.isalnum() or sign.isspace() or sign.isascii() or sign in _SIGNS) for sign in text)


def _is_strange(word: str) -> bool:
    scripts = {unicodedata.name(sign, "?").partition(" ")[0] for sign in word if sign.isalpha()}
    turns = any(before.islower() and after.isupper() for before, after in pairwise(word))
    raised = any(not sign.isascii() and (sign.isnumeric() or sign in "ªº") for sign in word)
    return len(scripts) > 1 or turns or raised
