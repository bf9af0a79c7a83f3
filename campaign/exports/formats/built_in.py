"""The formats that this room writes itself; documents adds the letters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from campaign.exports.formats import ListFormat
from campaign.exports.formats.csv import csv_chunks
from campaign.exports.formats.json import json_chunks
from campaign.exports.formats.text import text_chunks
from campaign.exports.formats.xlsx import xlsx_chunks
from campaign.exports.vocabulary import FormatName, SignatoryOrder

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BUILT_IN = (
    ListFormat(
        FormatName.CSV, "CSV", "csv", "text/csv", csv_chunks, tabular=True, order=SignatoryOrder.SIGNED
    ),
    ListFormat(
        FormatName.XLSX, "XLSX", "xlsx", _WORKBOOK, xlsx_chunks, tabular=True, order=SignatoryOrder.SIGNED
    ),
    ListFormat(
        FormatName.JSON,
        "JSON",
        "json",
        "application/json",
        json_chunks,
        tabular=True,
        order=SignatoryOrder.SIGNED,
    ),
    ListFormat(
        FormatName.TEXT,
        _l("Plain text"),
        "txt",
        "text/plain",
        text_chunks,
        tabular=False,
        order=SignatoryOrder.PAGE,
    ),
)
