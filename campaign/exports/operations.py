"""Exporting a list, with an entry in the audit log for each file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from campaign.accounts.audit import record
from campaign.core import clock
from campaign.core.database import snapshot, writing
from campaign.exports.formats.csv import csv_chunks
from campaign.exports.formats.json import json_chunks
from campaign.exports.formats.text import text_chunks
from campaign.exports.rows import Export, Format, Writer, source_of
from campaign.signatories.audit_actions import ListAction
from campaign.signatories.errors import NoListYet
from campaign.statements.models import UNSEEN, Statement

# Format to extension, media type and writer.
_FORMATS: dict[Format, tuple[str, str, Writer]] = {
    Format.CSV: ("csv", "text/csv", csv_chunks),
    Format.JSON: ("json", "application/json", json_chunks),
    Format.TEXT: ("txt", "text/plain", text_chunks),
}


@contextmanager
def export(statement: Statement, wanted: Format) -> Generator[Export]:
    """The list of a statement as a file, recorded in the audit log before its first byte. Raises NoListYet
    for a draft.

    While open it holds a connection of its own, and the file is of one moment, however long it takes to read
    it.
    """
    if statement.status in UNSEEN:
        raise NoListYet
    extension, mimetype, write = _FORMATS[wanted]
    with snapshot() as connection:
        source = source_of(connection, statement)
        chunks = write(source)
        with writing() as session:
            facts = {"format": str(wanted), "rows": source.rows, "version": source.version}
            record(session, ListAction.EXPORTED, f"statement:{source.slug}", **facts)
        name = f"{source.slug}_{clock.today()}_text-{source.revision}_signatories.{extension}"
        yield Export(name, mimetype, source.rows, chunks)
