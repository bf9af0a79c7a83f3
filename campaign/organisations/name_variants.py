"""The forms in which one name of an organisation is written: with its abbreviation or country in brackets,
its own name in quotation marks, with letters for what kind of body it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from campaign.config import LANGUAGES
from campaign.core.country_names import NAMES
from campaign.core.formats import countries
from campaign.core.search import latin_words

_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_QUOTED = re.compile(r"[«“„\"‘‚]([^«»“”„\"‘’‚]{2,})[»”“\"’‘]")
_ABBREVIATION = re.compile(r"[^\W\d_](?:[.-]?[^\W\d_]){1,7}\.?")
_LONGEST_ABBREVIATION = 5
_JOINED = re.compile(r"[^\W\d_]+")
_SMALL = frozenset({
    "a", "an", "and", "at", "da", "de", "des", "di", "do", "du", "e", "et", "for", "fur", "i", "im", "in",
    "la", "le", "les", "of", "on", "para", "pour", "the", "to", "und", "y", "z", "za", "w", "dlia", "na",
    "pa", "po",
})  # fmt: skip
# Words that are often shortened in names of organisations.
_SHORTENED = {
    "int": "international", "intl": "international", "intern": "international", "internat": "international",
    "assoc": "association", "org": "organisation", "fdn": "foundation", "ctr": "center",
    "inst": "institute", "univ": "university", "fed": "federation", "cttee": "committee", "comm": "committee",
    "nat": "national", "natl": "national", "dept": "department",
}  # fmt: skip
_SUBTITLE = re.compile(r"\s+[–—-]+\s+|:\s+|\s+[|/]\s+")
_ARTICLE = re.compile(r"^the\s+(?=\S)", re.I)


@dataclass(frozen=True, slots=True)
class NameVariants:
    """The forms of a name, the name itself first; in small Latin letters the abbreviations that it gives, and
    those that can be made of its initials.
    """

    forms: tuple[str, ...]
    given: frozenset[str]
    initials: frozenset[str]


def same_names(name: str) -> list[str]:
    """The name, and the same without what says nothing of its own: an article, its own initials in brackets.

    An organisation with one of these names is the same. Anything else is a question for a person.
    """
    bare = _BRACKETS.sub(" ", name)
    inside = _BRACKETS.findall(name)
    found = [name]
    if inside and bare.strip() and all(_letters(text) in _initials(bare) for text in inside):
        found.append(" ".join(bare.split()))
    found += [_ARTICLE.sub("", form) for form in found if _ARTICLE.match(form)]
    return found


@lru_cache(maxsize=20_000)
def variants(name: str) -> NameVariants:
    """The forms of a name that are compared with those of others."""
    inside = [text.strip() for text in _BRACKETS.findall(name) if not is_country(text)]
    bare = " ".join(_BRACKETS.sub(" ", name).split())
    written = [name, bare, *inside, *(text.strip() for text in _QUOTED.findall(name))]
    words = bare.split()
    capitals = [word for word in words if _is_abbreviation(word)]
    if capitals and len(capitals) < len(words):
        written.append(" ".join(word for word in words if word not in capitals))

    spelled_out = " ".join(_spelled_out(word) for word in words)
    if spelled_out != bare:
        written.append(spelled_out)

    alone = [text for text in (name, *inside) if _ABBREVIATION.fullmatch(text.strip())]
    given = {short for text in alone for short in (_letters(text), _first_letters(text))} - {""}
    telling = (form for form in written if form == name or (_letters(form) and not is_country(form)))
    forms = tuple(dict.fromkeys(telling))
    return NameVariants(forms, frozenset(given), frozenset(_initials(bare)))


def title_of(name: str) -> str:
    """The name before a dash or colon, “Libereco” of “Libereco – Partnership for Human Rights”; empty where
    nothing is behind it.
    """
    title, *behind = _SUBTITLE.split(name.strip())
    return title if behind and _letters(title) else ""


def countries_in_brackets(name: str) -> frozenset[str]:
    """The codes of the countries that are in brackets in a name."""
    return frozenset(code for text in _BRACKETS.findall(name) if (code := _country_codes().get(_key(text))))


def without_country(name: str) -> str:
    """The name without the words that are a country."""
    return " ".join(word for word in name.split() if _letters(word) not in place_words())


def is_country(text: str) -> bool:
    """True for the name of a country in a language of the interface."""
    return _key(text) in _countries()


@cache
def place_words() -> frozenset[str]:
    """The names of countries that are one word, in small Latin letters."""
    return frozenset(word for word in _countries() if " " not in word)


def _is_abbreviation(word: str) -> bool:
    bare = word.strip(".,;:«»“”„\"'")
    return 2 <= len(bare) <= _LONGEST_ABBREVIATION and bare.isalpha() and bare.isupper()


def _initials(name: str) -> set[str]:
    """The abbreviations that a name of several words may have, with its small words and without."""
    words = _key(name).split()
    if len(words) < 2:
        return set()
    # A letter of another script may be two in Latin ones: БАЖ is bazh.
    own = [(word, key) for word in _JOINED.findall(name) if (key := _letters(word))]
    found = {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in _SMALL),
        "".join(_letters(word[0]) for word, _said in own),
        "".join(_letters(word[0]) for word, key in own if key not in _SMALL),
    }
    return {short for short in found if len(short) > 1}


def _first_letters(text: str) -> str:
    """An abbreviation with one Latin letter for each of its own, as those of names begin."""
    return "".join(_letters(sign)[:1] for sign in text)


def _spelled_out(word: str) -> str:
    bare = word.casefold().replace("'", "").replace("’", "")
    long = _SHORTENED.get(bare.rstrip("."), "")
    return long if long and (bare.endswith(".") or bare in ("intl", "natl", "cttee", "fdn")) else word


def _letters(text: str) -> str:
    return _key(text).replace(" ", "")


@lru_cache(maxsize=20_000)
def _key(text: str) -> str:
    return latin_words(text)


@cache
def _countries() -> frozenset[str]:
    named = {_key(name) for language in LANGUAGES for _code, name in countries(language)}
    return frozenset(named | {"usa", "uk", "us", "uae"})


@cache
def _country_codes() -> dict[str, str]:
    """By name in the languages of the interface, common name or code: core/countries.py knows more, but takes
    two seconds to get ready, and this is asked while a signer waits.
    """
    named = {_key(name): code for language in LANGUAGES for code, name in countries(language)}
    ours = {_key(name): code for code, names in NAMES.items() for name in names.split(", ")}
    return {code.lower(): code for code, _name in countries("en")} | {"uk": "GB", "usa": "US"} | ours | named
