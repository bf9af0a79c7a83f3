"""Invisible marks in what people paste: which are taken out, which become a blank, which stay, which are
refused.

The rules and their reasons: docs/names.md.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Joiners shape letters in Persian, Hindi and many other scripts, and hold emoji together.
ZWNJ, ZWJ = "\u200c", "\u200d"
_JOINERS = {ZWNJ, ZWJ}
# Letters that show as nothing (Unicode, "Default_Ignorable" and the Braille blank).
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
# Marks that say where a line may break or which way an isolated sign points, and byte-order marks; also what
# PDF viewers leave of a hyphen (U+0002). Without them everything reads as before.
_OUT = dict.fromkeys(
    [
        0x00AD, 0x061C, 0x180B, 0x180C, 0x180D, 0x180F, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202D),
        *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF, 0xFFFC, 0xFFFE, *range(0x1BCA0, 0x1BCA4),
        *range(0x1D173, 0x1D17B), 0x02, *map(ord, _BLANK_LETTERS),
    ]
)  # fmt: skip
_AS_BLANK = dict.fromkeys([0x2800, *range(0x1C, 0x20)], " ")
_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_LEADING_TABS = re.compile(r"(?m)^\t+")
_BLANKS = str.maketrans(dict.fromkeys("\t\x0b\x0c", " "))
_JOINER = re.compile(f"[{ZWNJ}{ZWJ}]+")
# Format characters that show: signs that stand above or around Arabic, Syriac, Kaithi and Egyptian numbers.
_SHOWN_FORMAT = frozenset(
    {
        *range(0x0600, 0x0606),
        0x06DD,
        0x070F,
        0x0890,
        0x0891,
        0x08E2,
        0x110BD,
        0x110CD,
        0x180E,
        *range(0x13430, 0x13440),
    }
)
# Scripts in which a joiner changes the shape of a letter or parts a word where no blank is written.
_JOINING_SCRIPTS = frozenset(
    [
        "ARABIC",
        "SYRIAC",
        "MANDAIC",
        "NKO",
        "MONGOLIAN",
        "PHAGS-PA",
        "ADLAM",
        "HANIFI",
        "MANICHAEAN",
        "SOGDIAN",
        "PSALTER",
        "DEVANAGARI",
        "BENGALI",
        "GURMUKHI",
        "GUJARATI",
        "ORIYA",
        "TAMIL",
        "TELUGU",
        "KANNADA",
        "MALAYALAM",
        "SINHALA",
        "KHMER",
        "MYANMAR",
        "TIBETAN",
        "BALINESE",
        "JAVANESE",
        "SUNDANESE",
        "TAI",
        "CHAKMA",
        "NEWA",
        "TIRHUTA",
        "GRANTHA",
        "KAITHI",
        "MODI",
        "SHARADA",
        "LIMBU",
        "MEETEI",
        "LEPCHA",
        "THAANA",
    ]
)


def without_invisible_marks(text: str) -> str:
    """The text without marks that nobody sees and that change nothing; a joiner stays where its script
    needs it.

    Line ends become `\\n`, tabs and form feeds a blank. What changes how the rest reads is left, for
    has_hidden_characters() to find.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _LEADING_TABS.sub(lambda tabs: "    " * len(tabs[0]), text)
    text = text.translate(_BLANKS).translate(_OUT).translate(_AS_BLANK)
    return _JOINER.sub(_needed_joiner, text)


def _needed_joiner(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if not before:
        return ""
    # A virama: the joiner decides how the consonant before it is written, also at the end of a word.
    if unicodedata.combining(before) == 9:
        return found[0][0]
    if not after or after.isspace():
        return ""
    if _script(before) in _JOINING_SCRIPTS:
        return found[0][0]
    return ZWJ if ZWJ in found[0] and _is_picture(before) and _is_picture(after) else ""


@lru_cache(4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _is_picture(char: str) -> bool:
    # A variation selector or a tone of skin may stand between.
    return unicodedata.category(char) in {"So", "Sk"} or char == "\ufe0f" or char in "♀♂"


def has_hidden_characters(value: str) -> bool:
    """True for control, direction-override, private, blank and unassigned characters, which can make a name
    read as another one or as none.

    Text of people goes through without_invisible_marks() first, so that only what deceives is left.
    """
    if value.isprintable() and not _BLANKS_SHOWN.search(value):
        return False
    return any(_is_hidden(char) for char in value)


_BLANKS_SHOWN = re.compile(f"[{_BLANK_LETTERS}\u2800]")


def _is_hidden(char: str) -> bool:
    # Noncharacters (Unicode, 23.7), which no XML may hold.
    none = ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return (
        none
        or _BLANKS_SHOWN.match(char) is not None
        or (
            unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}
            and char not in _JOINERS
            and ord(char) not in _SHOWN_FORMAT
        )
    )
