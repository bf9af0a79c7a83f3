"""The readings of what may be a mail address: without what is glued to it, decoded, cut, with a slip
corrected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import unquote

from campaign.circulation.address_signs import (
    ALIKE,
    AT,
    GLUED_NUMBER,
    GLUED_PHONE,
    GLUED_TITLE,
    HUMP,
    MARK,
    PLAIN,
    RUN,
)
from campaign.circulation.address_words import without_glued_word
from campaign.core.address_slips import is_other_provider, suggested_address
from campaign.core.contact_details import plain_signs
from campaign.core.domain_names import is_known_ending
from campaign.core.mail_addresses import AddressRefused, plain_address
from campaign.core.text import plain_latin

MOST_READINGS = 8
_LONGEST_RUN = 320
_ENCODED = re.compile(r"%40|=40|&#0*64;|&#x0*40;|&commat;|\\u0040|[＠﹫]", re.I)
_AT_WORD = re.compile(
    r"(?<=[A-Za-z0-9])\s*[-_*/\\|.~(\[{<]*\s*\b(?:at|собака|сабака|равлик|malpa|małpa|arroba|arobase|klammeraffe)\b"
    r"\s*[-_*/\\|~)\]}>]*\s*(?=[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
    re.I,
)
_UNDERSCORED_AT = re.compile(r"(?<=[A-Za-z0-9])(?:_at_|-at-|\.at\.|#at#)(?=[A-Za-z0-9-]+\.)", re.I)
_GLUED_ENDING = re.compile(
    r"(com|org|net|info|edu|gov|eu|by|ru|pl|ua|de|kz|ge|lt|lv|ee|cz|fr|it|es|ch|at|uk|be)"
)
_TWO_ADDRESSES = re.compile(
    r"([^@]+@[^@]+?\.(?:com|org|net|info|edu|gov|eu|by|ru|pl|ua|de|kz))([^@]+@[^@]+)", re.I
)
_APART = re.compile(r"[/\\+&,;|*=~_–—·…-]+|(?<=\w)\.\.+")


def hidden_readings(line: str) -> tuple[str, ...]:
    """The addresses of a line that writes the @ in another way."""
    plain = _shown_at(line)
    if "@" not in plain:
        return ()
    found = (run for run in RUN.findall(plain) if "@" in run)
    return valid_readings(found)


def _shown_at(text: str) -> str:
    decoded = unescape(_ENCODED.sub("@", text))
    return _AT_WORD.sub("@", _UNDERSCORED_AT.sub("@", plain_signs(decoded)))


def valid_readings(typed: Iterable[str]) -> tuple[str, ...]:
    """The addresses that these texts may stand for, at most eight: as they are, without what may be glued to
    them, cut where two may meet, with the slip corrected.
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [text for text in typed if text]
    for depth in range(3):
        further: list[str] = []
        for text in waiting:
            if text in seen or len(text) > _LONGEST_RUN:
                continue
            seen.add(text)
            as_it_stands = not depth and "//" not in text and _decoded(text) == text
            if as_it_stands or PLAIN.fullmatch(text):
                with suppress(AddressRefused):
                    found.setdefault(plain_address(text))
            further += _variants(text)
        waiting = further
    return tuple(found)[:MOST_READINGS]


def _decoded(text: str) -> str:
    """The text without the codes of web pages, links and programs: `%3C`, `&lt;`, a backslash with an n."""
    for _time in range(3):
        plain = unquote(unescape(text))
        plain = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), plain)
        plain = _MAIL_CODE.sub(lambda found: chr(int(found[1], 16)), _BACKSLASHED.sub(" ", plain))
        if plain == text or "\ufffd" in plain:
            break
        text = plain
    return unicodedata.normalize("NFC", text)


_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})", re.I)
_BACKSLASHED = re.compile(r"\\[nrtvfNRT](?=\W|[A-Za-z0-9]|$)|\\[\"'<>]")
# Quoted-printable, for signs that no address has.
_MAIL_CODE = re.compile(r"=(09|0A|0D|20|22|27|28|29|2C|3A|3B|3C|3E|40|5B|5D|A0)")


def _variants(text: str) -> Iterator[str]:
    """The text read otherwise, in one step."""
    if MARK in text:
        yield text.replace(MARK, "")
        return
    if (plain := _decoded(text)) != text:
        yield from (run for run in RUN.findall(plain) if AT.search(run))
        return
    yield _shown_at(text)
    if text.count("@") > 1:
        yield from (part for part in _APART.split(text) if part.count("@") == 1)
        yield text.lstrip("@")
        yield re.sub("@+", "@", text)
        if two := _TWO_ADDRESSES.fullmatch(text):
            yield from two.groups()
        return
    local, at, domain = text.rpartition("@")
    if not at:
        return
    if unicodedata.category(text[0]) == "No":
        # "⑴anna@uni.kz"
        yield text.lstrip("".join(char for char in text if unicodedata.category(char) == "No"))
        return
    if not text.isascii() and (latin := text.translate(ALIKE)).isascii():
        yield latin
        return
    if not local.isascii() and (plain := plain_latin(local)).isascii():
        if (spelled := plain_latin(local.translate(_UMLAUTS))) != plain:
            yield f"{spelled}@{domain}"
        yield f"{plain}@{domain}"
        return
    yield re.sub(r"(?<=\w)[·…](?=\w)", ".", text)
    yield re.sub(r"\.{2,}", ".", text)
    for shorter in _shorter(local):
        yield f"{shorter}@{domain}"
    for shorter in _cut(domain):
        yield f"{local}@{shorter}"
    if meant := suggested_address(text):
        yield meant


def _shorter(local: str) -> Iterator[str]:
    if "/" in local or "&" in local:
        # "anna/jan@uni.kz": two people.
        parts = re.split(r"[/&]+", local)
        yield from parts[-1:] if local.startswith("//") else parts
    for cut in _CUTS.finditer(local):
        if not _is_within_word(local, cut.end()):
            yield local[cut.end() :]
    if (bare := re.sub(r"[\W_]+$", "", local)) != local:
        yield bare
    for glued in (GLUED_NUMBER, GLUED_PHONE, _LEADING_DIGITS, GLUED_TITLE):
        if found := glued.match(local):
            yield local[found.end() :]
    yield without_glued_word(local)
    if hump := HUMP.search(local):
        yield local[hump.start() :]


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
# Where an address may begin: behind a sign that it can't hold, or behind one of its own after such a sign.
_CUTS = re.compile(r"^[\W_]+|^.*[^A-Za-z0-9._+-][._+-]*(?=[A-Za-z0-9])")


def _is_within_word(local: str, at: int) -> bool:
    """True where a cut would leave the end of a word: `ukasz` of `łukasz`. A word of another script may be
    glued to one of Latin letters.
    """
    before = re.sub(r"(?<=\w)['’ʼ`]$", "", local[:at])
    if not before or not (before[-1].isalnum() or unicodedata.category(before[-1])[0] == "M"):
        return False
    word = re.search(r"[^\W\d_]*$", before)
    letters = word[0] if word else ""
    return len(letters) < _LEAST_GLUED_WORD or "LATIN" in {unicodedata.name(char)[:5] for char in letters}


_LEAST_GLUED_WORD = 3
_LEADING_DIGITS = re.compile(r"\d{1,4}(?=[A-Za-z])")


def _cut(domain: str) -> Iterator[str]:
    """The domain without what is glued to its end."""
    yield domain.strip(".-_*~'’/")
    yield re.sub(r"^[^\w]+", "", domain)
    if ends := re.match(r"[\w.-]+", domain):
        yield ends[0].rstrip("._-")
    if domain.lower().startswith("www."):
        yield domain[4:]
    labels = domain.split(".")
    for at, label in enumerate(labels[1:], 1):
        above = ".".join(labels[:at])
        glued = _GLUED_ENDING.match(label.lower())
        if glued and (glued[0] != label.lower() or at < len(labels) - 1):
            yield f"{above}.{glued[0]}"
        if hump := HUMP.search(label):
            yield f"{above}.{label[: hump.start()]}"
        if bare := re.match(r"[A-Za-z]{2,}(?=[^A-Za-z.])", label):
            yield f"{above}.{bare[0]}"
    if len(labels) > 2 and not is_known_ending(labels[-1]):
        yield ".".join(labels[:-1])
    if is_other_provider(domain):
        yield domain.rpartition(".")[0]
