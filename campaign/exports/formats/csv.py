"""A list as CSV (RFC 4180) for spreadsheets: UTF-8 with BOM, CRLF, no cell that a spreadsheet would
execute.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from campaign.core.csv_cells import BOM, safe
from campaign.exports.columns import ListTable, table_of
from campaign.exports.rows import Source


def csv_chunks(source: Source) -> Iterator[bytes]:
    """The file, with a header line. Names that are not public are empty; `visibility` says why.

    `revision` is the newest text agreed to; `demands` is `earlier` if they have changed since, else
    `current`.
    """
    return _chunks(table_of(source))


def _chunks(table: ListTable) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    buffer.write(BOM)
    csv.writer(buffer, lineterminator="\r\n").writerow(table.headings)
    for rows in table.batches(typed=safe):
        writer.writerows(rows)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()

    writer.writerows(table.not_named_row(sentence) for sentence in table.not_named)
    yield buffer.getvalue().encode()
