"""Marks beside a pasted mail address: which language to write in, and from which country somebody is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaign.config import LANGUAGES
from campaign.core.countries import country_of

_NAMES = {
    "en": (
        "en eng english англ английский английском английски англійская англійскай англійску англійська "
        "англійською angielski angielsku englisch anglais inglés inglese"
    ),
    "be": (
        "be bel belarusian беларуская беларускай беларуску белорусский белорусском белорусски білоруська "
        "білоруською białoruski białorusku belarussisch belarusisch belarusian"
    ),
    "ru": (
        "ru rus russian руская рускай руску русский русском русски російська російською rosyjski rosyjsku "
        "russisch russe ruso russo"
    ),
    "uk": (
        "uk ukr ukrainian украінская украінскай украінску украинский украинском украински українська "
        "українською ukraiński ukraińsku ukrainisch ukrainien ucraniano"
    ),
    "pl": (
        "pl pol polish польская польскай польску польский польском польски польська польською polski polsku "
        "polnisch polonais polaco polacco"
    ),
    "de": (
        "de deu ger german нямецкая нямецкай нямецку немецкий немецком немецки німецька німецькою niemiecki "
        "niemiecku deutsch deutsche allemand alemán tedesco"
    ),
}
_LANGUAGE_OF = {word: code for code, words in _NAMES.items() for word in words.split()}
_BESIDE_LANGUAGES = frozenset(
    "in auf en po по па на мова мове мовы мовою язык языке language languages język języku sprache".split()  # noqa: SIM905
)
# Words as well, which are written beside an address for themselves.
_SHORT_WORDS = frozenset("am as at be by do id in is it la me my no so si st to us va".split())  # noqa: SIM905
# Given names as well.
_GIVEN_NAMES = frozenset("chad georgia jordan israel india kenya malta cuba cyprus jersey".split())  # noqa: SIM905
_CODE = 2
_BETWEEN = re.compile(r"\s*[/,;|+&]\s*|\s+[–—-]\s+")
_EDGES = " \t.,;:!()[]{}<>/|–—-"


@dataclass(frozen=True, slots=True)
class ContactMark:
    """A language of the interface and a country (ISO code) that a mark says; nothing where it is `unclear`
    which of them it means.
    """

    language: str = ""
    country: str | None = None
    unclear: bool = False


_UNCLEAR = ContactMark(unclear=True)


def language_of(text: str) -> str:
    """The language of the interface that a text names: `ru`, "po polsku", "English"; "" for none."""
    words = [each for each in re.split(r"[\s-]+", text.casefold().strip(_EDGES)) if each]
    named = [each for each in words if each not in _BESIDE_LANGUAGES] or words
    return _LANGUAGE_OF.get(named[0], "") if len(named) == 1 else ""


def is_code(text: str) -> bool:
    """True for two letters, all small or all capitals."""
    return len(text) == _CODE and text.isascii() and text.isalpha() and (text.isupper() or text.islower())


def mark_of(text: str) -> ContactMark | None:
    """What a text beside an address marks; None for one that is no mark, such as a name."""
    parts = [part for part in _BETWEEN.split(text.strip(_EDGES)) if part]
    found = [_said(part) for part in parts]
    marks = [each for each in found if each]
    if not marks or len(marks) < len(found):
        return None
    languages = {each.language for each in marks if each.language}
    countries = {each.country for each in marks if each.country}
    if len(languages) > 1 or len(countries) > 1 or any(each.unclear for each in marks):
        return _UNCLEAR
    return ContactMark("".join(languages), next(iter(countries), None))


def _said(part: str) -> ContactMark | None:
    if is_code(part):
        return _of_code(part)
    if len(part) <= _CODE + 1 and part.isascii():
        # Three letters may be the short name of an organisation.
        return None
    if language := language_of(part):
        return ContactMark(language)
    if part.casefold() in _GIVEN_NAMES:
        return _UNCLEAR
    country = country_of(part)
    return ContactMark(country=country) if country else None


def _of_code(code: str) -> ContactMark | None:
    """In capitals, PL may mean Poland or Polish; in small letters a language of the interface is one."""
    country = country_of(code)
    if code.lower() in LANGUAGES:
        return ContactMark(code.lower()) if code.islower() or not country else _UNCLEAR
    if code in _SHORT_WORDS:
        return _UNCLEAR
    return ContactMark(country=country) if country else None
