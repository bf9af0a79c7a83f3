"""Dates in a workbook: numbers with a format, days since 1900 or 1904 (ECMA-376-1, §18.17.4, §18.8.30)."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

_MINUTE, _DAY, _MONTH, _MOMENT, _YEAR = "%H:%M", "%Y-%m-%d", "%Y-%m", "%Y-%m-%d %H:%M", "%Y"
# Formats that every program knows by their number: 27 to 58 are the days of East Asian calendars.
_KNOWN = (
    dict.fromkeys((14, 15, 16, *range(27, 32), 36, *range(50, 59)), _DAY)
    | {17: _MONTH, 22: _MOMENT}
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35), _MINUTE)
)
# Texts, colours and signs inside a format, which say nothing of dates.
_DECORATION = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
# A day that never was, 29 February 1900, is counted by Excel.
_DAY_THAT_NEVER_WAS = 60


@dataclass(frozen=True, slots=True)
class DateFormats:
    """The styles of cells that show a number as a date, and how; `since_1904` in workbooks that count so."""

    by_style: Mapping[int, str] = field(default_factory=dict)
    since_1904: bool = False

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> DateFormats:
        """The formats of a workbook; none where it has no styles."""
        if "xl/styles.xml" not in archive.namelist():
            return cls()

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        styles = etree.fromstring(archive.read("xl/styles.xml"), parser)
        own = {
            int(format_.get("numFmtId", "0")): format_.get("formatCode", "")
            for format_ in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        shapes = _KNOWN | {number: shape for number, code in own.items() if (shape := _shape(code))}
        cells = enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
        by_style = {
            place: shapes[number]
            for place, style in cells
            if (number := int(style.get("numFmtId", "0"))) in shapes
        }
        book = etree.fromstring(archive.read("xl/workbook.xml"), parser).find("{*}workbookPr")

        return cls(by_style, book is not None and book.get("date1904") in ("1", "true"))

    def text(self, number: str, style: str | None) -> str:
        """A date in ISO 8601, as precise as its format: 2021-07-14, 2021-07, 10:30. Empty for no date."""
        shape = self.by_style.get(int(style or 0))
        if shape is None:
            return ""
        days = float(number)
        if 0 < days < _DAY_THAT_NEVER_WAS and not self.since_1904 and shape != _MINUTE:
            days += 1
        try:
            return (_EPOCHS[self.since_1904] + dt.timedelta(seconds=round(days * 86_400))).strftime(shape)
        except OverflowError:
            return ""


def _shape(code: str) -> str:
    """How a custom format of the workbook shows a date; empty for one of numbers."""
    signs = set(_DECORATION.sub("", code).partition(";")[0].lower())
    if "h" in signs:
        return _MOMENT if signs & {"y", "d"} else _MINUTE
    if "d" in signs:
        return _DAY
    if "y" in signs:
        return _MONTH if "m" in signs else _YEAR
    return ""
