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

from campaign.core.invisible_marks import has_hidden_characters as has_hidden_characters  # noqa: PLC0414  for the rooms
from campaign.core.invisible_marks import without_invisible_marks

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
    """One line of input as we keep it: Unicode NFC without invisible marks (core.invisible_marks), runs
    of white space as
    one space, none at the ends.
    """
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    cleaned = " ".join(unicodedata.normalize("NFC", without_invisible_marks(value)).split())
    # A mark taken out may have kept a letter and its accent apart.
    return " ".join(without_invisible_marks(cleaned).split())


def clean_text(value: str) -> str:
    """Several lines of input as we keep them: without invisible marks, each line end as `\\n`."""
    return without_invisible_marks(value)


def searchable(typed: str) -> str:
    """A search as it was typed: one line, at most 120 characters, without NUL, which PostgreSQL refuses."""
    return clean_line(typed.replace("\0", " "))[:120]


def has_letter(value: str) -> bool:
    """True when there is at least one letter of any script."""
    return value[:1].isalpha() or any(char.isalpha() for char in value)


def make_slug(title: str) -> str:
    """A title as part of an address: transliterated, lower case, at most 80 characters, cut between words."""
    return slugify(unidecode(title), max_length=80, word_boundary=True, save_order=True)


def plain_latin(text: str) -> str:
    """The text with Latin letters as ASCII ones: `łoś` gives `los`. Other scripts stay as they are."""
    return "".join(
        unidecode(char) if not char.isascii() and unicodedata.name(char, "").startswith("LATIN") else char
        for char in unicodedata.normalize("NFC", text)
    )
