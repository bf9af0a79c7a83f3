"""Text of strangers and of the team, made safe to show."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.text import (
    clean_line,
    has_hidden_characters,
    has_letter,
    make_slug,
    render_markdown,
    searchable,
)
from campaign.core.web_addresses import has_web_address, stands_alone

ATTACKS = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&colon;alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "![picture](https://evil.net/track.png)",
    '<img src=x onerror="alert(1)">',
    "<iframe src='https://evil.net'></iframe>",
    "<svg onload=alert(1)>",
    '[a](https://x.net "onmouseover=alert(1)")',
    "<https://ok.net/\"onclick='x'>",
    "<style>body{display:none}</style>",
    "<form action=//evil.net><input name=a></form>",
    "| <b onclick=x> | b |\n|---|---|\n| <i style=x> | 2 |",
]
ALLOWED_TAGS = {
    "html",
    "head",
    "body",
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
    "pre",
    "code",
}


def _elements(markup: str) -> list[tuple[str, dict[str, str]]]:
    tree = html5lib.parse(markup, namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in tree.iter() if isinstance(element.tag, str)]


def _is_harmless(markup: str) -> bool:
    for tag, attributes in _elements(markup):
        if tag not in ALLOWED_TAGS or set(attributes) - {"href", "rel", "title"}:
            return False
        if "href" in attributes and not re.match(r"(https?:|mailto:|[/#?.\w%-]*$)", attributes["href"]):
            return False
    return True


@pytest.mark.parametrize("source", ATTACKS)
def test_markdown_lets_no_script_image_or_foreign_element_through(source: str) -> None:
    assert _is_harmless(render_markdown(source)), render_markdown(source)


@given(st.text(alphabet="<>[]()!\"'&;:/=#*_`|-\n abcjsriptonhe1", max_size=80))
def test_no_combination_of_signs_becomes_anything_but_text_and_links(source: str) -> None:
    assert _is_harmless(render_markdown(source))


def test_markdown_shows_what_a_statement_needs() -> None:
    html = render_markdown(
        "# Title\n\n## Part\n\n**Strong** *word*\n\n1. One\n\n> Quote\n\n| a |\n|---|\n| b |\n\n[link](https://x.org)"
    )
    for part in (
        "<h2>Title</h2>",
        "<h2>Part</h2>",
        "<strong>Strong</strong>",
        "<ol>",
        "<blockquote>",
        "<td>b</td>",
    ):
        assert part in html
    assert '<a href="https://x.org" rel="noopener nofollow">link</a>' in html


def test_raw_html_is_shown_as_the_text_that_it_is() -> None:
    assert "&lt;b&gt;bold&lt;/b&gt;" in render_markdown("<b>bold</b>")


@pytest.mark.parametrize(
    "hidden",
    [
        "\u202e",
        "\u202a",
        "\u2066",
        "\u2069",
        "\u200e",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\u00ad",
        "\0",
        "\x1b",
        "\u0085",
        "\ue000",
        "\ud800",
        "\u2060",
        "\U000e0041",
    ],
)
def test_hidden_characters_and_direction_overrides_are_found(hidden: str) -> None:
    assert has_hidden_characters(f"Anna{hidden}Example")


@pytest.mark.parametrize(
    "name", ["Алесь Бяляцкі", "محمد\u200cرضا", "क्\u200dष", "Łukašenka-O’Neill", "李明", "José", "Ναΐς"]
)
def test_names_of_every_script_pass(name: str) -> None:
    assert not has_hidden_characters(name)
    assert not has_web_address(name)
    assert has_letter(name)


@pytest.mark.parametrize(
    "text",
    [
        "https://x.y",
        "HTTP:x",
        "www.spam",
        "see spam.com now",
        "a.bc.RU",
        "spam-site.online",
        "x://y",
        "t.me/canal",
    ],
)
def test_web_addresses_are_found(text: str) -> None:
    assert has_web_address(text) or stands_alone(text)


@pytest.mark.parametrize("text", ["", "  ", "123", "—", "!!!", "🙂"])
def test_what_holds_no_letter_is_no_name(text: str) -> None:
    assert not has_letter(text)


@given(st.text(max_size=200))
def test_a_line_has_single_spaces_and_no_ends_and_a_search_no_nul(text: str) -> None:
    assert clean_line(text) == " ".join(clean_line(text).split())
    assert "\0" not in searchable(text) and len(searchable(text)) <= 120


def test_a_decomposed_name_is_kept_composed() -> None:
    assert clean_line(" Jose\u0301 \n\t Mun\u0303oz ") == "José Muñoz"


def test_a_title_of_any_script_becomes_a_readable_address() -> None:
    assert make_slug("Вызваліць усіх!") == "vyzvalits-usikh"
    assert len(make_slug("слова " * 60)) <= 80 and not make_slug("слова " * 60).endswith("-")
