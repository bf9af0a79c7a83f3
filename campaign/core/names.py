"""Names: what may stand in the name of a person, an organisation, a place or a role. The rules, with
their reasons,
are in docs/names.md; every place that takes a name asks here.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from campaign.core.contact_details import has_mail_address, has_phone_number
from campaign.core.invisible_marks import has_hidden_characters
from campaign.core.web_addresses import has_web_address, stands_alone


class NameKind(StrEnum):
    """What a name names. Organisations and roles may read like a site, organisations consist of digits."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    ROLE = "role"


class NameTrouble(StrEnum):
    """What is wrong with a name; the sentences are in core.forms and in the rooms that read tables."""

    HIDDEN = "hidden"
    MAIL = "mail"
    PHONE = "phone"
    WEB = "web"
    EMOJI = "emoji"
    MARKS = "marks"
    LETTERS = "letters"


# More marks on one letter than any language writes: Vietnamese and Greek need two after NFC, Hebrew with
# vowels and
# accents four, Tibetan and Burmese stack more.
_MOST_MARKS = 4
_MOST_STACKED = 8
_FEW_MARKS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "HANGUL", "CJK", "HIRAGANA", "KATAKANA")
# Pictures, which no font of a printed list has; signs such as № © † stay.
_PICTURES = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x2300, 0x23FF), (0xFE0F, 0xFE0F))
_KEYCAP = "\u20e3"


def name_trouble(name: str, kind: NameKind = NameKind.PERSON) -> NameTrouble | None:
    """The first thing wrong with a name as clean_line() leaves it; None for a good one, and for an empty
    one.
    """
    if not name:
        return None
    # A broken letter is one that nobody can read.
    if has_hidden_characters(name) or "\ufffd" in name:
        return NameTrouble.HIDDEN
    spoken = kind in (NameKind.PERSON, NameKind.PLACE)
    if has_mail_address(name, dotless=kind is not NameKind.ORGANISATION, spoken=spoken):
        return NameTrouble.MAIL
    if has_phone_number(name, name=True):
        return NameTrouble.PHONE
    if _is_web(name, kind):
        return NameTrouble.WEB
    if has_pictures(name):
        return NameTrouble.EMOJI
    if has_piled_marks(name):
        return NameTrouble.MARKS
    wanted = str.isalnum if kind is NameKind.ORGANISATION else str.isalpha
    if not any(wanted(char) for char in name):
        return NameTrouble.LETTERS
    return None


def contact_trouble(text: str) -> NameTrouble | None:
    """A mail address or a telephone number in a text that everybody will read."""
    if has_mail_address(text):
        return NameTrouble.MAIL
    return NameTrouble.PHONE if has_phone_number(text) else None


def has_pictures(text: str) -> bool:
    """True when the text contains emoji."""
    return not text.isascii() and any(
        char == _KEYCAP or any(first <= ord(char) <= last for first, last in _PICTURES) for char in text
    )


def has_piled_marks(text: str) -> bool:
    """True when more combining marks stand on one letter than any language writes ("Zalgo"), or one on
    none.
    """
    if text.isascii():
        return False
    base, marks = "", 0
    for char in unicodedata.normalize("NFC", text):
        if unicodedata.category(char) not in {"Mn", "Me"}:
            base, marks = char, 0
            continue
        marks += 1
        if not base or marks > _allowed_on(base):
            return True
    return False


def _allowed_on(base: str) -> int:
    written_with_few = unicodedata.name(base, "LATIN").startswith(_FEW_MARKS) or not base.isalpha()
    return _MOST_MARKS - 1 if written_with_few else _MOST_STACKED


def _is_web(name: str, kind: NameKind) -> bool:
    if has_web_address(name, domains=kind is not NameKind.PERSON):
        return True
    return kind in (NameKind.PERSON, NameKind.PLACE) and stands_alone(name)
