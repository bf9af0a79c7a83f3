"""Styles of a workbook that take text from view (ECMA-376-1, §18.8): struck out, in the colour of its ground,
tiny, with a format that shows nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from campaign.sheets.xlsx_dates import DateFormats

# Nobody reads what is smaller, in points.
_TINY = 3.0
# A format without a section for text, or with an empty one for each kind of value.
_NOTHING = re.compile(r"\s*;\s*;\s*(;\s*)?")
_WHITE = frozenset(
    {("rgb", "FFFFFFFF"), ("rgb", "00FFFFFF"), ("theme", "0"), ("indexed", "9"), ("indexed", "1")}
)
_FALSE = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of cells, by number: struck-out ones, ones that show nothing to see, and dates."""

    struck: frozenset[int]
    unseen: frozenset[int]
    # White on a cell without a ground of its own: unseen, but on the coloured ground of a table.
    white: frozenset[int]
    dates: DateFormats

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> Styles:
        """The styles of a workbook; none where it has none."""
        dates = DateFormats.of(archive)
        if "xl/styles.xml" not in archive.namelist():
            return cls(frozenset(), frozenset(), frozenset(), dates)

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        styles = etree.fromstring(archive.read("xl/styles.xml"), parser)
        fonts, fills = styles.findall("{*}fonts/{*}font"), styles.findall("{*}fills/{*}fill")
        empty = {
            int(one.get("numFmtId", "0"))
            for one in styles.iterfind("{*}numFmts/{*}numFmt")
            if _NOTHING.fullmatch(one.get("formatCode", ""))
        }
        struck, unseen, white = set(), set(), set()
        for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
            font, fill = _of(fonts, style.get("fontId")), _of(fills, style.get("fillId"))
            ink, ground = _colour(font, "{*}color"), _ground(fill)
            if font is not None and is_struck(font):
                struck.add(number)
            if int(style.get("numFmtId", "0")) in empty or _is_tiny(font) or (ink and ink == ground):
                unseen.add(number)
            elif ink in _WHITE and (ground is None or ground in _WHITE):
                white.add(number)
        return cls(frozenset(struck), frozenset(unseen), frozenset(white), dates)


def is_struck(properties: Any) -> bool:
    """True where a font, or the properties of a run of text, strike it out."""
    return any(mark.get("val", "1") not in _FALSE for mark in properties.iterfind("{*}strike"))


def _of(all_of_them: Sequence[Any], number: str | None) -> Any:
    return all_of_them[int(number)] if number and int(number) < len(all_of_them) else None


def _colour(holder: Any, path: str) -> tuple[str, str] | None:
    colour = None if holder is None else holder.find(path)
    if colour is None or float(colour.get("tint", "0")):
        return None
    return next(
        ((name, colour.get(name).upper()) for name in ("rgb", "theme", "indexed") if colour.get(name)), None
    )


def _ground(fill: Any) -> tuple[str, str] | None:
    pattern = None if fill is None else fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return None if pattern is None or pattern.get("patternType") in (None, "none") else ("pattern", "")
    return _colour(pattern, "{*}fgColor") or ("pattern", "")


def _is_tiny(font: Any) -> bool:
    size = None if font is None else font.find("{*}sz")
    return size is not None and float(size.get("val", "11")) < _TINY
