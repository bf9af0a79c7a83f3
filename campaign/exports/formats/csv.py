"""A list as CSV (RFC 4180) for spreadsheets: UTF-8 with BOM, CRLF, no cell that a spreadsheet would
execute.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from campaign.core.csv_cells import BOM, safe
from campaign.exports.rows import Source, batches

HEADER = (
    "position", "kind", "name", "organisation", "title", "country", "country_name", "city", "website",
    "message", "visibility", "signed_on", "revision", "demands", "provenance", "source",
    "affiliation",
)  # fmt: skip


def csv_chunks(source: Source) -> Iterator[bytes]:
    """The file, with a header line. Names that are not public are empty; `visibility` says why.

    `revision` is the newest text agreed to; `demands` is `earlier` if they have changed since, else
    `current`.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    buffer.write(BOM)
    buffer.write(",".join(HEADER) + "\r\n")
    countries, revisions, agreeing = source.country_names, source.revisions, source.agreeing
    for batch in batches(source):
        # One expression for a row: this loop decides how long a million rows take.
        writer.writerows(
            (
                position, kind, name and safe(name), organisation and safe(organisation),
                title and safe(title),
                country, countries.get(country, country), city and safe(city), website and safe(website),
                message and safe(message), visibility, day, revisions.get(revision),
                "current" if revision in agreeing else "earlier", provenance, origin and safe(origin),
                affiliation and safe(affiliation),
            )
            for (
                position, kind, visibility, name, organisation, title, country, city, website, message,
                affiliation, provenance, origin, day, revision,
            ) in batch
        )  # fmt: skip

        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()

    yield buffer.getvalue().encode()
