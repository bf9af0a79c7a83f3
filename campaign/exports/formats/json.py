"""A list as JSON for programs: the statement, then every listed row."""

from __future__ import annotations

import json
from collections.abc import Iterator

from campaign.exports.rows import Source, batches

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_chunks(source: Source) -> Iterator[bytes]:
    """`{"statement": {…}, "signatures": […]}`, a line for each signature.

    Names that are not public are null.
    """
    yield f'{{"statement": {_encode(_statement(source))},\n"signatures": ['.encode()
    separator = "\n"
    for batch in batches(source):
        yield (separator + ",\n".join(_encode(_signature(source, *row)) for row in batch)).encode()
        separator = ",\n"
    yield b"\n]}\n"


def _statement(source: Source) -> dict[str, object]:
    return {
        "slug": source.slug,
        "title": source.title,
        "revision": source.revision,
        "sha256": source.sha256,
        "counts": {"people": source.people, "organisations": source.organisations, "total": source.rows},
        "exported_at": source.moment.isoformat(timespec="seconds"),
    }


def _signature(
    source: Source, position: int, kind: str, visibility: str, name: str, organisation: str, title: str,
    country: str, city: str, website: str, message: str, affiliation: str, provenance: str, origin: str,
    day: str, revision: int,
) -> dict[str, object]:  # fmt: skip
    return {
        "position": position,
        "kind": kind,
        "name": name,
        "organisation": organisation,
        "title": title,
        "affiliation": affiliation,
        "country": country,
        "city": city,
        "website": website,
        "message": message,
        "visibility": visibility,
        "signed_on": day,
        "revision": source.revisions.get(revision),
        "demands": "current" if revision in source.agreeing else "earlier",
        "provenance": provenance,
        "source": origin,
    }
