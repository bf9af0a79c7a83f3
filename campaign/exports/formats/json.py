"""A list as JSON for programs: the statement, then every row."""

from __future__ import annotations

import json
from collections.abc import Iterator

from campaign.exports.columns import ListTable, table_of
from campaign.exports.rows import Source
from campaign.exports.vocabulary import Contents

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_chunks(source: Source) -> Iterator[bytes]:
    """`{"statement": {…}, "signatures": […]}`, a line for each signature. Its fields are named alike in all
    languages, and names that are not public are null.
    """
    return _chunks(table_of(source))


def _chunks(table: ListTable) -> Iterator[bytes]:
    yield f'{{"statement": {_encode(_statement(table.source))},\n"signatures": ['.encode()
    separator = "\n"
    # The name of a country is one of a language, beside the code that is none.
    chosen = table.source.wishes.columns
    left_out = {"country_name"} if "country" in table.keys and not chosen else set()
    kept = [(place, key) for place, key in enumerate(table.keys) if key not in left_out]
    for rows in table.batches():
        lines = (_encode({key: row[place] for place, key in kept}) for row in rows)
        yield (separator + ",\n".join(lines)).encode()
        separator = ",\n"
    yield b"\n]}\n"


def _statement(source: Source) -> dict[str, object]:
    said: dict[str, object] = {
        "slug": source.slug,
        "title": source.title,
        "revision": source.revision,
        "sha256": source.sha256,
        "counts": {"people": source.people, "organisations": source.organisations, "total": source.listed},
        "exported_at": source.moment.isoformat(timespec="seconds"),
    }
    if source.wishes.contents is Contents.ADDRESSEE:
        organisations, people = source.withheld
        said["not_named"] = {"people": people, "organisations": organisations}
    return said
