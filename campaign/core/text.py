"""Text: Markdown to safe HTML, and clean lines of input."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from slugify import slugify
from unidecode import unidecode

_markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
_TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
    "hr",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_CODE = re.compile(r"<pre><code[^>]*>(.*?)</code></pre>", re.S)
_ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)
_LINK = re.compile(r"https?:|www\.|://", re.I)
# One letter before the dot is an initial (J.De Vries, M.de Smet), unless a path follows (t.me/channel).
_DOMAIN = re.compile(
    r"\b(?:[\w-]{2,}|\w(?=\.\w+/))\.(?:com|org|net|info|biz|ru|by|ua|pl|eu|de|io|me|xyz|online|site|top|shop)\b",
    re.I,
)
# Letters that show as nothing (Unicode, "Default_Ignorable" and the Braille blank).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Joiners shape letters in Persian, Hindi and many other scripts; all other format characters only deceive.
_ALLOWED_FORMAT = {"\u200c", "\u200d"}


def render_markdown(source: str) -> Markup:
    """Markdown (CommonMark and tables, no raw HTML) as HTML that is safe to show.

    A first-level heading becomes a second.
    """
    html = _markdown.render(source)
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    # A line that was indented by accident is a paragraph here: letters hold no code.
    html = _CODE.sub(r"<p>\1</p>", html)
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener nofollow",
    )

    return Markup(cleaned)  # noqa: S704  nh3 has just cleaned it


def printed_links(html: Markup) -> Markup:
    """The same HTML with the address of each link in brackets after its text, for readers against whom a
    visit could be held.
    """
    return Markup(_ANCHOR.sub(_printed, html))  # noqa: S704  both parts are escaped


def _printed(link: re.Match[str]) -> str:
    address, said = unescape(link[1]), link[2]
    return said if unescape(said) == address else f"{said} ({escape(address)})"


def clean_line(value: str) -> str:
    """One line of input as we keep it: Unicode NFC, runs of white space as one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def searchable(typed: str) -> str:
    """A search as it was typed: one line, at most 120 characters, without NUL, which PostgreSQL refuses."""
    return clean_line(typed.replace("\0", " "))[:120]


def has_hidden_characters(value: str) -> bool:
    """True for control, direction-override, private, blank and unassigned characters, which can make a name
    read as another one or as none.
    """
    if value.isprintable() and _BLANK.isdisjoint(value):
        return False
    return any(_is_hidden(char) for char in value)


def _is_hidden(char: str) -> bool:
    # Noncharacters (Unicode, 23.7), which no XML may hold.
    none = ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return (
        none
        or char in _BLANK
        or (unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and char not in _ALLOWED_FORMAT)
    )


def has_web_address(value: str, *, domains: bool = False) -> bool:
    """True when the text contains a web address: names are not a place for links.

    `domains`: a bare `change.org` may stand.
    """
    if "." not in value and ":" not in value:
        return False
    return bool(_LINK.search(value) or (not domains and _DOMAIN.search(value)))


def has_letter(value: str) -> bool:
    """True when there is at least one letter of any script."""
    return value[:1].isalpha() or any(char.isalpha() for char in value)


def make_slug(title: str) -> str:
    """A title as part of an address: transliterated, lower case, at most 80 characters, cut between words."""
    return slugify(unidecode(title), max_length=80, word_boundary=True, save_order=True)
