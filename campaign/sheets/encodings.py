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

# The older ones in which people of this field have files; the order decides a draw.
OLDER = ("cp1251", "cp1250", "cp1252", "koi8-u", "cp866")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 65_536
_START = 2_000
# The letters of languages beyond ASCII: those of one text belong to one of them.
_ALPHABETS = (
    "àâæçéèêëïîôœùûüÿ", "äöüß", "ąćęłńóśźż",
    "áčďéěíňóřšťúůýžĺľŕô", "áéíóöőúüű", "čćđšž", "ăâîșțşţ", "áéíóúüñ",
    "àèéìíîòóùú", "ãáàâçéêíóôõúü", "åäöéæø", "ąčęėįšųūž",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_WORDS_LOOKED_AT = 3_000


def encoding_of(file: IO[bytes]) -> str:
    """The name of the encoding, for open(). Reads the file in pieces, and leaves it at its beginning."""
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
    return (
        min(OLDER, key=lambda name: (*_strangeness(bytes(beyond), name), OLDER.index(name)))
        if beyond
        else "utf-8"
    )


def as_text(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """The file as text, line ends as they are; an undecodable byte shows as �."""
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def _lines_beyond_ascii(file: IO[bytes]) -> bytearray:
    found = bytearray()
    for line in file:
        if not line.isascii():
            found += line
        if len(found) > _PIECE:
            break
    return found


def _strangeness(raw: bytes, encoding: str) -> tuple[float, float]:
    """The share of words that nobody writes: in two scripts, mostly accents, or with capitals or signs
    inside; and the share of Latin letters that no single language has.
    """
    words = [word for word in _WORD.findall(raw.decode(encoding, "replace")) if not word.isascii()][
        :_WORDS_LOOKED_AT
    ]
    signs = sum(
        not (sign.isalnum() or sign.isspace() or sign.isascii() or sign in "«»„“”’‘–—…№")
        for sign in raw.decode(encoding, "replace")
    )
    strange = (sum(map(_is_strange, words)) + signs) / (len(words) or 1) if words else 1_000.0
    letters = [
        sign for word in words for sign in word.casefold() if "\u00c0" <= sign <= "\u024f" or sign == "ß"
    ]
    foreign = min(sum(sign not in alphabet for sign in letters) for alphabet in _ALPHABETS)
    return strange, foreign / (len(letters) or 1)


def _is_strange(word: str) -> bool:
    scripts = {unicodedata.name(sign, "?").partition(" ")[0] for sign in word if sign.isalpha()}
    beyond = sum(not sign.isascii() for sign in word)
    turns = sum(before.islower() and after.isupper() for before, after in pairwise(word))
    return len(scripts) > 1 or turns > 0 or ("LATIN" in scripts and len(word) > 2 and beyond > len(word) / 2)
