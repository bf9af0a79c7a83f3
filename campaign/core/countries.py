"""Countries as people write them: names in many languages, official and older names, ISO 3166 codes, flags.

Names come from CLDR (by Babel) and from Debian's iso-codes (by pycountry), with a list of ours for what both
lack. A name that two countries share is no answer: see decision 0039.
"""

from __future__ import annotations

import gettext
import json
import pickle
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pycountry
from babel import localedata
from unidecode import unidecode

from campaign.config import LANGUAGES
from campaign.core.country_names import (
    AMBIGUOUS,
    GOVERNED,
    ISO_CODES,
    LANGUAGES_KNOWN,
    NAMES,
    NOT_BARE,
    ROMANISED,
    TIES,
)
from campaign.core.formats import country_codes

_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ə": "e"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORDS = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u0900-\u109f\u1780-\u17ff]+[^\W_]*)*")
_SILENT = re.compile(r"[.'’‘‛ʼʻ`´ʹ′＇ʾʿ\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FLAG_OF_PART = re.compile("\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f")
_IN_BRACKETS = re.compile(r"^\s*([^()\[\]]+?)\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_CODE = re.compile(r"[A-Za-z]{2}|[A-Za-z]{3}")
_BETWEEN = re.compile(r"\s*[/;,|+&=()\[\]]\s*|\s+[–—-]+\s+|(?<=\b[A-Z]{2})-")
_LETTERS_ALIKE = str.maketrans("aceiopxyABCEHIKMOPTX", "асеіорхуАВСЕНІКМОРТХ")
# A state of the United States as well.
_STATE = "GE"
_LONGEST_PLACE = 4


def country_of(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country that `text` names; None where it names none, or several.

    Known are names in some 80 languages with and without accents, official and older ones, codes of two and
    three letters, and flags.
    """
    flags = {_lettered(flag) for flag in _FLAG.findall(text)}
    flags |= {"GB" for _part in _FLAG_OF_PART.findall(text)}
    words = _FLAG_OF_PART.sub("", _FLAG.sub("", text)).strip()
    if flags:
        named = country_of(words) if _key(words) else None
        found = flags | ({named} if _key(words) else set())
        only = found.pop() if len(found) == 1 else None
        return only if only in country_codes() else None
    return _of_words(words)


def country_of_cell(text: str) -> str | None:
    """As country_of(), in a column of countries: “Vilnius, Lithuania” has a place beside its only country."""
    if found := country_of(text):
        return found
    parts = [part for part in _BETWEEN.split(text) if _key(part)]
    named = {part: country for part in parts if not _CODE.fullmatch(part) and (country := country_of(part))}
    named |= {part: country for part in parts if part in _SHORT and (country := country_of(part))}
    only = next(iter(named.values()), None)
    others = [part for part in parts if part not in named]
    is_sure = only is not None and len(set(named.values())) == 1 and only != _STATE
    return only if is_sure and all(map(_is_place, others)) else None


# Codes that are names by themselves.
_SHORT = frozenset({"UK", "USA", "UAE", "РФ", "США", "ЗША"})


def _is_place(text: str) -> bool:
    """True for what names no country at all, known or disputed."""
    words = text.split()
    has_none = not any(country_of(word) or is_shared_name(word) for word in (text, *words))
    return has_none and len(words) <= _LONGEST_PLACE and not any(map(str.isdigit, text))


def has_several_countries(text: str) -> bool:
    """True for a cell that names more than one country, such as “Poland / Belarus”."""
    if country_of(text):
        return False
    parts = re.split(r"[/;,|+&]|\s[–—-]\s|\s(?:and|und|i|y|et|и|і|та)\s", text)
    return len({code for part in parts if (code := country_of(part))}) > 1


def is_shared_name(text: str) -> bool:
    """True for a name that several countries have, or had: Korea, Congo."""
    return _key(text) in _shared()


@cache
def _shared() -> frozenset[str]:
    return frozenset(map(_key, AMBIGUOUS))


def _of_words(words: str) -> str | None:
    bare = words.strip(' .,;:*"“”«»„()[]\t\u00a0')
    if bare.isascii() and _CODE.fullmatch(_SILENT.sub("", bare)):
        code = _SILENT.sub("", bare).upper()
        if code in country_codes():
            return code
        if known := _three_letters().get(code):
            return known
    return _named(words) or _turned(words) or _twice(words) or _in_one_script(words)


def _twice(words: str) -> str | None:
    """“Беларусь/Belarus”, “PL - Poland”: one country by several of its names."""
    parts = [part for part in _BETWEEN.split(words) if part.strip()]
    found = {_of_words(part) for part in parts} if 1 < len(parts) <= _LONGEST_PLACE else set()
    return found.pop() if len(found) == 1 else None


def _in_one_script(words: str) -> str | None:
    """A Cyrillic name in which a letter was typed as the Latin one that looks the same."""
    changed = words.translate(_LETTERS_ALIKE)
    is_mixed = any("\u0400" <= sign <= "\u04ff" for sign in words) and changed != words
    return _named(changed) if is_mixed else None


def _turned(words: str) -> str | None:
    """“Korea, Republic of”, “Korea (South)”, “Belarus (BY)”: a name with something said after it."""
    if found := _IN_BRACKETS.match(words):
        first, second = found[1], found[2]
        if turned := _named(f"{second} {first}"):
            return turned
        one, other = _of_words(first), _of_words(second)
        return one if one and one == other else None
    first, comma, second = words.partition(",")
    return _named(f"{second} {first}") if comma and second.strip() and "," not in second else None


def _named(words: str) -> str | None:
    names, key = _names(), _key(words)
    if not key:
        return None
    if key in names:
        return names[key]
    parts = _parts(words)
    left = len(parts)
    while parts and parts[0] in _governed():
        parts = parts[1:]
    while parts and parts[-1] in _governed():
        parts = parts[:-1]
    bare = "".join(parts)
    return names.get(bare) if len(parts) < left and bare not in _not_bare() else None


def _parts(text: str) -> list[str]:
    """The words of a name without case, accents, and words that only tie others together."""
    words = _SILENT.sub("", text.casefold().replace("&", " and "))
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", words).translate(_LETTERS)
        if not "\u0300" <= char <= "\u036f"
    )
    found = ["saint" if word == "st" else word for word in _WORDS.findall(plain)]
    return [word for word in found if word not in TIES] or found


def _key(text: str) -> str:
    return "".join(_parts(text))


@cache
def _governed() -> frozenset[str]:
    return frozenset(part for word in GOVERNED for part in _parts(word))


@cache
def _not_bare() -> frozenset[str]:
    return frozenset(map(_key, NOT_BARE))


def _lettered(flag: str) -> str:
    return "".join(chr(ord(sign) - 0x1F1E6 + ord("A")) for sign in flag)


@cache
def _three_letters() -> dict[str, str]:
    """ISO 3166-1 alpha-3 codes, with that of Kosovo."""
    return {one.alpha_3: one.alpha_2 for one in pycountry.countries} | {"XKX": "XK", "XKK": "XK"}


@cache
def _names() -> dict[str, str]:
    """The country of each key. Where sources contradict each other the first wins; none in a draw."""
    names: dict[str, str] = {}
    for source in (
        _ours(),
        _cldr(LANGUAGES),
        _iso("en", *LANGUAGES),
        _cldr(LANGUAGES_KNOWN),
        _iso(*LANGUAGES_KNOWN, *ISO_CODES),
        _romanised(),
    ):
        for key, code in _undisputed(source).items():
            names.setdefault(key, code)
    for text in AMBIGUOUS:
        names.pop(_key(text), None)
    return names


def _undisputed(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    codes: dict[str, set[str]] = {}
    for name, code in names:
        if code in country_codes():
            codes.setdefault(_key(name), set()).add(code)
    return {key: found.pop() for key, found in codes.items() if len(found) == 1 and len(key) > 1}


def _ours() -> Iterator[tuple[str, str]]:
    for code, names in NAMES.items():
        yield from ((name, code) for name in names.split(", "))


def _cldr(languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    for language in languages:
        for code, name in _territories(language):
            yield name, code
            if language == "de" and name.casefold().translate(_UMLAUTS) != name.casefold():
                yield name.casefold().translate(_UMLAUTS), code


def _territories(language: str) -> Iterator[tuple[str, str]]:
    """(code, name) of a language of CLDR. Babel itself would keep 100 MB of what else is in these files."""
    file = Path(localedata.resolve_locale_filename(language))
    if file.is_file():
        kept = pickle.loads(file.read_bytes())  # noqa: S301  a file of Babel's own package
        yield from ((code, name) for code, name in kept.get("territories", {}).items() if len(code) == 2)
        yield from kept.get("short_territories", {}).items()


def _iso(*languages: str) -> Iterator[tuple[str, str]]:
    """Short, common and official names of ISO 3166-1, in these languages of iso-codes."""
    folder = Path(pycountry.LOCALES_DIR)
    said = [
        (one["alpha_2"], one[field])
        for one in _iso_countries()
        for field in ("name", "common_name", "official_name")
        if field in one
    ]
    if "en" in languages:
        yield from ((name, code) for code, name in said)
    for language in languages:
        file = folder / language / "LC_MESSAGES" / "iso3166-1.mo"
        if file.is_file():
            with file.open("rb") as catalogue:
                words = gettext.GNUTranslations(catalogue)
            yield from ((words.gettext(name), code) for code, name in said)


def _iso_countries() -> list[dict[str, str]]:
    file = Path(pycountry.DATABASE_DIR) / "iso3166-1.json"
    kept: list[dict[str, str]] = json.loads(file.read_text("utf-8"))["3166-1"]
    return kept


def _romanised() -> Iterator[tuple[str, str]]:
    for language in ROMANISED:
        for code, name in _territories(language):
            latin = unidecode(name)
            yield from ((latin.replace("iia", end), code) for end in ("iia", "iya", "ija", "ia"))
