"""Whatever somebody may send: strategies for forms, tokens and hostile names."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

HOSTILE = {
    "turns the line": "\u202eevitceteD\u202c Anna",
    "isolates": "\u2066Anna\u2069\u2067",
    "zero width": "An\u200bna\u200d \ufeffExample",
    "emoji sequences": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 20,
    "combining": "A" + "\u0301\u0489" * 90,
    "a megabyte": "A" * 1_000_000,
    "nearly a megabyte": "é" * 150_000,
    "nested markup": "<b" * 500 + ">" * 500,
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "template": "{{ 7*7 }}{% raw %}{{ config }}",
    "markdown": "[a](javascript:alert(1)) ![x](http://x.example/y.png)",
    "control": "Anna\x00\x07\x1b[31m",
    "line ends": "Anna\r\nBcc: all@example.org\u2028\u2029\x85",
    "lone surrogate": "Anna \ud800",
    "not a character": "Anna \uffff\U0010ffff",
    "formula": "=1+1|cmd' /C calc'!A0",
    "traversal": "../../../../etc/passwd%00",
    "sql": "'); DROP TABLE signatures;--",
    "format": "%s%n%(x)s{0.__class__}",
    "full width": "＜script＞ａｌｅｒｔ＜/script＞",
    "only spaces": "\u3000\u00a0\u2003",
    "digits of other scripts": "١٢٣٤٥٦٧٨٩٠١٢",
}

LETTERS = st.characters(exclude_categories=("Cs",))
TEXT = st.text(LETTERS, max_size=60) | st.sampled_from(
    [text for name, text in HOSTILE.items() if len(text) < 5_000 and "surrogate" not in name]
)


def fields(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields, each with something fitting or anything at all, one or several times; and
    others that nobody asked for.
    """
    some = {name: fitting | TEXT | st.lists(TEXT, max_size=3) for name, fitting in known.items()}
    return st.fixed_dictionaries({}, optional=some).flatmap(
        lambda chosen: st.dictionaries(st.text(LETTERS, max_size=10), TEXT, max_size=2).map(
            lambda more: more | chosen
        )
    )
