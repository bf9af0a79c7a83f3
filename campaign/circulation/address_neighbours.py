"""What stands beside a pasted mail address and may belong to it: the end of the word before, a lost
ending behind.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

from campaign.circulation.address_signs import BULLETS, is_numbering
from campaign.circulation.address_words import is_label, is_title
from campaign.core.domain_names import is_known_ending

# Signs that are legal in an address, so that what they stand at may belong to it.
_JOINING = ".-_+&=/~#%"


def head_of(words: list[str], *, alone: bool) -> str | None:
    """What the word before a blank, or at the end of the line above, may add; `alone` on that line."""
    word = words[-1].lstrip("\"'“„«‹‘(<[{" + BULLETS)
    if word.endswith("@"):
        return word
    if "@" in word or not word:
        return None
    if not any(char.isalnum() for char in word):
        joins = word in {".", "_", "+", "@"} and len(words) > 1
        return last_part(words[-2]) + word if joins else None
    if is_numbering(word) and not (word[0].isalpha() and re.fullmatch(r"\w\.", word)):
        return None
    if is_title(word) or (is_label(word) and word[-1] not in _JOINING):
        return None
    bare = word.rstrip(_JOINING)
    if bare != word:
        return last_part(word) if bare and bare[-1].isascii() and bare[-1].isalnum() else None
    if alone and re.fullmatch(r"[a-z0-9][a-z0-9._+-]*", word) and not word.isdigit():
        return word
    return None


def first_name(before: str, core: str) -> str | None:
    """The words in small letters that stand alone before a blank, where the blank may stand for a dot:
    "jan nowak@uni.kz". None where they are no first names.
    """
    words = _CELLS.split(before)[-1].split()
    if words and is_numbering(words[0]):
        words = words[1:]
    if not 0 < len(words) <= _MOST_FIRST_NAMES:
        return None
    local = core.rpartition("@")[0].casefold()
    for word in words:
        if not re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?", word) or not word.islower():
            return None
        if is_label(word) or is_title(word) or word in _FUNCTION_WORDS or word in local:
            return None
        if not unicodedata.name(word[0], "").startswith("LATIN"):
            return None
    return ".".join(words) if all(word.isascii() for word in words) else ""


_MOST_FIRST_NAMES = 2
_CELLS = re.compile(r"[,;|\t<>:/()\[\]]")
_FUNCTION_WORDS = frozenset(
    """
    and or to at via by from of for in on is are was the use us me my our your his her their please write send
    ask see und oder an von bei bitte mit i lub do na od dla z ze oraz albo a y e o et ou ni et de du la le
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)


def head_before_comma(before: str) -> str | None:
    """What the cell before a comma without a blank may add: `anna,nowak@uni.kz`."""
    cell = re.split(r"[,;|\t<>]", before)[-1]
    words = cell.split()
    if not words or cell[-1].isspace() or "@" in words[-1]:
        return None
    word = words[-1]
    if not re.fullmatch(r"[A-Za-z0-9._+-]+", word) or (word.isupper() and len(word) > 1) or word.isdigit():
        return None
    return f"{word}." if len(words) == 1 or word.islower() else None


def tail_of(words: list[str], domain: str, dot: str, *, alone: bool) -> str | None:
    """What the words behind a blank, or at the beginning of the line below, may add to the `domain`."""
    word = words[0]
    if "@" in word:
        return "" if word[0] == "@" and "." in word else None
    if re.match(r"[._-][A-Za-z0-9]", word):
        return first_part(word)
    if word in _LONE_SIGNS and len(words) > 1:
        # "x.co . uk"; a dash may also part an address from what is said about it.
        if word == "." and first_part(words[1]):
            return f".{first_part(words[1])}"
        return _lost_ending(words[1], domain)
    if len(word) == 1:
        # "u k"
        word = "".join(takewhile(lambda each: len(each) == 1, words))
    part = first_part(word)
    if dot and part and not is_numbering(word) and (part.islower() or is_known_ending(part.lower())):
        return dot + part
    if alone and re.fullmatch(r"[a-z]{1,4}\.?", word):
        return part
    return _lost_ending(word, domain)


_LONE_SIGNS = {".", "-", "_"}


def _lost_ending(word: str, domain: str) -> str | None:
    """The word where it is the ending of a domain, or makes one with the last letters of this `domain`:
    "uk" behind `x.co`, "m" behind `x.co`. It is written as the domain is, small or in capitals.
    """
    found = re.match(r"[^\W\d_]+(?![\w@]|['’.-]\w)", word)
    if not found or len(found[0]) > _LONGEST_ENDING or found[0].isascii() != domain.isascii():
        return None
    part = found[0]
    if not part.islower() and not (domain.isupper() and part.isupper()):
        return None
    last = domain.rpartition(".")[2]
    if is_known_ending(part) or (is_known_ending(last + part) and "." in domain):
        return part
    return None


_LONGEST_ENDING = 6


def tail_behind_comma(core: str, rest: str) -> str | None:
    """What the cell behind a comma without a blank may add: `x@uni.edu,by`."""
    cell = re.split(r"[,;|\t<>]", rest)[0]
    part = first_part(cell)
    if not part or cell[:1].isspace() or "@" in cell:
        return None
    if not is_known_ending(part.lower().split(".")[-1]) or (part.isupper() and not core.isupper()):
        return None
    return f".{part}"


def last_part(word: str) -> str:
    """The end of a word, as far as an address may hold it."""
    found = re.search(r"[A-Za-z0-9._+-]*$", word)
    return found[0] if found else ""


def first_part(word: str) -> str:
    """The beginning of a word, as far as a domain may hold it."""
    found = re.match(r"[A-Za-z0-9.-]*", word)
    return found[0].rstrip(".-") if found else ""
