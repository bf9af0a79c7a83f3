"""Header fields of mails as they go over the wire (RFC 5322, RFC 2047).

Encoded and folded here, once: what Python's mail library and Flask-Mail fold anew loses blanks between
encoded words, and names that are not ASCII become words longer than mail programs read.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator

# An encoded word has at most 75 characters, a line of encoded words 76 (RFC 2047, 2). The first one stands
# behind the name of its field.
_LONGEST_WORD = 75
_LONGEST_LINE = 76
_BEFORE, _AFTER = "=?utf-8?B?", "?="
_BYTES_IN_WORD = (_LONGEST_WORD - len(_BEFORE) - len(_AFTER)) // 4 * 3
_JOINERS = "\u200c\u200d"
# What a mail program would read as an encoded word has to be one.
_PLAIN_LINE = re.compile(r"(?!.*=\?)[ -~]*")
_PLAIN_NAME = re.compile(r"(?!.*=\?)[ -~]{0,60}")


def text_field(text: str, name: str) -> str:
    """The value of a field of free text, such as Subject (`name`): folded at blanks where it is ASCII, else
    in encoded words.
    """
    if _PLAIN_LINE.fullmatch(text):
        lines = _folded_at_blanks(text, _LONGEST_LINE - len(name) - 2)
        if all(len(line) <= _LONGEST_LINE for line in lines):
            return "\r\n ".join(lines)
    return _encoded(text, len(name) + 2)


def address_field(shown: str, address: str, name: str) -> str:
    """The value of a field with one address, behind the name `shown` if there is one; `name` is that of the
    field.
    """
    if not shown:
        return address
    if _PLAIN_NAME.fullmatch(shown):
        # A comma or an at sign in a name would be read as another address.
        quoted = re.sub(r'(["\\])', r"\\\1", shown)
        phrase = quoted if re.fullmatch(r"[A-Za-z0-9 ]+", shown) else f'"{quoted}"'
    else:
        phrase = _encoded(shown, len(name) + 2)
    last = len(name) + 2 + len(phrase) if "\r\n" not in phrase else len(phrase.rpartition("\r\n")[2])
    between = " " if last + len(address) + 3 <= _LONGEST_LINE else "\r\n "
    return f"{phrase}{between}<{address}>"


def _folded_at_blanks(text: str, first: int) -> list[str]:
    lines, room = [""], first
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and word and len(longer) > room:
            lines.append(word)
            # Each further line begins with a blank.
            room = _LONGEST_LINE - 1
        else:
            lines[-1] = longer
    return lines


def _encoded(text: str, indent: int) -> str:
    """Text in encoded words, each of whole characters: with the marks on a letter and the parts of one emoji
    in one word, as long as they fit.
    """
    least = len(_BEFORE) + len(_AFTER) + 4
    first = min(max(0, (_LONGEST_LINE - indent - least) // 4 * 3 + 3), _BYTES_IN_WORD)
    words = [b""]
    for run in re.findall(r"\S*\s*", text):
        # Between words of the text where that can be: some programs show a blank between encoded words.
        room = first if len(words) == 1 else _BYTES_IN_WORD
        pieces = [run.encode()] if len(run.encode()) <= _BYTES_IN_WORD else list(_pieces(run))
        for piece in pieces:
            if words[-1] and len(words[-1]) + len(piece) > room:
                words.append(b"")
                room = _BYTES_IN_WORD
            words[-1] += piece
    return "\r\n ".join(f"{_BEFORE}{base64.b64encode(word).decode('ascii')}{_AFTER}" for word in words)


def _pieces(text: str) -> Iterator[bytes]:
    held = ""
    for character in text:
        goes_on = held and (unicodedata.category(character)[0] == "M" or _joins(held[-1], character))
        if held and (not goes_on or len((held + character).encode()) > _BYTES_IN_WORD):
            yield held.encode()
            held = ""
        held += character
    if held:
        yield held.encode()


def _joins(before: str, character: str) -> bool:
    """True within one emoji: joined, with the colour of a skin, or the two letters of a flag."""
    tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    flag = all("\U0001f1e6" <= each <= "\U0001f1ff" for each in (before, character))
    return before in _JOINERS or character in _JOINERS or tone or flag
