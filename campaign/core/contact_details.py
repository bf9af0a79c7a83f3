"""Mail addresses and telephone numbers inside a text that everybody will read. The rules: docs/names.md."""

from __future__ import annotations

import re
import unicodedata

# `(at)` and `[dot]` in the languages of the interface, as people hide an address from programs.
_AT_WORDS = r"(?:at|ät|a|@|собака|собачка|сабака|равлик|małpa|malpa|klammeraffe|arroba|arobase)"
_DOT_WORDS = r"(?:dot|\.|точка|кропка|крапка|kropka|punkt|point|punto)"
_BRACKETED_AT = re.compile(rf"\s*[(\[{{<]\s*{_AT_WORDS}\s*[)\]}}>]\s*", re.I)
_BRACKETED_DOT = re.compile(rf"\s*[(\[{{<]\s*{_DOT_WORDS}\s*[)\]}}>]\s*", re.I)
_SPELLED_AT = re.compile(r"(?<=\w)\s+(?:at|собака|małpa|arroba|arobase)\s+(?=[\w-]+(?:\s+dot\s+|\s+точка\s+|\s+kropka\s+|\s+punkt\s+|\s+кропка\s+|\s+крапка\s+))", re.I)  # fmt: skip  # noqa: E501
_SPELLED_DOT = re.compile(r"(?<=\w)\s+(?:dot|точка|кропка|крапка|kropka|punkt)\s+(?=\w)", re.I)
_SIGNS = str.maketrans({"。": ".", "．": ".", "｡": ".", "﹒": ".", "․": ".", "＠": "@", "﹫": "@"})
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"«»“”„]\s?@\s?[^\s@.<>()\[\],;:\"«»“”„]+(?:\s?\.\s?[^\W_][\w-]*)+")
_MAIL_WITHOUT_DOT = re.compile(r"[\w.+-]{2,}@[\w-]{2,}")
# Digits with what people write between them; a comma, a colon or a word ends the number.
_NUMBER = re.compile(r"\+?\(?\d(?:[ ()\[\]./+·_*~\u2010-\u2015\u2212-]{0,4}\d){6,}")
_LEAST_DIGITS = 7
_YEAR = r"(?:1\d{3}|20\d{2}|21\d{2})"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = (
    rf"(?:{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|\d\d)|{_MONTH}/{_DAY}/{_YEAR}|{_YEAR}-{_MONTH}-{_DAY}"
    rf"|{_DAY} {_MONTH} {_YEAR}|{_MONTH}[./-]{_YEAR}|{_YEAR})"
)
_DATES = re.compile(rf"\(?{_DATE}(?:[ ()./\u2010-\u2015-]{{1,4}}{_DATE})*\)?")
_ROUND = re.compile(r"\d{1,3}(?:[ .]000)+")
_KEYCAP = re.compile("[\ufe0f\u20e3]")


def plain_signs(text: str) -> str:
    """The text with digits of every script as ASCII, full-width letters as usual ones, and hidden `@`
    and dots as
    signs: `anna (at) uni [dot] kz` as `anna@uni.kz`.
    """
    text = unicodedata.normalize("NFKC", _KEYCAP.sub("", text).translate(_SIGNS))
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    text = _BRACKETED_DOT.sub(".", _BRACKETED_AT.sub("@", text))
    if _SPELLED_AT.search(text):
        text = _SPELLED_DOT.sub(".", _SPELLED_AT.sub("@", text))
    return text


def has_mail_address(text: str, *, dotless: bool = True) -> bool:
    """True when the text contains a mail address of any ending and script, also `anna (at) uni.kz`.

    `dotless`: also `anna@localhost`; an organisation may be called Art@Work.
    """
    plain = plain_signs(text)
    if "@" not in plain:
        return False
    return bool(_MAIL.search(plain) or (dotless and _MAIL_WITHOUT_DOT.search(plain)))


def has_phone_number(text: str) -> bool:
    """True for seven digits and more that only blanks, dashes, brackets, dots and the like separate;
    days, years and
    round millions are none.
    """
    plain = plain_signs(text)
    return any(_is_phone_number(found[0]) for found in _NUMBER.finditer(plain))


def _is_phone_number(run: str) -> bool:
    if sum(char.isdigit() for char in run) < _LEAST_DIGITS:
        return False
    return not (_DATES.fullmatch(run) or _ROUND.fullmatch(run))
