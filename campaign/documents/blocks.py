"""The text of a statement as plain data: paragraphs, headings, lists, quotations.

No markup can hide in it.
"""

from __future__ import annotations

from typing import Any

from lxml import html

Inline = dict[str, Any]
Block = dict[str, Any]
_INLINE = {"strong": "strong", "em": "em", "a": "link", "br": "break"}
_LEVELS = {"h2": 1, "h3": 2, "h4": 3}


def blocks_of(body: str) -> list[Block]:
    """The blocks of clean HTML (core.text.render_markdown), each `{"is": …}` with `words`, `items`, `rows` or
    `blocks`.

    Inlines are `{"is": "text" | "strong" | "em" | "link" | "break", …}`.
    """
    if not body.strip():
        return []
    return [
        block
        for element in html.fragments_fromstring(body, no_leading_text=False)
        for block in _with_tail(element)
    ]


def plain(words: list[Inline]) -> str:
    """The words of a block without formatting."""
    return "".join(
        word["text"] if word["is"] == "text" else "\n" if word["is"] == "break" else plain(word["words"])
        for word in words
    )


def _with_tail(element: Any) -> list[Block]:
    """A block, and the words after it that stand in none."""
    tail = None if isinstance(element, str) else element.tail
    return [block for block in (_block(element), _block(tail or "")) if block]


def _block(element: Any) -> Block | None:
    if isinstance(element, str):
        return {"is": "paragraph", "words": [_text(element)]} if element.strip() else None
    if element.tag in _LEVELS:
        return {"is": "heading", "level": _LEVELS[element.tag], "words": _words(element)}
    if element.tag in {"ul", "ol"}:
        start = int(element.get("start") or 1)
        return {
            "is": "list",
            "numbered": element.tag == "ol",
            "start": start,
            "items": [_inside(item) for item in element.iterchildren("li")],
        }
    if element.tag == "blockquote":
        return {"is": "quote", "blocks": _inside(element)}
    if element.tag == "hr":
        return {"is": "rule"}
    if element.tag == "table":
        return {
            "is": "table",
            "rows": [[_words(cell) for cell in row.iterchildren("th", "td")] for row in element.iter("tr")],
        }

    return {"is": "paragraph", "words": _words(element)}


def _inside(element: Any) -> list[Block]:
    """The blocks of a list item or a quotation; a short one has words alone."""
    if not any(child.tag in {"p", "ul", "ol", "blockquote"} or child.tag in _LEVELS for child in element):
        return [{"is": "paragraph", "words": _words(element)}]
    blocks: list[Block] = []
    loose: list[Inline] = [_text(element.text)] if element.text and element.text.strip() else []
    for child in element:
        if child.tag in _INLINE:
            loose += _word(child)
            continue
        blocks += _loose(loose)
        loose = [_text(child.tail)] if child.tail and child.tail.strip() else []
        blocks += [block for block in (_block(child),) if block]
    return [*blocks, *_loose(loose)]


def _loose(words: list[Inline]) -> list[Block]:
    return [{"is": "paragraph", "words": words}] if words else []


def _words(element: Any) -> list[Inline]:
    words = [_text(element.text)] if element.text else []
    for child in element:
        words += _word(child)
    return words


def _word(child: Any) -> list[Inline]:
    kind = _INLINE.get(child.tag)
    said: Inline = {"is": kind, "words": _words(child)} if kind else {"is": "em", "words": _words(child)}
    if kind == "link":
        said["address"] = child.get("href", "")
    return [said, *([_text(child.tail)] if child.tail else [])]


def _text(value: str) -> Inline:
    return {"is": "text", "text": " ".join(value.split("\n"))}
