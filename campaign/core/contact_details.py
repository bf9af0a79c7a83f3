"""Mail addresses and telephone numbers inside a text that everybody will read. The rules: docs/names.md."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from campaign.core.domain_names import is_known_ending

# `(at)` and `[dot]` in the languages of the interface, as people hide an address from programs.
_AT_WORDS = r"(?:at|ät|a|@|собака|собачка|сабака|равлик|małpa|malpa|klammeraffe|arroba|arobase)"
_DOT_WORDS = r"(?:dot|\.|точка|кропка|крапка|kropka|punkt|point|punto)"
_BRACKETED_AT = re.compile(rf"\s*[(\[{{<]\s*{_AT_WORDS}\s*[)\]}}>]\s*", re.I)
_BRACKETED_DOT = re.compile(rf"\s*[(\[{{<]\s*{_DOT_WORDS}\s*[)\]}}>]\s*", re.I)
# Words that nobody writes before a domain but for the sign, and signs instead of brackets: anna*at*uni.kz.
_ONLY_AT = r"(?:собака|собачка|сабака|равлик|małpa|malpa|klammeraffe|arroba|arobase)"
_DOMAIN_FOLLOWS = r"(?=(?:[^\W_][\w-]*\s?\.\s?)+[^\W\d_]{2})"
_SIGNED_AT = re.compile(
    rf"(?<=\w)(?:\s{{1,3}}{_ONLY_AT}\s{{1,3}}"
    rf"|\s{{0,3}}[*_~|/\\#=+^!\"'«]{{1,3}}\s{{0,3}}(?:at|ät|{_ONLY_AT})\s{{0,3}}[*_~|/\\#=+^!\"'»]{{1,3}}\s{{0,3}})"
    rf"{_DOMAIN_FOLLOWS}",
    re.I,
)
# "at" as a word: in a text it may stand before the name of a site.
_PLAIN_AT = re.compile(
    r"\w(?:\s{1,3}at\s{1,3}|\s{0,3}[.-]\s{0,3}at\s{0,3}[.-]\s{0,3})"
    r"((?:[a-z0-9][\w-]*\s?\.\s?)+([a-z]{2,}))(?![\w-])"
)
_SOLE_WORD = re.compile(r"\s*[a-z][a-z0-9._+-]*\s+at\s+[a-z0-9.-]+\s*$")
_SPELLED_AT = re.compile(r"(?<=\w)\s+(?:at|собака|małpa|arroba|arobase)\s+(?=[\w-]+(?:\s+dot\s+|\s+точка\s+|\s+kropka\s+|\s+punkt\s+|\s+кропка\s+|\s+крапка\s+))", re.I)  # fmt: skip  # noqa: E501
_SPELLED_DOT = re.compile(r"(?<=\w)\s+(?:dot|точка|кропка|крапка|kropka|punkt)\s+(?=\w)", re.I)
_SIGNS = str.maketrans({"。": ".", "．": ".", "｡": ".", "﹒": ".", "․": ".", "＠": "@", "﹫": "@"})
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"«»“”„]\s?@\s?[^\s@.<>()\[\],;:\"«»“”„]+(?:\s?\.\s?[^\W_][\w-]*)+")
_MAIL_WITHOUT_DOT = re.compile(r"[\w.+-]{2,}@[\w-]{2,}")
# Digits with what people write between them; a comma, a colon or a word ends the number. In a name a comma
# without a blank does not.
_SIGNS_BETWEEN = r" ()\[\]./+·_*~|¦•●∙‧⋅・°=#^\\'’>→\u2010-\u2015\u2212-"
_NUMBER = re.compile(rf"\+?\(?\d(?:[{_SIGNS_BETWEEN}]{{0,5}}\d){{6,}}")
_NUMBER_IN_NAME = re.compile(rf"\+?\(?\d(?:(?:[{_SIGNS_BETWEEN}]|[,;:\"](?! )){{0,5}}\d){{6,}}")
_LEAST_DIGITS = 7
_YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = (
    rf"(?:{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|\d\d)|{_MONTH}/{_DAY}/{_YEAR}|{_YEAR}-{_MONTH}-{_DAY}"
    rf"|{_DAY} {_MONTH} {_YEAR}|{_MONTH}[./-]{_YEAR}|{_YEAR})"
)
_DATES = re.compile(rf"\(?{_DATE}(?:[ ()./,;|•·\u2010-\u2015-]{{1,4}}{_DATE})*\)?")
_ROUND = re.compile(r"\d{1,3}(?:[ .,]000)+")
# 1,234,567 is a large number, 10:00-18:30 are hours.
_LARGE = re.compile(r"\d{1,2}(?:,\d{3})+")
_HOURS = re.compile(r"\d{1,2}:\d\d(?:[ ,;/\u2010-\u2015-]{1,3}\d{1,2}:\d\d)*")
_KEYCAP = re.compile("[\ufe0f\u20e3]")


def plain_signs(text: str) -> str:
    """The text with digits of every script as ASCII, full-width letters as usual ones, and hidden `@`
    and dots as
    signs: `anna (at) uni [dot] kz` as `anna@uni.kz`.
    """
    text = unicodedata.normalize("NFKC", _KEYCAP.sub("", text).translate(_SIGNS))
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    text = _BRACKETED_DOT.sub(".", _SIGNED_AT.sub("@", _BRACKETED_AT.sub("@", text)))
    if _SPELLED_AT.search(text):
        text = _SPELLED_DOT.sub(".", _SPELLED_AT.sub("@", text))
    return text


def has_mail_address(text: str, *, dotless: bool = True, spoken: bool = False) -> bool:
    """True when the text contains a mail address of any ending and script, also `anna (at) uni.kz`.

    `dotless`: also `anna@localhost`; an organisation may be called Art@Work. `spoken`: also `anna at uni.kz`
    among other words; a text may speak of an editor at belsat.eu.
    """
    plain = plain_signs(text)
    if (spoken or _SOLE_WORD.match(plain)) and any(
        is_known_ending(found[2]) for found in _PLAIN_AT.finditer(plain)
    ):
        return True
    if "@" not in plain:
        return False
    return bool(_MAIL.search(plain) or (dotless and _MAIL_WITHOUT_DOT.search(plain)))


def has_phone_number(text: str, *, name: bool = False) -> bool:
    """True for seven digits and more that only blanks, dashes, brackets, dots and the like separate, in a
    `name` also commas and colons; days, hours, years, lists and large numbers are none.
    """
    plain = plain_signs(text)
    return any(_is_phone_number(found[0]) for found in (_NUMBER_IN_NAME if name else _NUMBER).finditer(plain))


def _is_phone_number(run: str) -> bool:
    if sum(char.isdigit() for char in run) < _LEAST_DIGITS:
        return False
    if any(form.fullmatch(run) for form in (_DATES, _ROUND, _LARGE, _HOURS)):
        return False
    return not _is_list(run)


def _is_list(run: str) -> bool:
    """True for numbers that go on, "Schools 12,13,14,15"."""
    numbers = [int(part) for part in run.split(",") if part.isdecimal()]
    return len(numbers) == run.count(",") + 1 > 1 and all(
        one + 1 == other for one, other in pairwise(numbers)
    )
