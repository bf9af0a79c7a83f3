"""Domain names: the form of the DNS (IDNA 2008), endings, and letters of two scripts that look alike."""

from __future__ import annotations

import unicodedata
from functools import cache

import idna
from babel import Locale

# The endings that stand for no country and are widely used; only questions and names lean on them.
_GENERIC = frozenset(
    """
    com org net info biz edu gov mil int ngo ong eu uk su ac name pro mobi asia cat coop jobs museum
    post tel travel xyz online site top shop store app dev blog club live news media press tv me io ai
    co cc ws fm link click space website tech cloud email group team world today life center foundation
    charity community support international network agency report academy university school church art
    design film music radio video photo wiki world zone berlin london paris wien moscow tokyo nyc vegas
    scot wales bzh eus gal krd africa global solutions services social chat forum party vote democrat
    gives fund legal law law help care health work works guru expert one
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
_OTHER_SCRIPTS = frozenset(
    """
    рф бел укр рус қаз срб бг ею мкд мон дети москва онлайн сайт орг ком католик հայ გე ελ ευ ישראל 中国
    中國 台灣 香港 한국 日本 みんな 新加坡 السعودية مصر
    امارات ایران المغرب الاردن سورية فلسطين قطر تونس عمان भारत বাংলা ไทย
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
# Scripts whose letters pass for letters of each other. Japanese and Korean names mix theirs with Latin,
# and are told apart at sight.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})


def in_dns(domain: str) -> str:
    """A domain in the form of the DNS, by IDNA 2008: ß stays a letter of its own. One that can't be is
    left as it is.
    """
    domain = domain.lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):
        return domain


def mixes_scripts(domain: str) -> bool:
    """True when one part of a domain is written in two scripts whose letters look alike: `gmail.сom`
    with a Cyrillic
    letter.
    """
    return not domain.isascii() and any(
        len({script for char in _unicode(label) if char.isalpha() and (script := _script(char)) in _ALIKE})
        > 1
        for label in domain.split(".")
    )


def is_known_ending(label: str) -> bool:
    """True for an ending that is in wide use: a country's, a generic one, or one of another script."""
    small = _unicode(label.lower())
    return small in _GENERIC or small in _OTHER_SCRIPTS or small in _country_endings()


@cache
def _country_endings() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code.lower() for code in codes if len(code) == 2 and code.isalpha()) - {
        "zz", "xa", "xb", "eo", "ez", "un", "qo", "ea", "ic", "dg", "cp", "ta", "xk", "gb", "cq",
    }  # fmt: skip


def _unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return str(idna.decode(label))
    except (idna.IDNAError, UnicodeError):
        return label


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
