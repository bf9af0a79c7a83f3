"""What stands beside a pasted mail address and may belong to it: the end of the word before, a lost
ending behind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from campaign.circulation.address_signs import BULLETS, is_numbering
from campaign.circulation.address_words import is_label, is_title
from campaign.config import LANGUAGES
from campaign.core.address_slips import is_other_provider
from campaign.core.domain_names import is_known_ending
from campaign.core.text import plain_latin

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
    if _NUMBER_AND_SIGN.fullmatch(word):
        return None
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


# "1/", "2-", "(3)/"
_NUMBER_AND_SIGN = re.compile(r"[(\[]?\d{1,3}[-–/:.)\]]+")


def first_name(before: str, core: str) -> str | None:
    """The words that stand alone before a blank, where the blank may stand for a dot: "jan nowak@uni.kz",
    "Jan Nowak@uni.kz". None where they are no first names.
    """
    words = _CELLS.split(before)[-1].split()
    if words and is_numbering(words[0]):
        words = words[1:]
    if not 0 < len(words) <= _MOST_FIRST_NAMES:
        return None
    local = core.rpartition("@")[0]
    if not all(word.islower() for word in words) and not _begins_local(words, local):
        return None
    for word in (each.casefold() for each in words):
        if not re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?", word):
            return None
        is_word = is_label(word) or is_title(word) or word in _FUNCTION_WORDS
        if (is_word and len(local) > _CODE) or word in local.casefold():
            return None
        if plain_latin(word) in local.casefold() or not unicodedata.name(word[0], "").startswith("LATIN"):
            return None
    return plain_latin(".".join(words))


def _begins_local(words: Sequence[str], local: str) -> bool:
    """True for one name in capitals that goes on in the address: "Jan" before `Nowak@uni.kz`."""
    if len(words) > 1 or not local.isalpha() or local.casefold() in _OFFICES:
        return False
    return (words[0].istitle() and local.istitle()) or (
        words[0].isupper() and local.isupper() and len(words[0]) > 1
    )


_MOST_FIRST_NAMES = 2
# Boxes that belong to a post or a house.
_OFFICES = frozenset(
    """
    info office contact mail email kontakt biuro sekretariat press media team admin hello hallo post poczta
    redakcja editor secretariat support help campaign director coordinator board news legal advocacy
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
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
        return None if _is_remark(words[1:], domain) else _lost_ending(words[1], domain)
    if len(word) == 1:
        # "u k"
        letters = list(takewhile(lambda each: len(each) == 1, words))
        word, words = "".join(letters), ["".join(letters), *words[len(letters) :]]
    part = first_part(word)
    if dot and part and not is_numbering(word) and (part.islower() or is_known_ending(part.lower())):
        return dot + part
    if _is_remark(words, domain):
        return None
    if alone and re.fullmatch(r"[a-z]{1,4}\.?", word) and not is_known_ending(domain.rpartition(".")[2]):
        return part
    return _lost_ending(word, domain)


def _is_remark(words: Sequence[str], domain: str) -> bool:
    """True for what only reads as a remark: "no phone given" behind `x.com`. Behind `x.co`, "in" may be the
    rest of the ending.
    """
    first = words[0].casefold()
    if first not in _SHORT_WORDS or "." not in domain or len(words) < 2 or not words[1][0].isalnum():
        return False
    return domain.rpartition(".")[2].casefold() not in _HALF_ENDINGS


# Endings of countries that begin sentences and remarks.
_SHORT_WORDS = frozenset(
    """
    no so in is it at to me my us am as be by do de la se si id st va pa po na za ni pm tv al el il im es et
    w z o a i u y e
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
# Another ending usually follows these, as in `co.uk`.
_HALF_ENDINGS = frozenset({"co", "ac", "or", "ne", "go", "gov", "edu", "c", "o"})


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
    if is_known_ending(last + part) and "." in domain:
        return part
    # Behind a whole domain stands the ending of a country, once; "team" and "work" are words.
    is_whole = part.isascii() and "." in domain and is_known_ending(last) and last not in _HALF_ENDINGS
    is_more = len(part) > _CODE or len(last) == _CODE
    return part if is_known_ending(part) and not (is_whole and is_more) else None


_LONGEST_ENDING, _CODE = 6, 2


def tail_behind_comma(core: str, rest: str) -> str | None:
    """What the cell behind a comma without a blank may add: `x@uni.edu,by`."""
    cell = re.split(r"[,;|\t<>]", rest)[0]
    part = first_part(cell)
    if not part or cell[:1].isspace() or "@" in cell:
        return None
    if not is_known_ending(part.lower().split(".")[-1]) or (part.isupper() and not core.isupper()):
        return None
    return f".{part}"


def tail_in_own_cell(domain: str, rest: str, beside: Sequence[str]) -> str | None:
    """What a semicolon or comma may have parted from the `domain`: "br" behind `x.com`, where nothing else is
    in the line. None for the code of a language, and where the lines `beside` show a column of codes.
    """
    code = rest.strip(" .;,")
    if not re.fullmatch("[a-z]{2}", code) or code in LANGUAGES or not is_known_ending(code):
        return None
    if domain.rpartition(".")[2] not in _WITH_COUNTRY or is_other_provider(f"{domain}.{code}"):
        return None
    for line in beside:
        if (column := _CODE_CELL.search(line)) and (
            column[2] != code or column[1].casefold() not in _WITH_COUNTRY
        ):
            return None
    return f".{code}"


# A country's ending may stand behind these.
_WITH_COUNTRY = frozenset({"com", "org", "net", "edu", "gov", "info", "co", "ac"})
_CODE_CELL = re.compile(r"@\S*?\.(\w+)\s*[;,]\s*([A-Za-z]{2})\s*$")


def last_part(word: str) -> str:
    """The end of a word, as far as an address may hold it."""
    found = re.search(r"[A-Za-z0-9._+-]*$", word)
    return found[0] if found else ""


def first_part(word: str) -> str:
    """The beginning of a word, as far as a domain may hold it."""
    found = re.match(r"[A-Za-z0-9.-]*", word)
    return found[0].rstrip(".-") if found else ""
