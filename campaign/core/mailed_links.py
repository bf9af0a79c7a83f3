"""Links as they come back from mails: with the full stop or the bracket that stood behind them, broken by the
lines of a mail program, or encoded once more.

The token is taken out of what was pasted, before anything else looks at the address: there is no redirect, so
that the token is in no further header. What is no whole token is left as it is, and refused as ever.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# core.tokens: an identifier of 16 bytes, a dot, an HMAC-SHA256.
_IDENTIFIER, _LENGTH = 22, 22 + 1 + 43
_SIGNS = frozenset(string.ascii_letters + string.digits + "-_")
_ADDRESS = re.compile(r"(/(?:c|i|u|team-calendar|desk/invitation|desk/new-password)/)(.+)", re.DOTALL)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# What mail programs put into a broken line: the soft break of quoted-printable, and the sign of a quotation.
_BROKEN_BY = frozenset("=>|" + _INVISIBLE)
_OPENING = frozenset("<([{\"'«“„‘`*~" + _INVISIBLE)
_BELOW = re.compile(r"/(data\.json|kit|suggest|statement\.docx)(?![A-Za-z0-9])")
_MOST = 1_000


class MailedLinks:
    """WSGI middleware that takes what mail programs and people add to a link with a token off its path."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if found is not None and len(found[2]) != _LENGTH:
            environ["PATH_INFO"] = found[1] + _cleaned(found[2])
        return self.app(environ, start_response)


def token_in(typed: str) -> str:
    """The token in a text that was pasted or came by mail; the text itself where there is none."""
    taken = _taken(typed[:_MOST])
    return taken[0] if taken and _ends(taken[1]) else typed


def _cleaned(rest: str) -> str:
    """The part of a path behind its prefix, as WSGI carries it."""
    if len(rest) > _MOST:
        return rest
    taken = _taken(rest.encode("latin-1", "replace").decode("utf-8", "replace"))
    if taken is None:
        return rest
    token, tail = taken
    below = _BELOW.match(tail)
    if below:
        return token + below[0]
    return token if _ends(tail) else rest


def _taken(text: str) -> tuple[str, str] | None:
    """The token at the beginning of a text, and what follows it."""
    if "%" in text[:_LENGTH]:
        text = unquote(text)
    token, place = "", 0
    while place < len(text) and len(token) < _LENGTH:
        sign = text[place]
        if text[place : place + 3].upper() == "=2E":
            sign, place = ".", place + 2
        if sign == "." if len(token) == _IDENTIFIER else sign in _SIGNS:
            token += sign
        elif not (sign.isspace() or sign in _BROKEN_BY or (not token and sign in _OPENING)):
            return None
        place += 1
    return (token, text[place:]) if len(token) == _LENGTH else None


def _ends(tail: str) -> bool:
    """True where nothing behind a token could belong to it, or name another page: marks of emphasis and
    sentences, and whatever stands behind them.
    """
    left = tail.lstrip("_-")
    return not left or (left[0] not in _SIGNS and not re.match(r"\.*/[./]*[A-Za-z0-9]", left))
