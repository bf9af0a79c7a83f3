"""Links that open the reader's own mail program (RFC 6068), or share an address through another service.

A letter of another script than Latin takes six signs or more there, and mail programs cut a link at about
2,000 of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask

# As it stands in a page, where each & takes five signs.
MOST = 1_880


@dataclass(frozen=True, slots=True)
class MailLink:
    """The address of a link, and whether it has the whole text in it (`whole`)."""

    href: str
    whole: bool


def mail_link(email: str, subject: str, body: str = "") -> MailLink:
    """A mailto: link with as much as mail programs take: all of it, else without the body, with a subject
    that is cut where it has to be.

    Lines end with CRLF, and a space is not written as a plus.
    """
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    start = f"mailto:{quote(email, safe='@')}?subject="
    whole = f"{start}{quote(subject, safe='')}" + (f"&body={quote(lines, safe='')}" if body else "")
    if len(whole) <= MOST:
        return MailLink(whole, whole=True)
    # A short body, such as an address, is worth more than the end of a subject.
    rest = f"&body={quote(lines, safe='')}" if body and len(quote(lines, safe="")) <= MOST // 2 else ""
    if rest:
        return MailLink(start + shortened(subject, MOST - len(start) - len(rest)) + rest, whole=True)
    return MailLink(start + shortened(subject, MOST - len(start)), whole=False)


def share_link(before: str, address: str, text: str) -> str:
    """The link `before` of a service, which ends in a parameter, with `text` and then the address in it; the
    text is cut where the link would be too long.
    """
    tail = quote(f" {address}", safe="") if address else ""
    return before + shortened(text, MOST - len(before) - len(tail)) + tail


def shortened(text: str, most: int) -> str:
    """A text percent-encoded in at most so many signs, cut between words where it has to be."""
    if len(quote(text, safe="")) <= most:
        return quote(text, safe="")
    held, words = "", text.split(" ")
    for word in words:
        longer = f"{held} {word}" if held else word
        if len(quote(f"{longer}…", safe="")) > most:
            break
        held = longer
    if not held:
        held = words[0]
        while held and len(quote(f"{held}…", safe="")) > most:
            held = held[:-1]
    return quote(f"{held}…", safe="") if held else ""


def init_app(app: Flask) -> None:
    """Let templates make these links."""
    app.jinja_env.globals.update(mail_link=mail_link, share_link=share_link)
